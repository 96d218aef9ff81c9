"""How is safeguarding put together? The only file that imports all its rooms."""

from __future__ import annotations

from fastapi import FastAPI

import services.safeguarding as about
from services.safeguarding import reactions
from services.safeguarding.api import ROUTERS
from services.safeguarding.settings import Settings
from shared.app import create_app
from shared.runtime.service import Service


def service() -> Service:
    """Safeguarding, as the runtime sees it."""
    return Service.of("safeguarding", *reactions.ALL)


def build(settings: Settings) -> FastAPI:
    return create_app(settings, service(), ROUTERS, about.__doc__ or "")
