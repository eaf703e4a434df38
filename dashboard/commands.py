"""`liem serve` and `liem user …`."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from models import clock
from models.db import engine, read_session, transaction
from models.enums import Role, Secrecy
from models.errors import BadUsage, LiemError
from models.rules.access import SYSTEM
from models.rules.words import Refusal, words
from models.text import translator
from seed.reference_data import ensure_ready

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
LEVELS = tuple(level.value for level in Secrecy)
Own = Annotated[
    bool, typer.Option("--own-password", help="The person typed it: no other has to be chosen at the first sign-in.")
]
user = typer.Typer(help="Accounts: add, list, disable, new password, unlock.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to `liem`."""
    app.command("serve")(serve)
    app.add_typer(user, name="user")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Port to listen on.")] = 8501,
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty database with the demo province.")] = False,
    no_jobs: Annotated[bool, typer.Option("--no-jobs", help="Do not run the scheduled jobs here.")] = False,
    tls_cert: Annotated[str, typer.Option(metavar="FILE", help="Certificate (PEM) to speak TLS with.")] = "",
    tls_key: Annotated[str, typer.Option(metavar="FILE", help="Private key of the certificate (PEM).")] = "",
) -> None:
    """Bring the database to this version, then serve the dashboard and the scheduled jobs until stopped."""
    from contextlib import nullcontext

    from dashboard import serve as server

    with _refusals(), server.ending_on_signals():
        tls = server.use_certificate(tls_cert, tls_key)
        server.require_free_port(host, port)
        server.prepare_database()
        server.warn_of_ways_out()
        server.warn_of_clear_text(host)
        accounts = server.fill_demo() if demo else ()
        _announce(host, port, accounts, tls=tls)
        with nullcontext() if no_jobs else server.jobs_beside():
            server.serve_web(host, port)


@user.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Sign-in name.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    agency: Annotated[str, typer.Option(help="Code of the person's agency.")] = "",
    clearance: Annotated[str, typer.Option(help=f"Highest secrecy level to be read: {', '.join(LEVELS)}.")] = "none",
    display_name: Annotated[str, typer.Option(help="Name shown on pages; default: the sign-in name.")] = "",
    function: Annotated[str, typer.Option(help="Function of the person.")] = "",
    email: Annotated[str, typer.Option(help="Where reminders are sent.")] = "",
    own_password: Own = False,
) -> None:
    """Add an account; the first password is asked for, or read from standard input."""
    from models.changes.people import add_account

    with _refusals():
        ensure_ready(engine(), now=clock.now())
        chosen, level = _role(role), _level(clearance)
        password = _password()
        with transaction() as session:
            account = add_account(
                session,
                SYSTEM,
                login=name,
                password=password,
                role=chosen,
                now=clock.now(),
                display_name=display_name,
                function=function,
                agency=agency,
                email=email,
                clearance=level,
                must_change=not own_password,
            )
            typer.echo(f"Added {account.login} ({chosen.value}).", err=True)


@user.command("list")
def list_() -> None:
    """Every account with its role, last sign-in and state, one line each."""
    from models.queries.people import account_rows

    t = translator("en")
    with _refusals():
        ensure_ready(engine(), now=clock.now())
        with read_session() as session:
            rows = account_rows(session, SYSTEM, now=clock.now())
        for row in rows:
            seen = t.time(row.last_sign_in_at) if row.last_sign_in_at else "never signed in"
            locked = row.locked_until is not None and row.locked_until > clock.now()
            state = "disabled" if row.disabled_at else "locked" if locked else "active"
            typer.echo(f"{row.login}\t{row.role.value}\t{state}\t{seen}\t{row.display_name}")


@user.command("disable")
def disable(name: str) -> None:
    """Shut an account and sign it out everywhere."""
    from models.changes.people import disable_account

    _do(disable_account, name, "Disabled")


@user.command("enable")
def enable(name: str) -> None:
    """Open a disabled account again."""
    from models.changes.people import enable_account

    _do(enable_account, name, "Enabled")


@user.command("unlock")
def unlock(name: str) -> None:
    """Let somebody who failed too often try again at once."""
    from models.changes.people import unlock_account

    _do(unlock_account, name, "Unlocked")


@user.command("reset-second-factor")
def reset_factor(name: str) -> None:
    """For a lost telephone: forget the authenticator app and the recovery codes, and sign out everywhere."""
    from models.changes.second_factor import reset_second_factor

    _do(reset_second_factor, name, "Second factor forgotten:")


@user.command("passwd")
def passwd(name: str, own_password: Own = False) -> None:
    """Give an account a new password, unlock it and sign it out everywhere."""
    from models.changes.people import reset_password
    from models.queries.people import account_named

    with _refusals():
        ensure_ready(engine(), now=clock.now())
        with read_session() as session:
            account_named(session, name)
        password = _password()
        with transaction() as session:
            reset_password(session, SYSTEM, name, password, now=clock.now(), must_change=not own_password)
        typer.echo(f"New password set for {name}.", err=True)


def _do(change: Callable[..., None], name: str, done: str) -> None:
    """Make one change to the account `name`, and say so."""
    with _refusals():
        ensure_ready(engine(), now=clock.now())
        with transaction() as session:
            change(session, SYSTEM, name, now=clock.now())
        typer.echo(f"{done} {name}.", err=True)


def _announce(host: str, port: int, accounts: "tuple[tuple[str, str, str], ...]", *, tls: bool) -> None:
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Liêm: {'https' if tls else 'http'}://{shown}:{port}", err=False)
    for login, password, what in accounts:
        typer.echo(f"  {login:<16} {password:<20} {what}")
    if any(what == Role.ADMINISTRATOR for _, _, what in accounts):
        typer.echo(
            "  The administrator sets up an authenticator app at the first sign-in (the page shows the key). "
            "To begin again: liem user reset-second-factor quantri"
        )
    if accounts and host not in ("127.0.0.1", "::1", "localhost"):
        typer.echo(
            "Warning: the passwords of the demo accounts are public, and other machines can reach them.", err=True
        )


def _role(name: str) -> Role:
    if name not in ROLES:
        raise BadUsage(words("Unknown role {given}. Roles: {there}.", given=repr(name), there=", ".join(ROLES)))
    return Role(name)


def _level(name: str) -> Secrecy:
    if name not in LEVELS:
        raise BadUsage(words("Unknown level {given}. Levels: {there}.", given=repr(name), there=", ".join(LEVELS)))
    return Secrecy(name)


def _password() -> str:
    """The password from the keyboard (asked twice, not shown), else the first line of standard input."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise BadUsage(words("No password: type it on the first line of standard input."))
        return given
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise BadUsage(words("The two passwords differ; nothing was changed."))
    return first


@contextmanager
def _refusals() -> Iterator[None]:
    """What the rules refuse becomes an error that the command line says in one line."""
    try:
        yield
    except Refusal as refusal:
        raise LiemError(refusal.words) from None
