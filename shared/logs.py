"""What is logged? One JSON line an event: codes, classes, ids and counts, never what a person wrote or an error's text."""

from __future__ import annotations

import logging

import structlog


def configure(service: str) -> None:
    """Structured lines on standard output; libraries speak only when something is wrong, and without content."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, format='{"level": "%(levelname)s", "logger": "%(name)s"}')
    for quiet in ("aiokafka", "asyncio", "sqlalchemy"):
        logging.getLogger(quiet).setLevel(logging.CRITICAL)
