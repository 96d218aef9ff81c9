"""The facts: all that services know of one another. A module per service, and one for what marketplace says of
suppliers; importing this fills `FACTS`."""

from shared.contracts import assessment, budget, marketplace, safeguarding, supply
from shared.contracts.base import FACTS, Fact, topic_of

SERVICES = ("assessment", "budget", "marketplace", "safeguarding")

__all__ = ["FACTS", "SERVICES", "Fact", "assessment", "budget", "marketplace", "safeguarding", "supply", "topic_of"]
