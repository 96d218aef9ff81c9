"""Alembic comes in here; the one environment of all services is shared.migrate."""

from shared.migrate import run_env

run_env()
