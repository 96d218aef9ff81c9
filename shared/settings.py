"""What can be set from outside? Environment variables named CARE_…; the same for every service."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mode(StrEnum):
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """One service's settings. The four URLs are one database under its four roles (ARCHITECTURE §5)."""

    model_config = SettingsConfigDict(env_prefix="CARE_", extra="ignore")

    service: str
    mode: Mode = Mode.PRODUCTION
    port: int = 8000
    host: str = "127.0.0.1"
    parts: str = "http,consumer,relay,timers"
    owner_database_url: str = ""
    http_database_url: str = ""
    worker_database_url: str = ""
    ops_database_url: str = ""
    kafka_bootstrap: str = "127.0.0.1:9092"
    topic_prefix: str = ""
    replication: int = 1
    jwks_url: str = ""
    issuer: str = ""
    ordinal: int = Field(default=0, description="which replica this is: part of the consumer's static membership")
    pool_size: int = 8
    batch: int = 500

    def has(self, part: str) -> bool:
        return part in self.parts.split(",")
