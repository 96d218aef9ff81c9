"""Somebody was hurt at work: who owes statutory sick pay while they cannot work?"""

from __future__ import annotations

from datetime import date

from shared.contracts.base import Employer, SupplierKind
from shared.explain import Source, Step, because

SICK_PAY = Source("Statutory Sick Pay, as compiled in RULES §4.2; the legislation itself not yet cited", verified=False)
MOST_WEEKS = 28
FROM_DAY_ONE = date(2026, 4, 6)
"""From here on it is due from the first day, whatever somebody earns."""


def who_owes_sick_pay(kind: SupplierKind, employer: Employer | None, happened_on: date) -> tuple[Step, ...]:
    """Of a PA: whoever employs them owes it, for 28 weeks at most; who works for themselves has no employer who does
    (RULES §4.2). Other suppliers employ their own staff, of whom nothing is known here: no step."""
    if kind is not SupplierKind.PA or employer is None:
        return ()
    if employer is Employer.NONE:
        return (Step("INJURY-SICK-PAY", because("sick_pay_from_nobody"), 0, SICK_PAY),)
    if happened_on < FROM_DAY_ONE:
        due = because("sick_pay_due", employer=employer.value, weeks=MOST_WEEKS)
    else:
        due = because("sick_pay_due_from_day_one", employer=employer.value, weeks=MOST_WEEKS)
    return (Step("INJURY-SICK-PAY", due, 1, SICK_PAY),)


def due_from(steps: tuple[Step, ...]) -> Employer | None:
    """Who owes it, if anybody does."""
    owed = next((step.because.params.get("employer") for step in steps if step.effect), None)
    return Employer(str(owed)) if owed else None
