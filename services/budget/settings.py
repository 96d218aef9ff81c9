"""What can be set for budget? What can be set for every service."""

from shared.settings import Settings

__all__ = ["Settings"]
