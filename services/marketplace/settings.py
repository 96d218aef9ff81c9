"""What can be set for marketplace? What can be set for every service."""

from shared.settings import Settings

__all__ = ["Settings"]
