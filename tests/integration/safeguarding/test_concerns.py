"""A human reports, somebody else decides under s.42, and nobody outside hears that there is anything."""

from __future__ import annotations

from typing import Any

import pytest

from shared.testing.harness import Running, an_id
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.safeguarding.heard import ANN, FIRM

MARKER = "Synthetic-marker-8f3a: bruises that nobody explained"
ALL_THREE = {"needs": True, "abuse": True, "unable_to_protect": True}
ENDED = {
    "risk": "identified_and_action_taken",
    "risk_after": "reduced",
    "wishes": "asked_and_expressed",
    "achieved": "partially",
    "capacity": "had",
    "advocate": "care_act_advocate",
    "reasons": "Synthetic: another care worker comes.",
}
REASONS = {"reasons": "Synthetic: spoke with her and the district nurse."}


def concern(**more: Any) -> dict[str, Any]:
    """About Ann and her supplier. A field given as None is not sent."""
    said = {
        "person_id": str(ANN),
        "supplier_id": str(FIRM),
        "category": "neglect_and_acts_of_omission",
        "location": "own_home",
        "source_of_risk": "service_provider",
        "what": MARKER,
        **more,
    }
    return {name: value for name, value in said.items() if value is not None}


async def raised(safeguarding: Running, **more: Any) -> str:
    """The path of a new concern, raised by a practitioner."""
    receipt = await safeguarding.as_("practitioner", sub="pat").done("/v1/concerns", concern(**more))
    return f"/v1/concerns/{receipt['concern_id']}"


@pytest.mark.parametrize("role", ["practitioner", "broker", "commissioner", "supplier"])
async def test_who_reports_sees_the_receipt_and_no_more(safeguarding: Running, role: str) -> None:
    reporter = safeguarding.as_(role, supplier_id=FIRM)
    receipt = await reporter.done("/v1/concerns", concern())
    assert set(receipt) == {"concern_id", "raised_at"}
    assert (await reporter.get(f"/v1/concerns/{receipt['concern_id']}")).status_code == 403
    assert (await reporter.get("/v1/concerns")).status_code == 403


async def test_safeguarding_reads_it_whole_and_every_look_is_noted(safeguarding: Running) -> None:
    where, alert_id = await raised(safeguarding, alert_id=str(an := an_id())), str(an)
    read = await safeguarding.as_("safeguarding_practitioner").read(where)
    assert (read["what"], read["raised_by"], read["state"], read["alert_id"]) == (MARKER, "pat", "raised", alert_id)
    looks = await safeguarding.rows("select purpose from access_log where subject = $1", read["concern_id"])
    assert looks == [{"purpose": "read_concern"}]
    (listed,) = (await safeguarding.as_("safeguarding_practitioner").read("/v1/concerns", state="raised"))["items"]
    assert MARKER not in str(listed)


@pytest.mark.parametrize(
    ("answers", "other", "duty", "codes"),
    [
        ({}, False, "statutory_enquiry", ["all_three_parts_met"]),
        ({}, True, "statutory_enquiry", ["all_three_parts_met"]),
        ({"abuse": False}, False, "no_enquiry", ["no_abuse_or_neglect_or_risk_of_it"]),
        (
            {"needs": False, "unable_to_protect": False},
            True,
            "other_enquiry",
            ["no_needs_for_care_and_support", "able_to_protect_themselves"],
        ),
    ],
)
async def test_the_three_part_decision(
    safeguarding: Running, answers: dict[str, bool], other: bool, duty: str, codes: list[str]
) -> None:
    where, decider = await raised(safeguarding), safeguarding.as_("safeguarding_practitioner")
    body = {**ALL_THREE, **answers, **REASONS, "other_enquiry": other}
    decided = await decider.done(f"{where}/decide", body)
    assert (decided["state"], decided["duty"], decided["decided_by"]) == (
        "decided",
        duty,
        "safeguarding_practitioner",
    )
    assert [reason["code"] for reason in decided["because"]] == codes
    assert len(decided["explanation"]) == len(codes)
    read = await decider.read(where)
    assert (read["reasons"], read["needs"]) == (REASONS["reasons"], body["needs"])


async def test_nobody_decides_what_they_raised(safeguarding: Running) -> None:
    where = await raised(safeguarding)
    refused = await safeguarding.as_("safeguarding_practitioner", sub="pat").post(
        f"{where}/decide", ALL_THREE | REASONS
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/own-work")


async def test_a_concern_is_decided_once_and_closed_after_it(safeguarding: Running) -> None:
    where, staff = await raised(safeguarding), safeguarding.as_("safeguarding_practitioner")
    early = await staff.post(f"{where}/close", {"reason": "Nothing in it."})
    assert (early.status_code, early.json()["allowed"]) == (409, ["decide"])
    await staff.done(f"{where}/decide", ALL_THREE | REASONS)
    assert (await staff.post(f"{where}/decide", ALL_THREE | REASONS)).status_code == 409
    unended = await staff.post(f"{where}/close", {"reason": "Nothing in it."})
    assert (unended.status_code, unended.json()["type"]) == (409, "/problems/enquiry-not-concluded")
    await staff.done(f"{where}/conclude", ENDED)
    assert (await staff.done(f"{where}/close", {"reason": "The enquiry ended."}))["state"] == "closed"
    assert (await staff.post(f"{where}/close", {"reason": "Again."})).status_code == 409


async def test_a_statutory_enquiry_is_about_an_adult(safeguarding: Running) -> None:
    where = await raised(safeguarding, person_id=None)
    staff = safeguarding.as_("safeguarding_practitioner")
    refused = await staff.post(f"{where}/decide", ALL_THREE | REASONS)
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "CONCERN-3")
    decided = await staff.done(f"{where}/decide", {**ALL_THREE, "needs": False, **REASONS, "other_enquiry": True})
    assert decided["duty"] == "other_enquiry"


@pytest.mark.parametrize(
    "more",
    [
        {"person_id": None, "supplier_id": None},
        {"source_of_risk": "other_unknown_or_stranger"},
        {"category": "gossip"},
        {"location": "the moon"},
        {"what": ""},
        {"what": "a\x00b"},
        {"what": "x" * 4001},
        {"raised_by": "somebody else"},
    ],
)
async def test_a_concern_that_is_not_clear_is_refused_without_repeating_it(
    safeguarding: Running, more: dict[str, Any]
) -> None:
    refused = await safeguarding.as_("practitioner").post("/v1/concerns", concern(**more))
    assert refused.status_code == 422
    assert MARKER not in refused.text
    assert "the moon" not in refused.text


async def test_whether_there_is_such_an_alert_is_not_for_a_reporter_to_find_out(safeguarding: Running) -> None:
    reporter = safeguarding.as_("supplier", supplier_id=FIRM)
    assert (await reporter.post("/v1/concerns", concern(alert_id=str(an_id())))).status_code == 201


async def test_another_councils_concern_is_not_there(safeguarding: Running) -> None:
    where = await raised(safeguarding)
    stranger = safeguarding.as_("safeguarding_practitioner", council=OTHER_COUNCIL)
    assert (await stranger.get(where)).status_code == 404
    assert (await stranger.read("/v1/concerns"))["items"] == []
    assert (await stranger.post(f"{where}/decide", ALL_THREE | REASONS)).status_code == 404
    assert (await stranger.post(f"{where}/close", {"reason": "x"})).status_code == 404


async def test_a_report_sent_twice_is_one_concern(safeguarding: Running) -> None:
    reporter = safeguarding.as_("practitioner")
    first, again = [await reporter.done("/v1/concerns", concern(), key="the-same") for _ in range(2)]
    assert first == again
    assert len(await safeguarding.rows("select 1 from concern")) == 1


async def test_what_was_reported_stands_in_the_concern_and_nowhere_else(safeguarding: Running) -> None:
    """And nothing is said: not that there is a concern, nor that anybody enquires."""
    where, staff = await raised(safeguarding), safeguarding.as_("safeguarding_practitioner")
    await staff.done(f"{where}/decide", {**ALL_THREE, "reasons": MARKER})
    await staff.done(f"{where}/conclude", {**ENDED, "reasons": MARKER})
    await staff.done(f"{where}/close", {"reason": MARKER})
    assert await safeguarding.outbox() == []
    tables = await safeguarding.rows("select relname::text as name from pg_stat_user_tables order by 1")
    told = []
    for table in (row["name"] for row in tables):
        rows = await safeguarding.rows(f'select count(*) as n from "{table}" t where t::text like $1', f"%{MARKER}%")
        told += [table] if rows[0]["n"] else []
    assert told == ["concern"]


async def test_an_enquiry_ends_with_its_risk_what_the_adult_wanted_and_who_stood_by_them(safeguarding: Running) -> None:
    """R case 32: a PA paid by direct payment, at home, financial and neglect: a service provider, two rows, one adult."""
    where = await raised(safeguarding, category="financial_or_material", also=["neglect_and_acts_of_omission"])
    staff = safeguarding.as_("safeguarding_practitioner")
    early = await staff.post(f"{where}/conclude", ENDED)
    assert (early.status_code, early.json()["allowed"]) == (409, ["decide"])
    await staff.done(f"{where}/decide", ALL_THREE | REASONS)
    at_odds = await staff.post(f"{where}/conclude", {**ENDED, "risk_after": None, "wishes": "not_asked"})
    assert [one["rule"] for one in at_odds.json()["errors"]] == ["ENQUIRY-1", "ENQUIRY-2"]
    concluded = await staff.done(f"{where}/conclude", ENDED)
    assert (concluded["state"], concluded["ended"]["achieved"]) == ("concluded", "partially")
    counts = await staff.read("/v1/enquiry-counts", first="2020-01-01", last="2100-01-01")
    assert (counts["enquiries"], counts["individuals"]) == (1, 1)
    assert {(one["category"], one["source_of_risk"], one["risks"]) for one in counts["risks"]} == {
        ("financial_or_material", "service_provider", 1),
        ("neglect_and_acts_of_omission", "service_provider", 1),
    }
    assert await safeguarding.outbox() == []


async def test_where_it_was_decided_not_to_enquire_there_is_nothing_to_conclude(safeguarding: Running) -> None:
    where, staff = await raised(safeguarding), safeguarding.as_("safeguarding_practitioner")
    await staff.done(f"{where}/decide", {**ALL_THREE, "needs": False, **REASONS})
    answer = await staff.post(f"{where}/conclude", ENDED)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-enquiry-to-conclude")
    assert (await staff.done(f"{where}/close", {"reason": "Advice was given."}))["state"] == "closed"


async def test_days_out_of_order_count_nothing(safeguarding: Running) -> None:
    answer = await safeguarding.as_("safeguarding_practitioner").get(
        "/v1/enquiry-counts", first="2024-02-01", last="2024-01-01"
    )
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": "last", "rule": "window"}])
