"""What can be set for assessment? What can be set for every service."""

from shared.settings import Settings

__all__ = ["Settings"]
