"""How is marketplace put together? The only file that imports all its rooms."""

from __future__ import annotations

from fastapi import FastAPI

import services.marketplace as about
from services.marketplace import reactions
from services.marketplace.api import ROUTERS
from services.marketplace.settings import Settings
from shared.app import create_app
from shared.runtime.service import Service


def service() -> Service:
    """Marketplace, as the runtime sees it."""
    return Service.of("marketplace", *reactions.ALL)


def build(settings: Settings) -> FastAPI:
    return create_app(settings, service(), ROUTERS, about.__doc__ or "")
