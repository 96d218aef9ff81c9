"""One council restricts a provider that another uses, too: the other is told what, never why, and restricts nothing by it."""

from __future__ import annotations

from typing import Any

from shared.contracts.base import SupplierKind
from shared.contracts.marketplace import SupplierRegistered
from shared.db import make_engine, transaction
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Caller, Running
from shared.testing.tokens import COUNCIL, OTHER_COUNCIL
from tests.integration.safeguarding.heard import FIRM, OTHER_FIRM, alerts, sweep
from tests.integration.safeguarding.test_restrictions import REASON, in_days, terms

LOCATION = "1-100000007"
THIRD_COUNCIL = "E99999997"


async def listed(service: Running, council: str, supplier: Any, location: str | None = LOCATION) -> None:
    """A council's directory lists the supplier, under an id of its own."""
    fact = SupplierRegistered(supplier_id=supplier, kind=SupplierKind.PROVIDER, synthetic=True, location_id=location)
    await hear(service, Speaker(council).say(fact))


async def restricted(service: Running) -> str:
    """The path of the restriction of FIRM that COUNCIL placed."""
    made = await service.as_("safeguarding_practitioner", sub="sam").done("/v1/restrictions", terms())
    where = f"/v1/restrictions/{made['restriction_id']}"
    await service.as_("commissioner").done(f"{where}/place")
    return where


async def until_quiet(service: Running) -> None:
    while await sweep(service):
        pass


def of(service: Running, council: str) -> Caller:
    return service.as_("commissioner", council=council)


async def told(service: Running, council: str = OTHER_COUNCIL) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await of(service, council).read("/v1/restrictions-elsewhere"))["items"]
    return items


async def told_facts(service: Running) -> list[tuple[str, str, dict[str, Any]]]:
    """(council, type, fact) of all that was said of it."""
    return [one for one in await said(service) if "_told" in one[1]]


async def said(service: Running) -> list[tuple[str, str, dict[str, Any]]]:
    councils = [row["council_id"] for row in await service.rows("select council_id from outbox order by seq")]
    return [(council, *one) for council, one in zip(councils, await service.outbox(), strict=True)]


async def test_every_other_council_that_uses_the_supplier_is_told_by_a_fact_of_its_own(safeguarding: Running) -> None:
    await listed(safeguarding, COUNCIL, FIRM)
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    await listed(safeguarding, THIRD_COUNCIL, OTHER_FIRM, "1-100000008")
    where = await restricted(safeguarding)
    await until_quiet(safeguarding)
    (one,) = await told(safeguarding)
    today = one["since"]
    assert one == {
        "told_id": one["told_id"], "supplier_id": str(OTHER_FIRM), "level": "no_new_placements",
        "supports": ["home_care"], "placed_by": COUNCIL, "since": today, "lifted_on": None,
    }  # fmt: skip
    assert await told(safeguarding, COUNCIL) == await told(safeguarding, THIRD_COUNCIL) == []
    ((council, name, fact),) = await told_facts(safeguarding)
    assert (council, name) == (OTHER_COUNCIL, "safeguarding.restriction_told.v1")
    assert fact == {name: value for name, value in one.items() if name != "lifted_on"}
    await safeguarding.as_("commissioner").done(f"{where}/lift", REASON)
    await until_quiet(safeguarding)
    assert [each["lifted_on"] for each in await told(safeguarding)] == [today]
    assert [(council, name) for council, name, _ in await told_facts(safeguarding)][1:] == [
        (OTHER_COUNCIL, "safeguarding.lifting_told.v1")
    ]


async def test_its_commissioner_is_alerted_and_nothing_is_restricted_there(safeguarding: Running) -> None:
    await listed(safeguarding, COUNCIL, FIRM)
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    where = await restricted(safeguarding)
    await until_quiet(safeguarding)
    other = of(safeguarding, OTHER_COUNCIL)
    (alert,) = await alerts(other)
    assert (alert["kind"], alert["owner"], alert["rule"]) == ("safeguarding", "commissioner", "restriction_elsewhere")
    assert alert["supplier_id"] == str(OTHER_FIRM)
    assert COUNCIL in alert["explanation"]
    assert (await other.read("/v1/restrictions"))["items"] == []
    placed = [name for council, name, _ in await said(safeguarding) if council == OTHER_COUNCIL]
    assert placed == ["safeguarding.restriction_told.v1"]
    assert (await other.get(where)).status_code == 404
    assert await alerts(of(safeguarding, COUNCIL)) == []


async def test_a_council_that_registers_the_supplier_later_learns_of_what_is_in_force(safeguarding: Running) -> None:
    await listed(safeguarding, COUNCIL, FIRM)
    where = await restricted(safeguarding)
    await until_quiet(safeguarding)
    assert await told_facts(safeguarding) == []
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    await until_quiet(safeguarding)
    assert [one["placed_by"] for one in await told(safeguarding)] == [COUNCIL]
    await safeguarding.as_("commissioner").done(f"{where}/lift", REASON)
    await listed(safeguarding, THIRD_COUNCIL, OTHER_FIRM)
    await until_quiet(safeguarding)
    assert await told(safeguarding, THIRD_COUNCIL) == []


async def test_a_review_that_keeps_it_tells_nobody_anything_new(safeguarding: Running) -> None:
    await listed(safeguarding, COUNCIL, FIRM)
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    where = await restricted(safeguarding)
    await safeguarding.as_("commissioner").done(f"{where}/keep", {**REASON, "review_on": str(in_days(56))})
    await until_quiet(safeguarding)
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    await until_quiet(safeguarding)
    assert len(await told_facts(safeguarding)) == 1


async def test_both_may_restrict_the_same_location_and_each_hears_of_the_other(safeguarding: Running) -> None:
    await listed(safeguarding, COUNCIL, FIRM)
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    await restricted(safeguarding)
    sam = safeguarding.as_("safeguarding_practitioner", sub="sam", council=OTHER_COUNCIL)
    made = await sam.done("/v1/restrictions", terms(supplier_id=str(OTHER_FIRM), level="suspension"))
    await of(safeguarding, OTHER_COUNCIL).done(f"/v1/restrictions/{made['restriction_id']}/place")
    await until_quiet(safeguarding)
    ((here,), (there,)) = [await told(safeguarding, council) for council in (COUNCIL, OTHER_COUNCIL)]
    assert (here["placed_by"], here["level"], here["supplier_id"]) == (OTHER_COUNCIL, "suspension", str(FIRM))
    assert (there["placed_by"], there["level"]) == (COUNCIL, "no_new_placements")


async def test_a_supplier_that_the_public_register_does_not_list_is_no_other_councils_business(
    safeguarding: Running,
) -> None:
    for council, supplier in ((COUNCIL, FIRM), (OTHER_COUNCIL, OTHER_FIRM)):
        await listed(safeguarding, council, supplier, None)
    await restricted(safeguarding)
    await until_quiet(safeguarding)
    assert await told_facts(safeguarding) == []
    assert await safeguarding.rows("select 1 from notice") == []


async def test_the_reasons_and_the_ids_of_the_council_that_placed_it_never_arrive(safeguarding: Running) -> None:
    await listed(safeguarding, COUNCIL, FIRM)
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    where = await restricted(safeguarding)
    await until_quiet(safeguarding)
    there = [
        str(row)
        for table in ("told", "alert", "outbox", "due")
        for row in await safeguarding.rows(f'select * from "{table}" where council_id = $1', OTHER_COUNCIL)
    ]
    assert len(there) == 3  # told, its alert, its fact
    hidden = ("Synthetic", "visits_missed", "sam", where.rsplit("/", 1)[1], str(FIRM))
    assert [word for word in hidden if any(word in row for row in there)] == []


async def test_over_http_a_council_sees_neither_the_notices_nor_the_directory_of_another(safeguarding: Running) -> None:
    """Only workers read across councils. The role that serves HTTP is shown one council by the database itself."""
    await listed(safeguarding, COUNCIL, FIRM)
    await listed(safeguarding, OTHER_COUNCIL, OTHER_FIRM)
    await restricted(safeguarding)
    engine = make_engine(safeguarding.settings.http_database_url, pool_size=1, application="test")
    for council, wanted in ((COUNCIL, (1, 1)), (OTHER_COUNCIL, (0, 1))):
        async with transaction(engine, council=council) as tx:
            seen = [len(await tx.rows(f'select 1 from "{table}"')) for table in ("notice", "supplier")]
        assert tuple(seen) == wanted
    await engine.dispose()
