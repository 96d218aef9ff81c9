"""Where are a service's migrations, and which is the newest? Apart from what runs them: a service only compares."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def folder_of(service: str) -> Path:
    return Path(str(import_module(f"services.{service}").__file__)).parent / "migrations"


def head_of(service: str) -> str:
    """The newest migration: kept in a file, so that two branches that each add one collide in git."""
    return (folder_of(service) / "head.txt").read_text().strip()
