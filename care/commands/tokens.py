"""token: a sandbox token for any role, to paste into a request."""

import json
from typing import Annotated

import typer

from care.local.stack import stack_here
from care.local.tokens import LIFETIME, key_of, mint
from care.local.trouble import Trouble
from shared.roles import ROLES

PANEL = "Use"


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(token)


def token(
    role: Annotated[str, typer.Option("--as", help=f"One of: {', '.join(ROLES)}.")],
    council: Annotated[str, typer.Option(help="The council's nine-character ONS code.")] = "E99999999",
    supplier: Annotated[str | None, typer.Option(help="The supplier's id, for --as supplier.")] = None,
    sub: Annotated[str | None, typer.Option(help="Who it is; the role's name by default.")] = None,
    client: Annotated[
        str | None,
        typer.Option("--client-id", help="The program that asks; what a person consents to, for broker_app."),
    ] = None,
    team: Annotated[str | None, typer.Option(help="The team somebody works in.")] = None,
    limit: Annotated[int | None, typer.Option(help="What they may approve in a year, in pence.", min=0)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As OAuth's token answer.")] = False,
) -> None:
    """Print a token, good for an hour in this sandbox only."""
    if role == "supplier" and supplier is None:
        raise Trouble("A supplier's token needs to say which supplier: add --supplier ID.")
    place = stack_here().place
    made = mint(
        key_of(place),
        role=role,
        council=council,
        sub=sub or role,
        client_id=client or f"{role}@{council}",
        supplier_id=supplier,
        team=team,
        limit_pence=limit,
        issuer=place.url("issuer"),
    )
    answer = {"access_token": made, "token_type": "Bearer", "expires_in": LIFETIME}
    print(json.dumps(answer) if as_json else made)
