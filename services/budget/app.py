"""How is budget put together? The only file that imports all its rooms."""

from __future__ import annotations

from fastapi import FastAPI

import services.budget as about
from services.budget import reactions
from services.budget.api import ROUTERS
from services.budget.settings import Settings
from shared.app import create_app
from shared.runtime.service import Service


def service() -> Service:
    """Budget, as the runtime sees it."""
    return Service.of("budget", *reactions.ALL)


def build(settings: Settings) -> FastAPI:
    return create_app(settings, service(), ROUTERS, about.__doc__ or "")
