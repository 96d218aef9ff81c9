"""The facts: all that services know of one another. One module per service; importing this fills `FACTS`."""

from shared.contracts import assessment, budget, marketplace, safeguarding
from shared.contracts.base import FACTS, Fact, topic_of

SERVICES = ("assessment", "budget", "marketplace", "safeguarding")

__all__ = ["FACTS", "SERVICES", "Fact", "assessment", "budget", "marketplace", "safeguarding", "topic_of"]
