"""`liem import`, `liem template`, `liem export`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from models import clock
from models.changes.drafts import Finding
from models.db import engine, read_session
from models.errors import BadUsage
from models.queries.imports import remembered_headings
from models.queries.people import viewer_named
from models.rules.access import SYSTEM, Viewer
from models.rules.words import words
from models.settings import settings
from models.text import LANGUAGES, Translator, translator
from seed.export import export_file
from seed.headings import OURS, Headings
from seed.load import ImportResult, import_file
from seed.reference_data import ensure_ready
from seed.template import write_template

As = Annotated[str, typer.Option("--as", metavar="NAME", help="Act as this account; default: the system operator.")]
Lang = Annotated[str, typer.Option("--lang", metavar="L", help="Language of the sentences: vi or en.")]
MOST_WARNINGS = 20  # of one kind that are shown; --json has them all


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("import")(import_command)
    app.command("template")(template)
    app.command("export")(export)


def import_command(
    file: Annotated[Path, typer.Argument(help="A workbook (.xlsx), or a folder with cases.csv and events.csv.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")] = False,
    headings: Annotated[
        str, typer.Option("--headings", metavar="NAME", help="Read it with the headings remembered under this name.")
    ] = "",
    name: As = "",
    lang: Lang = "",
) -> None:
    """Read a workbook: all of it or nothing. Exit 1 if a cell was refused; nothing is then written."""
    t = _translator(lang)
    if not file.exists():
        raise BadUsage(words("There is no file {file}.", file=str(file)))
    now, today = clock.now(), clock.today()
    ensure_ready(engine(), now=now)
    progress = None if as_json or not sys.stderr.isatty() else _show_progress
    viewer = _viewer(name)
    read_as = _headings(viewer, headings) if headings else OURS
    result = import_file(file, viewer, now=now, today=today, dry_run=dry_run, progress=progress, headings=read_as)
    if as_json:
        print(json.dumps(result.as_json(t), ensure_ascii=False))
    else:
        _print(result, t, dry_run=dry_run)
    raise typer.Exit(0 if result.clean else 1)


def template(
    file: Annotated[Path, typer.Argument(help="Where to write the workbook.")],
    lang: Lang = "",
) -> None:
    """Write the empty import workbook, with drop-down lists and notes."""
    _writable(file)
    write_template(file, t=_translator(lang))
    print(file)


def export(
    file: Annotated[Path, typer.Argument(help="Where to write the workbook.")],
    name: As = "",
) -> None:
    """Write everything you may see as a workbook that can be imported again."""
    _writable(file)
    now = clock.now()
    ensure_ready(engine(), now=now)
    rows = export_file(file, _viewer(name), now=now, today=clock.today())
    print(f"{file}: {', '.join(f'{count} {sheet}' for sheet, count in rows.items())}")


def _headings(viewer: Viewer, name: str) -> Headings:
    with read_session() as session:
        remembered = {row.name: row for row in remembered_headings(session, viewer)}
    if name not in remembered:
        there = ", ".join(remembered) or "–"
        raise BadUsage(words("No headings are remembered as {name}; there are: {there}.", name=name, there=there))
    return Headings.from_stored(remembered[name].sheets, remembered[name].fields)


def _viewer(name: str) -> Viewer:
    if not name:
        return SYSTEM
    with read_session() as session:
        return viewer_named(session, name)


def _translator(lang: str) -> Translator:
    if lang and lang not in LANGUAGES:
        there = ", ".join(LANGUAGES)
        raise BadUsage(words("Unknown language {given}; choose one of: {there}.", given=repr(lang), there=there))
    return translator(lang or settings().language)


def _writable(file: Path) -> None:
    if file.suffix.lower() != ".xlsx":
        raise BadUsage(words("{file}: the name must end in .xlsx.", file=str(file)))
    if not file.resolve().parent.is_dir():
        raise BadUsage(words("{file}: there is no such folder.", file=str(file)))


def _show_progress(done: int, total: int) -> None:
    print(f"\r{done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)


def _print(result: ImportResult, t: Translator, *, dry_run: bool) -> None:
    for finding in result.errors:
        print(_line(finding, t), file=sys.stderr)
    _print_warnings(result, t)
    titles = {"cases": t("Files"), "events": t("Events"), "entries": t("Money"), "tasks": t("Tasks"),
              "requests": t("Coordination requests")}  # fmt: skip
    for kind, title in titles.items():
        if tally := result.counts.get(kind):
            parts = [f"{count} {_states(t)[state]}" for state, count in tally.items()]
            print(f"{title:<12} {', '.join(parts)}")
    print(_verdict(result, t, dry_run=dry_run))


def _states(t: Translator) -> dict[str, str]:
    return {"new": t("new"), "changed": t("changed"), "unchanged": t("unchanged")}


def _verdict(result: ImportResult, t: Translator, *, dry_run: bool) -> str:
    if result.errors:
        many = len(result.errors)
        return t.n("{n} cell was refused: nothing was written.", "{n} cells were refused: nothing was written.", many)
    if dry_run:
        return t("Nothing was written: this was a trial.")
    return t("Applied.") if result.batch_id else t("Nothing to write: everything is recorded already.")


def _print_warnings(result: ImportResult, t: Translator) -> None:
    """Warnings of one kind: the first ones, and how many more there are."""
    kinds: dict[str, list[Finding]] = {}
    for finding in result.warnings:
        kinds.setdefault(finding.reason.text, []).append(finding)
    for findings in kinds.values():
        for finding in findings[:MOST_WARNINGS]:
            print(t("Warning: {warning}", warning=_line(finding, t)), file=sys.stderr)
        if (more := len(findings) - MOST_WARNINGS) > 0:
            print(t.n("… and {n} more of this kind.", "… and {n} more of this kind.", more), file=sys.stderr)


def _line(finding: Finding, t: Translator) -> str:
    """Sheet, row, column, value: reason."""
    where = [finding.sheet] if finding.sheet else []
    if finding.row is not None:
        where.append(t("row {row}", row=str(finding.row)))
    where += [text for text in (finding.column, f"«{finding.value}»" if finding.value else "") if text]
    return f"{', '.join(where)}: {t.words(finding.reason)}" if where else t.words(finding.reason)
