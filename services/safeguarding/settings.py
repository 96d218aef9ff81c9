"""What can be set for safeguarding? What can be set for every service."""

from shared.settings import Settings

__all__ = ["Settings"]
