"""What does marketplace do about what it hears, and when time passes? A file per occasion."""

from services.marketplace.reactions import (
    closures,
    competitions,
    covers,
    early_support,
    evidence,
    money,
    offers,
    restricting,
    superseding,
    switching,
    take_up,
    wanting,
)

ALL = (
    wanting, early_support, restricting, money, offers, evidence, covers, competitions, take_up, superseding, switching,
    closures,
)  # fmt: skip
