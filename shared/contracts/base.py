"""What is a fact? A frozen, past-tense statement by the service that owns it, about one subject, in one council."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Pence = Annotated[int, Field(ge=0, le=10**12, strict=True, description="whole pence")]
SignedPence = Annotated[int, Field(ge=-(10**12), le=10**12, strict=True, description="whole pence, may be negative")]
Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60 * 10, strict=True, description="whole minutes")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$")]
CouncilId = Annotated[str, StringConstraints(pattern=r"^[ENSW]\d{8}$")]
Param = int | Code
"""What a reason may carry: a whole number or a code. Never free text, so nothing personal can travel in it."""


class Value(BaseModel):
    """A part of a fact. Readers ignore fields they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Reason(Value):
    """A code and typed parameters; put into words by the service that said it, when somebody reads it."""

    code: Code
    params: dict[str, Param] = {}


class Line(Value):
    """One line of an explanation: which rule, why, and what it did, in pence (or in points)."""

    rule: Code
    because: Reason
    pence: SignedPence
    verified: bool = True


class PolicyRef(Value):
    """Which policy decided: its name, its version, the digest of its file, whether all its figures are verified."""

    name: Code
    version: Code
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    verified: bool


class Route(StrEnum):
    """How a budget is deployed. Mixed is derived from the lines of a plan."""

    COUNCIL_MANAGED = "council_managed"
    ISF = "isf"
    DIRECT_PAYMENT = "direct_payment"


GridSquare = Annotated[str, StringConstraints(pattern=r"^[HJNOST][A-HJ-Z]\d\d(NW|NE|SW|SE)?$")]
"""A square of the Ordnance Survey's National Grid, of 10 km (`TQ38`) or a quarter of one, of 5 km (`TQ38NW`): where somebody
is, as coarsely as distance needs it. Anything finer is refused where it comes in (ADR 22)."""


class SupplierKind(StrEnum):
    IN_HOUSE = "in_house"
    PROVIDER = "provider"
    PA = "pa"


class Employer(StrEnum):
    """Who employs a personal assistant. NONE is self-employed, with a status check."""

    PERSON = "person"
    NOMINEE = "nominee"
    POOL = "pool"
    NONE = "none"


class ClaimKind(StrEnum):
    """How what was delivered is claimed or accounted for: it follows from the order's route and its supplier's kind."""

    INVOICE = "invoice"
    INTERNAL_RECHARGE = "internal_recharge"
    ISF_STATEMENT = "isf_statement"
    PAYROLL_RETURN = "payroll_return"
    STATEMENT = "statement"
    """What a person paid another supplier than a PA out of a direct payment."""


class EmployingItem(StrEnum):
    """What a payroll return may say of what employing added to the wages."""

    EMPLOYER_NI = "employer_ni"
    PENSION = "pension"
    HOLIDAY = "holiday"


class EmployingCost(Value):
    """One line of a payroll return besides the wages: what it came to over the return's period. Holiday is holiday pay that
    was paid, out of what was kept for it."""

    item: EmployingItem
    pence: Pence


class Support(StrEnum):
    """What is bought."""

    HOME_CARE = "home_care"
    DAY_SERVICE = "day_service"


class Basis(StrEnum):
    """On what support is bought: a line of a plan; or, before there is one, urgent support (Care Act s.19(3)) or
    reablement, both outside the budget. Facts about an order for these have the id of that urgent support or reablement
    where those of others have a plan's and a budget's."""

    PLAN = "plan"
    URGENT = "urgent"
    REABLEMENT = "reablement"


class Slot(Value):
    """One planned visit a week: `weekday` 0 is Monday, `starts` is London time."""

    weekday: Annotated[int, Field(ge=0, le=6, strict=True)]
    starts: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    minutes: Annotated[int, Field(ge=5, le=24 * 60, strict=True)]
    time_critical: bool = False


class Preference(Value):
    """A lawful wish about who comes, decided by a practitioner: a `characteristic` is `wanted` for a `task`, on a
    `ground`. One that is refused never gets here."""

    characteristic: Code
    wanted: Code
    task: Code
    ground: Code


class PlanLine(Value):
    """One line of a plan: what support, of which kind, on which route, when in the week, and the price planned for.

    `skills` are what whoever comes must have (a language is a skill: `language:bn`). `replaces_line_id` is the line of a
    superseded plan in whose place this one stands; a line that goes on untouched keeps its own id instead.
    """

    line_id: UUID
    support: Support
    kind_wanted: SupplierKind
    route: Route
    pattern: tuple[Slot, ...]
    weekly_minutes: Minutes
    hourly_pence: Pence
    weekly_pence: Pence
    skills: tuple[Code, ...] = ()
    preferences: tuple[Preference, ...] = ()
    replaces_line_id: UUID | None = None


class ToBuy(Value):
    """What is to be bought before there is a plan, so that it has no line, route or price of one. Without `kind_wanted`
    whatever kind the council can buy will do; `hourly_pence` is a price that was planned, 0 where none was."""

    support: Support
    weekly_minutes: Minutes
    pattern: tuple[Slot, ...]
    area: Code
    kind_wanted: SupplierKind | None = None
    hourly_pence: Pence = 0
    skills: tuple[Code, ...] = ()
    square: GridSquare | None = None


class Period(Value):
    """Civil days in London, both included."""

    first: date
    last: date


class Fact(Value):
    """Base of every fact. `class BudgetFinalised(Fact, service="budget", says="finalised")`.

    `about` names the field that holds the subject: a person, or a supplier for supplier facts.
    """

    service: ClassVar[str]
    says: ClassVar[str]
    major: ClassVar[int]
    about: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(
        cls, *, service: str = "", says: str = "", major: int = 1, about: str = "person_id", **kwargs: Any
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.service, cls.says, cls.major, cls.about = service, says, major, about
        if FACTS.setdefault(cls.type_name(), cls) is not cls:
            raise TypeError(f"{cls.type_name()} is said by two classes")

    def __init_subclass__(
        cls, service: str = "", says: str = "", major: int = 1, about: str = "person_id", **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)

    @classmethod
    @cache
    def type_name(cls) -> str:
        """`budget.finalised.v1`"""
        return f"{cls.service}.{cls.says}.v{cls.major}"

    @property
    def subject(self) -> str:
        return str(getattr(self, self.about))


FACTS: dict[str, type[Fact]] = {}
"""Every fact that can be said, by type name; filled as the contract modules are imported."""

TOPIC_OF = "{service}.events"


@cache
def topic_of(service: str) -> str:
    return TOPIC_OF.format(service=service)
