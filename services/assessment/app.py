"""How is assessment put together? The only file that imports all its rooms."""

from __future__ import annotations

from fastapi import FastAPI

import services.assessment as about
from services.assessment import reactions
from services.assessment.api import ROUTERS
from services.assessment.settings import Settings
from shared.app import create_app
from shared.runtime.service import Service


def service() -> Service:
    """Assessment, as the runtime sees it."""
    return Service.of("assessment", *reactions.ALL)


def build(settings: Settings) -> FastAPI:
    return create_app(settings, service(), ROUTERS, about.__doc__ or "")
