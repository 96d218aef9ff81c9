"""Does `care` tell people what is there, on a screen of 80 columns, and refuse what cannot be in a sentence?"""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from care.cli import app
from care.local.place import SERVICES
from care.local.trouble import Trouble
from tests.e2e.conftest import Played

pytestmark = pytest.mark.usefixtures("played")


def said(care: CliRunner, *words: str) -> str:
    """What the command prints. Raises what it raises."""
    result = care.invoke(app, list(words), catch_exceptions=True)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_a_fact_is_listed_after_the_fact_it_follows_from(care: CliRunner) -> None:
    facts = [json.loads(line) for line in said(care, "events", "--json").splitlines()]
    assert len({fact["ce_source"] for fact in facts}) == len(SERVICES)
    at = {fact["ce_id"]: n for n, fact in enumerate(facts)}
    heard = [(at[fact["ce_causationid"]], n) for n, fact in enumerate(facts) if fact["ce_causationid"] in at]
    assert heard
    assert all(cause < effect for cause, effect in heard)


def test_a_filter_keeps_what_is_so_and_says_when_nothing_is(care: CliRunner) -> None:
    lines = said(care, "events", "--type", "budget.final").splitlines()
    assert lines
    assert all("budget.finalised.v1" in line and "Z  " in line for line in lines)
    assert "None of the" in said(care, "events", "--council", "E09000012")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("events", "--type", "nonsense"), "No type of fact begins with 'nonsense'"),
        (("events", "--council", "hackney"), "is no council's code"),
        (("clock", "-1d"), "only moves forward"),
        (("clock", "soon"), "neither a spell"),
        (("explain", "00000000-0000-4000-8000-000000000000"), "No budget or assessment"),
        (("parked", "resume", "--service", "billing"), "There is no service 'billing'"),
        (("token", "--as", "supplier"), "--supplier ID"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(care: CliRunner, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Trouble, match=sentence):
        said(care, *words)


def test_a_budget_is_explained_in_pounds_with_sources_and_the_reason_given(care: CliRunner, played: Played) -> None:
    told = said(care, "explain", played.story.ada.ids["budget"], "--rerun")
    assert "£437.60" in told
    assert "Care Act 2014 s.26" in told
    assert "Reason given: Synthetic" in told
    assert "Decided again from the snapshot: the same." in told


def test_a_determination_is_explained_and_is_nothing_to_decide_again(care: CliRunner, played: Played) -> None:
    told = said(care, "explain", played.story.ada.ids["assessment"], "--rerun")
    assert "eligible" in told
    assert "a practitioner's judgement" in told


@pytest.mark.parametrize("words", [("lag",), ("status",), ("clock",), ("parked", "list")])
def test_what_is_for_people_fits_eighty_columns(care: CliRunner, words: tuple[str, ...]) -> None:
    told = said(care, *words)
    assert told.strip()
    assert max(map(len, told.splitlines())) <= 80


def test_a_reader_that_had_not_paused_is_said_so(care: CliRunner) -> None:
    assert said(care, "parked", "resume", "--service", "budget").strip() == "budget had not paused."
