"""`liem user data`, `liem user erase` and `liem user tidy`: personal data of officials."""

import json
from typing import Annotated

import typer

from dashboard.commands import _refusals, user
from models import clock
from models.db import engine, read_session, transaction
from models.rules.access import SYSTEM
from seed.reference_data import ensure_ready


def register(_app: typer.Typer) -> None:
    """Add these commands to `liem user`."""
    user.command("data")(data)
    user.command("erase")(erase)
    user.command("tidy")(tidy)


def data(name: str) -> None:
    """Everything that is kept about the person behind an account, as JSON."""
    from models.queries.personal_data import data_of

    with _refusals():
        ensure_ready(engine(), now=clock.now())
        with read_session() as session:
            typer.echo(json.dumps(data_of(session, SYSTEM, name), ensure_ascii=False, indent=2))


def erase(
    name: str,
    reason: Annotated[str, typer.Option(help="Why; it stays on the audit chain.")],
) -> None:
    """Take out name, function, mail and sign-ins of an official who has left; the account must be disabled."""
    from models.changes.personal_data import erase_person

    with _refusals():
        ensure_ready(engine(), now=clock.now())
        with transaction() as session:
            erase_person(session, SYSTEM, name, reason=reason, now=clock.now())
        typer.echo(f"Erased the personal data of {name}; the account stays as a number.", err=True)


def tidy() -> None:
    """Take out sign-ins, drafts and texts of mails that are older than the settings say."""
    from models.changes.personal_data import remove_old

    with _refusals():
        ensure_ready(engine(), now=clock.now())
        with transaction() as session:
            did = remove_old(session, SYSTEM, now=clock.now())
        typer.echo(json.dumps(did))
