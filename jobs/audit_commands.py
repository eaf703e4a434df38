"""`liem audit verify`: is the chain whole, and do the records hold what it says?"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs import check_audit
from jobs.commands import As, Json
from models import chain_files, clock
from models.db import engine, read_session, transaction
from models.errors import BadUsage
from models.queries.audit import Found, Head, name_of, verify
from models.queries.people import viewer_named
from models.rules.access import SYSTEM
from models.rules.words import words
from models.settings import settings
from models.text import Translator, translator
from seed.reference_data import ensure_ready

audit_app = typer.Typer(help="The audit chain: look whether it is whole.", no_args_is_help=True)

Heads = Annotated[
    list[str] | None,
    typer.Option("--head", metavar="HASH:ROW", help="The head printed in the footer of a paper; may be given again."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.add_typer(audit_app, name="audit")


@audit_app.command("verify")
def audit_verify(
    as_json: Json = False,
    head: Heads = None,
    archive: Annotated[
        Path | None,
        typer.Option("--archive", metavar="FILE", help="Look at this archived piece alone."),
    ] = None,
    name: As = "",
) -> None:
    """Look at every row of the chain and compare every record with what the chain says it held last."""
    if archive is not None:
        return _verify_archive(archive, as_json)
    ensure_ready(engine(), now=clock.now())
    heads = [_head(each) for each in head or ()]
    with read_session() as session:
        viewer = viewer_named(session, name) if name else SYSTEM
        found = verify(session, viewer, heads=heads)
        t = translator("en" if as_json else settings().language)
        faults = [_fault(t, name_of(session, viewer, fault), fault.row, fault.why) for fault in found.faults]
    if as_json:
        typer.echo(json.dumps(_as_json(found, faults), ensure_ascii=False))
    else:
        _print(found, faults, t)
    if not found.ok:
        raise typer.Exit(1)


@audit_app.command("archive")
def audit_archive(as_json: Json = False) -> None:
    """Prove the chain and the records, then write the rows older than LIEM_AUDIT_MONTHS to a file and remove them."""
    now = clock.now()
    ensure_ready(engine(), now=now)
    with read_session() as session:
        plan = check_audit.read(session, SYSTEM, clock.today(), now)
    plan = check_audit.act(SYSTEM, plan, clock.today(), now)
    with transaction() as session:
        result = check_audit.write(session, SYSTEM, plan, clock.today(), now)
    t = translator(settings().language)
    if as_json:
        typer.echo(json.dumps({"did": result.did, "failed": result.failed}, ensure_ascii=False))
    elif plan.piece and "archived" in result.did:
        typer.echo(t("Archived: {file}", file=str(chain_files.folder() / plan.piece.file_name)))
    elif not result.failed:
        typer.echo(t("No row is old enough to be archived."))
    if result.failed:
        if not as_json:
            typer.echo("\n".join(f"{each['subject']}: {each['reason']}" for each in result.failed), err=True)
        raise typer.Exit(1)


def _verify_archive(path: Path, as_json: bool) -> None:
    looked = chain_files.verify_file(path)
    t = translator("en" if as_json else settings().language)
    why = t.words(looked.why) if looked.why else ""
    if as_json:
        said = {"rows": looked.rows, "head": looked.head, "ok": looked.ok, "first_bad": looked.first_bad}
        typer.echo(
            json.dumps(said | {"first_row": looked.first, "last_row": looked.last, "why": why}, ensure_ascii=False)
        )
    else:
        typer.echo(t("Rows {first} to {last}; head {hash}", first=looked.first, last=looked.last, hash=looked.head))
        typer.echo(why or t("The piece is whole."))
    if not looked.ok:
        raise typer.Exit(1)


def _head(given: str) -> Head:
    digest, _, row = given.partition(":")
    if len(digest) < 8 or set(digest.lower()) - set("0123456789abcdef") or not row.isdecimal():
        raise BadUsage(
            words("Write a head as it stands on the paper: --head {example}.", example="0123456789abcdef:120")
        )
    return Head(int(row), digest)


def _fault(t: Translator, name: Any, row: int | None, why: Any) -> dict[str, Any]:
    return {"record": t.words(name) if name else "", "row": row, "why": t.words(why)}


def _as_json(found: Found, faults: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "rows": found.rows,
        "head": found.head,
        "ok": found.ok,
        "first_bad": found.first_bad,
        "first_row": found.first,
        "records": found.records,
        "bad_rows": found.bad_rows,
        "bad_records": found.bad_records,
        "faults": faults,
    }


def _print(found: Found, faults: list[dict[str, Any]], t: Translator) -> None:
    typer.echo(t("Rows of the chain: {n}; head {hash}", n=found.rows, hash=found.head))
    typer.echo(t("Records compared: {n}", n=found.records))
    for fault in faults:
        typer.echo(f"  {fault['record'] + ': ' if fault['record'] else ''}{fault['why']}")
    more = found.bad_rows + found.bad_records - len(faults)
    if more > 0:
        typer.echo(t("… and {n} more.", n=more))
    typer.echo(t("The chain is whole.") if found.ok else t("The chain is broken: something was changed without trace."))
