"""Which tables does the runtime itself keep in every service's database? Touched by `shared/` alone.

`install(op)` is frozen at version 1: change the tables by a new migration, never here.
"""

from __future__ import annotations

from typing import Any

VERSION_1 = """
create table business_clock (single boolean primary key default true check (single), ahead_us bigint not null default 0);
insert into business_clock default values;

create table place (council_id text not null, subject text not null, last bigint not null,
    primary key (council_id, subject));
create sequence outbox_seq as bigint cache 1;
create table outbox (seq bigint primary key default nextval('outbox_seq'), council_id text not null,
    topic text not null, key text not null, headers text not null, payload text not null, said_at timestamptz not null);
create table already_said (id uuid primary key);

create table inbox (reader text not null, source text not null, council_id text not null, subject text not null,
    last bigint not null default 0, open_at bigint not null default 0, held boolean not null default false,
    gaps bigint not null default 0, primary key (reader, source, council_id, subject));
create table reader_offset (reader text not null, topic text not null, partition bigint not null,
    next bigint not null, primary key (reader, topic, partition));
create table reader_state (reader text primary key, parked_in_a_row bigint not null default 0, paused_because text);
create table unknown_type (reader text not null, type text not null, heard bigint not null, primary key (reader, type));
create table parked (id bigint generated always as identity primary key, reader text not null, source text not null,
    council_id text not null, subject text not null, place bigint not null, type text not null, code text not null,
    detail text not null default '', headers text not null, payload bytea not null, topic text not null,
    partition bigint not null, "offset" bigint not null, parked_at timestamptz not null default now(),
    unique (reader, source, council_id, subject, place, type, topic, partition, "offset"));
create index ix_parked_subject on parked (reader, source, council_id, subject, place);
create table dropped (id bigint primary key, reader text not null, source text not null, council_id text not null,
    subject text not null, place bigint not null, type text not null, code text not null, reason text not null,
    dropped_by text not null, dropped_at timestamptz not null default now());

create table due (name text not null, key text not null, council_id text not null, subject text not null,
    at timestamptz not null, body text not null, cause uuid not null, correlation uuid not null,
    parked_code text, parked_detail text, primary key (name, key, council_id));
create index ix_due_at on due (at) where parked_code is null;

create table answer (client_id text not null, key text not null, council_id text not null, fingerprint text not null,
    status bigint not null, body text not null, version bigint, at timestamptz not null default now(),
    primary key (key, client_id, council_id));
create table access_log (id bigint generated always as identity primary key, council_id text not null,
    at timestamptz not null, sub text not null, client_id text not null, role text not null, purpose text not null,
    subject text not null);
create index ix_access_log_subject on access_log (subject, council_id);
"""

RUNTIME_TABLES = (
    *("business_clock", "place", "outbox", "already_said", "inbox", "reader_offset", "reader_state", "unknown_type"),
    *("parked", "dropped", "due", "answer", "access_log", "alembic_version"),
)

OF_A_COUNCIL = ("place", "outbox", "due", "answer", "access_log")
"""Runtime tables that HTTP sessions write: row-level security holds there too."""


def install(op: Any) -> None:
    for statement in VERSION_1.split(";\n"):
        if statement.strip():
            op.execute(statement)


def protect(op: Any, service: str, tables: tuple[str, ...], *, first: bool = False) -> None:
    """Row-level security, forced, for tables of a service; what each role may do with them. `first`: the runtime's too."""
    for table in tables:
        _wall(op, service, table)
        op.execute(f'grant select, insert, update, delete on "{table}" to {service}_http, {service}_worker')
    if first:
        _protect_runtime(op, service)


def _protect_runtime(op: Any, service: str) -> None:
    for table in OF_A_COUNCIL:
        _wall(op, service, table)
    for table in OF_A_COUNCIL[:3]:
        op.execute(f'create policy ops_reads on "{table}" for select to {service}_ops using (true)')
    op.execute(f"grant select, insert, update, delete on {', '.join(OF_A_COUNCIL)} to {service}_http")
    op.execute(f"grant select on business_clock, already_said, alembic_version to {service}_http")
    op.execute(f"grant usage on all sequences in schema public to {service}_http, {service}_worker")
    op.execute(f"grant select, insert, update, delete on all tables in schema public to {service}_worker")
    op.execute(f"grant select on {_OPERATIONAL}, alembic_version to {service}_ops")
    op.execute(f"grant update on business_clock to {service}_ops")


_OPERATIONAL = ", ".join(
    (
        "business_clock",
        "place",
        "outbox",
        "inbox",
        "reader_offset",
        "reader_state",
        "unknown_type",
        "parked",
        "dropped",
        "due",
    )
)


def _wall(op: Any, service: str, table: str) -> None:
    op.execute(f'alter table "{table}" enable row level security')
    op.execute(f'alter table "{table}" force row level security')
    op.execute(
        f'create policy one_council on "{table}" to {service}_http '
        "using (council_id = current_setting('app.council')) with check (council_id = current_setting('app.council'))"
    )
    op.execute(f'create policy all_councils on "{table}" to {service}_worker using (true) with check (true)')
    op.execute(f'create policy owner_migrates on "{table}" to {service}_owner using (true) with check (true)')
