"""A file of visits is taken row by row: new, repeated, unmatched or rejected, and the report repeats no content."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.uploads import Upload, read_sheet, take_in
from services.marketplace.rules.visits import OrderTerms, Outcome
from shared.contracts.base import Slot

HEADER = "order_reference,planned_start,actual_start,minutes,outcome,because"
NOW = datetime(2026, 4, 30, tzinfo=UTC)
PATTERN = tuple(Slot(weekday=day, starts="08:00", minutes=30) for day in range(7))
ORDERS = {"A-1": OrderTerms(UUID(int=5), PATTERN, 2400, date(2026, 3, 1))}

DELIVERED = "A-1,2026-03-22T08:00,2026-03-22T08:04,30,delivered,"
SUMMER = "A-1,2026-04-02T07:00:00Z,2026-04-02T07:04:00Z,30,delivered,"
MISSED = "A-1,2026-03-23T08:00,,,missed,no_worker"
CANCELLED = "A-1,2026-03-24T08:00,,0,cancelled,"
FRUSTRATED = "A-1,2026-03-25T08:00,2026-03-25T08:00,5,frustrated,no_answer"
ROWS = (DELIVERED, SUMMER, MISSED, CANCELLED, FRUSTRATED)


def upload(*rows: str, header: str = HEADER, recorded: Upload | None = None) -> Upload:
    return take_in(read_sheet("\n".join((header, *rows)).encode()), ORDERS, recorded.new if recorded else (), NOW)


def test_each_outcome_is_taken_with_its_worth() -> None:
    found = upload(*ROWS)
    assert [(visit.outcome, visit.pence) for visit in found.new] == [
        (Outcome.RECORDED, 1200),
        (Outcome.RECORDED, 1200),
        (Outcome.MISSED, 0),
        (Outcome.CANCELLED, 0),
        (Outcome.FRUSTRATED, 1200),
    ]
    assert [visit.because for visit in found.new] == ["not_said", "not_said", "no_worker", "not_said", "no_answer"]


def test_a_time_without_an_offset_is_london_time() -> None:
    local = upload("A-1,2026-04-02T08:00,2026-04-02T08:04,30,delivered,")
    assert local.new == upload(SUMMER).new


def test_the_same_file_twice_is_all_repeats() -> None:
    again = upload(*ROWS, recorded=upload(*ROWS))
    assert (again.read, again.repeated, again.new, again.rejected) == (5, 5, [], [])


def test_a_repeat_stays_a_repeat_after_the_price_changed() -> None:
    dearer = {"A-1": OrderTerms(UUID(int=5), PATTERN, 9900, date(2026, 3, 1))}
    again = take_in(read_sheet(f"{HEADER}\n{DELIVERED}".encode()), dearer, upload(DELIVERED).new, NOW)
    assert (again.repeated, again.rejected) == (1, [])


def test_another_content_for_the_same_visit_is_rejected_and_changes_nothing() -> None:
    found = upload(DELIVERED, DELIVERED.replace(",30,", ",60,"))
    assert [(one.row, one.field, one.rule) for one in found.rejected] == [(3, "planned_start", "already_recorded")]
    assert [visit.minutes for visit in found.new] == [30]


def test_an_unmatched_row_is_kept_with_its_reason() -> None:
    found = upload(DELIVERED.replace("A-1", "B-2"), DELIVERED.replace("T08:00", "T12:00"))
    assert [(one.row, one.because.code) for one in found.unmatched] == [(2, "order_not_known"), (3, "no_visit_planned")]
    assert found.unmatched[0].record.minutes == 30


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        (DELIVERED.replace("A-1", ""), "order_reference", "missing"),
        (DELIVERED.replace("2026-03-22T08:00,", "yesterday,"), "planned_start", "not_a_time"),
        (DELIVERED.replace("2026-03-22T08:00,", "0001-01-01T00:00+14:00,"), "planned_start", "not_a_time"),
        (DELIVERED.replace("2026-03-22T08:04", ""), "actual_start", "missing"),
        (DELIVERED.replace(",30,", ",half an hour,"), "minutes", "not_whole_minutes"),
        (DELIVERED.replace(",30,", ",-30,"), "minutes", "not_whole_minutes"),
        (DELIVERED.replace(",30,", ",1441,"), "minutes", "not_whole_minutes"),
        (DELIVERED.replace(",30,", ",0,"), "minutes", "missing"),
        (DELIVERED.replace("delivered", "done"), "outcome", "not_an_outcome"),
        (DELIVERED.replace("2026-03-22T08:04", "2026-05-01T08:04"), "actual_start", "not_yet_happened"),
        (MISSED.replace("2026-03-23", "2026-05-01"), "planned_start", "not_yet_happened"),
        (MISSED.replace(",,,", ",,20,"), "minutes", "minutes_without_visit"),
        (MISSED.replace(",,,", ",2026-03-23T08:00,,"), "actual_start", "start_without_visit"),
        (MISSED.replace("no_worker", "she was not in"), "because", "not_a_code"),
        (DELIVERED + ",extra", "row", "too_many_fields"),
        ("A-1", "outcome", "missing"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_by_row_field_and_rule(row: str, field: str, rule: str) -> None:
    found = upload(row, SUMMER)
    assert [(one.row, one.field, one.rule) for one in found.rejected] == [(2, field, rule)]
    assert len(found.new) == 1


def test_a_file_without_a_needed_column_is_refused_as_a_whole() -> None:
    found = upload(DELIVERED, header="order_reference,planned_start,actual_start,minutes")
    assert [(one.row, one.field, one.rule) for one in found.rejected] == [(1, "outcome", "column_missing")]
    assert (found.read, found.new) == (0, [])


def test_a_file_with_a_field_beyond_all_bounds_is_refused_as_a_whole() -> None:
    found = upload(DELIVERED, DELIVERED + "x" * 200_000)
    assert [one.rule for one in found.rejected] == ["not_utf8_csv"]
    assert found.new == []


def test_a_byte_order_mark_and_a_missing_optional_column_do_no_harm() -> None:
    found = upload(DELIVERED.removesuffix(","), header="\ufeff" + HEADER.removesuffix(",because"))
    assert len(found.new) == 1


@given(st.lists(st.sampled_from((*ROWS, "A-1,nonsense", DELIVERED.replace("A-1", "B"), DELIVERED[:-1] + ",x"))))
def test_every_row_read_ends_in_exactly_one_place(rows: list[str]) -> None:
    found = upload(*rows)
    assert found.read == len(rows)
    assert found.read == len(found.new) + found.repeated + len(found.unmatched) + len(found.rejected)
    assert len({visit.plan.visit_id for visit in found.new}) == len(found.new)


@given(st.text(max_size=300))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    found = take_in(read_sheet(f"{HEADER}\n{text}".encode()), ORDERS, (), NOW)
    assert found.new == []
