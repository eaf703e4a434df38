"""The demo province: fictional, the same for a seed and a day, so that every page has something to show."""

import sys
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import typer
from argon2 import PasswordHasher

from models import clock
from models.changes.demo import NotEmpty, holds_files, write_province
from models.db import Engine, Schema, engine, let_role_use, read_session, schema_of, transaction
from models.errors import BadUsage
from models.queries.reference import rulebook
from models.rules.access import SYSTEM
from models.rules.words import words
from models.settings import settings
from seed.minhchau.people import ACCOUNTS, Login
from seed.minhchau.province import province
from seed.reference_data import ensure_ready, prepare

__all__ = ["ACCOUNTS", "DemoSummary", "Login", "NotEmpty", "fill", "register"]


@dataclass(frozen=True)
class DemoSummary:
    """What was written: rows per table, and the accounts to sign in with."""

    as_of: date
    counts: dict[str, int]
    accounts: tuple[Login, ...] = ACCOUNTS


def fill(engine: Engine, *, today: date, now: datetime, seed: int = 1) -> DemoSummary:
    """Fill an empty database (its reference loaded) with the province as it stands on `today`. Raises NotEmpty."""
    hasher = PasswordHasher()
    logins = [
        {
            "person": login.display,
            "login": login.login,
            "role": login.role,
            "clearance": login.clearance,
            "password_hash": hasher.hash(login.password),
        }
        for login in ACCOUNTS
    ]
    with transaction(engine) as session:
        if holds_files(session):
            raise NotEmpty
        made = province(rulebook(session), today, seed)
        write_province(session, SYSTEM, made, logins, seed=seed, now=now)
    return DemoSummary(as_of=today, counts=made.counts())


def register(app: typer.Typer) -> None:
    """Add `liem migrate` and `liem demo`."""
    app.command("migrate")(migrate_command)
    app.command("demo")(demo_command)


def migrate_command(
    app_role: Annotated[
        str,
        typer.Option(
            "--app-role",
            metavar="NAME",
            help="PostgreSQL: let this role work here, without any way to change or remove rows of the audit chain.",
        ),
    ] = "",
) -> None:
    """Bring the database to this version, reference data included."""
    if schema_of(engine()) is Schema.AHEAD:
        ensure_ready(engine(), now=clock.now())  # refuses, and says what to do
    prepare(settings().database_url, now=clock.now())
    if app_role:
        let_role_use(engine(), app_role)
    print("The database is at this version.", file=sys.stderr)


def demo_command(
    as_of: Annotated[str, typer.Option(help="The day the province is shown on, YYYY-MM-DD; default: today.")] = "",
    seed: Annotated[int, typer.Option(help="Another number makes other sums and dates.")] = 1,
) -> None:
    """Fill an empty database with the demo province and print its accounts."""
    today = _day(as_of) if as_of else clock.today()
    ensure_ready(engine(), now=clock.now())
    with read_session() as session:
        if holds_files(session):
            raise NotEmpty
    summary = fill(engine(), today=today, now=clock.now(), seed=seed)
    for name, count in summary.counts.items():
        print(f"{name}: {count}", file=sys.stderr)
    for login in summary.accounts:
        print(f"{login.login}  {login.password}  {login.display}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadUsage(words("--as-of {given} is no day: write it as YYYY-MM-DD.", given=repr(text))) from error
