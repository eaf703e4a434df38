"""`liem due` and `liem case`: one statutory date, one file, with the reasons."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from exports.case_lookup import case_json, case_lines
from models import clock
from models.changes.restrictions import note_read
from models.db import engine, read_session, transaction
from models.enums import Severity
from models.errors import BadUsage
from models.queries.cases import case_file
from models.queries.coordination import coordination_page
from models.queries.people import viewer_named
from models.queries.reference import rulebook
from models.queries.restrictions import protection_of
from models.rules.access import SYSTEM
from models.rules.deadlines import Due, due_on
from models.rules.lengths import parse_length
from models.rules.words import words
from models.settings import settings
from models.text import LANGUAGES, Translator, translator
from seed.reference_data import ensure_ready

SEVERITIES = ", ".join(Severity)
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def register(app: typer.Typer) -> None:
    """Add these commands to `liem`."""
    app.command("due")(due)
    app.command("case")(case)


def due(
    rule: Annotated[str, typer.Argument(help="Code of the rule, such as INV or PROS.")],
    start: Annotated[str, typer.Option("--from", help="Day of the event: 2026-03-02 or 02/03/2026.")],
    severity: Annotated[str, typer.Option(help=f"Class of offence: {SEVERITIES}.")] = "",
    extend: Annotated[list[str] | None, typer.Option(help="An extension: 20d, 5wd, 2m, 1y. May be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: Annotated[str, typer.Option(help="Language of the explanation: vi or en.")] = "",
) -> None:
    """The last day of one statutory limit, with the reasons, from the table of rules."""
    t = language(lang)
    day = day_of(start, "--from")
    of_class = severity_of(severity)
    extensions = [parse_length(length) for length in extend or ()]
    ensure_ready(engine(), now=clock.now())
    with read_session() as session:
        rules = rulebook(session)
    found = due_on(rules, rule.strip().upper(), day, severity=of_class, extensions=extensions)
    print_json(due_json(found, t)) if as_json else _print_due(found, t)


def case(
    code: Annotated[str, typer.Argument(help="Code of the file.")],
    as_of: Annotated[str, typer.Option(help="The day to show it on; default: today.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    name: Annotated[str, typer.Option("--as", help="Whose eyes: a sign-in name; default: the system operator.")] = "",
    lang: Annotated[str, typer.Option(help="Language: vi or en.")] = "",
) -> None:
    """One file: facts, clocks with their reasons, money, tasks."""
    t = language(lang)
    day = day_of(as_of, "--as-of") if as_of else clock.today()
    ensure_ready(engine(), now=clock.now())
    with read_session() as session:
        viewer = viewer_named(session, name) if name else SYSTEM
        file = case_file(session, viewer, code.strip(), as_of=day)
        requests = coordination_page(session, viewer, as_of=day, case_code=file.code).rows
        is_guarded = protection_of(session, viewer, file.code) is not None
        found = case_json(file, t, as_of=day, requests=requests) if as_json else None
        lines = [] if as_json else case_lines(file, t, requests)
    if is_guarded:
        with transaction() as session:
            note_read(session, viewer, file.code, now=clock.now())
    print_json(found) if found is not None else typer.echo("\n".join(lines))


def due_json(found: Due, t: Translator) -> dict[str, Any]:
    """The keys that callers rely on; `verified` and `approximate` are added."""
    return {
        "rule": found.rule,
        "from": found.start.isoformat(),
        "severity": found.severity.value if found.severity else None,
        "base": str(found.base),
        "extensions": [str(length) for length in found.extensions],
        "end": found.end.isoformat(),
        "due_on": found.due_on.isoformat(),
        "rolled": found.rolled,
        "article": found.article,
        "law": found.law,
        "trace": [t.words(step) for step in found.trace],
        "verified": found.verified.value,
        "approximate": found.approximate,
    }


def _print_due(found: Due, t: Translator) -> None:
    typer.echo(t.date(found.due_on))
    for step in found.trace:
        typer.echo(f"  {t.words(step)}")


def language(lang: str) -> Translator:
    """The translator of `--lang`; without it that of the installation. Raises BadUsage."""
    if lang and lang not in LANGUAGES:
        there = ", ".join(LANGUAGES)
        raise BadUsage(
            words("--lang: {given} is not a language of Liêm. Use one of: {there}.", given=repr(lang), there=there)
        )
    return translator(lang or settings().language)


def day_of(text: str, option: str) -> date:
    """The day that `text` writes, year first or day first. Raises BadUsage."""
    if found := _YEAR_MONTH_DAY.fullmatch(text.strip()):
        year, month, day = found.groups()
    elif found := _DAY_MONTH_YEAR.fullmatch(text.strip()):
        day, month, year = found.groups()
    else:
        raise BadUsage(
            words("{option}: {given} is not a day. Write 2026-03-02 or 02/03/2026.", option=option, given=repr(text))
        )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadUsage(
            words("{option}: there is no day {given} in the calendar.", option=option, given=repr(text))
        ) from None


def severity_of(text: str) -> Severity | None:
    """The class of offence that `--severity` names; None without one. Raises BadUsage."""
    if not text:
        return None
    try:
        return Severity(text.strip().lower().replace("-", "_"))
    except ValueError:
        raise BadUsage(
            words(
                "--severity: {given} is not a class of offence. Use one of: {there}.",
                given=repr(text),
                there=SEVERITIES,
            )
        ) from None


def print_json(answer: Mapping[str, Any]) -> None:
    """One JSON object on standard output, Vietnamese readable."""
    typer.echo(json.dumps(answer, ensure_ascii=False))
