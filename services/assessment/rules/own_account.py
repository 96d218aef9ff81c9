"""Was a supported self-assessment assured? The person writes their own account; a practitioner assures it is accurate.

Source: Care and Support (Assessment) Regulations 2014, SI 2014/2827, reg 2 (from memory, unverified; R§1.3).
"""

from __future__ import annotations

from services.assessment.rules.failures import Failure, NotSo
from shared.explain import because


class NotAssured(NotSo):
    """A self-assessment has not been assured by a practitioner."""

    status = 409
    title = "The person's own account is not assured yet"


def be_assured(account: str, assured_by: str | None) -> None:
    """SI 2014/2827 reg 2: the council assures that it is accurate before it determines. Raises NotAssured."""
    if account and not assured_by:
        raise NotAssured((Failure("assured_by", "SELF-1", because("own_account_not_assured")),))
