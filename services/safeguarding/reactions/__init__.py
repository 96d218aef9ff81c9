"""What does safeguarding do about what it hears, and when time passes? A file per matter."""

from services.safeguarding.reactions import (
    early_support,
    missed_visits,
    plans,
    single_facts,
    spending,
    suppliers,
    teams,
    telling,
    waiting,
)

ALL = (suppliers, missed_visits, plans, teams, single_facts, waiting, early_support, spending, telling)
