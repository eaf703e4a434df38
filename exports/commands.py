"""`liem report`, `liem verify` and `liem figures`."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models import clock
from models.db import Session, engine, read_session
from models.errors import BadUsage, NotFound
from models.queries.people import viewer_named
from models.rules.access import SYSTEM, Viewer
from models.rules.periods import Period, parse_period
from models.rules.words import Refusal, words
from models.settings import settings
from models.text import translator
from models.whole_file import whole
from seed.reference_data import ensure_ready

if TYPE_CHECKING:
    from exports.issued import Standing

As = Annotated[str, typer.Option("--as", metavar="NAME", help="Act as this account; default: the system operator.")]
PeriodText = Annotated[str, typer.Option("--period", metavar="P", help="2025, 2025-H1, 2025-9M, 2025-Q3 or two days.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="Count up to this day; default: today, or the period's last day.")
]
KnownAt = Annotated[
    str,
    typer.Option("--known-at", metavar="TIME", help="As recorded at this time, 2026-01-05T10:00+07:00; default: now."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("report")(report)
    app.command("verify")(verify)
    app.command("figures")(figures)


def report(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="annual or brief.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.docx", help="Where to write the Word file.")],
    period: PeriodText = "",
    session: Annotated[
        int | None, typer.Option("--session", metavar="N", help="Number of the session (brief).")
    ] = None,
    agency: Annotated[str, typer.Option("--agency", hidden=True)] = "",
    case: Annotated[str, typer.Option("--case", hidden=True)] = "",
    as_of: AsOf = "",
    known_at: KnownAt = "",
    language: Annotated[str, typer.Option("--lang", metavar="vi", help="vi or en; default: vi.")] = "vi",
    number: Annotated[
        int | None, typer.Option("--number", min=1, help="Number of the paper; default: left blank.")
    ] = None,
    name: As = "",
) -> None:
    """Print a report as a Word file that can be verified later, and register it."""
    from exports.issue import issue, order

    now = clock.now()
    with _refusals():
        wanted = order(
            kind, period=period, session=session, as_of=_day(as_of), known_at=_instant(known_at, now),
            language=language, number=number,
        )  # fmt: skip
        _require_place(out)
        ensure_ready(engine(), now=now)
        made = issue(_viewer(name), wanted, now=now, today=clock.today())
        _write(out, made.content)
    t = translator(settings().language)
    _say(t("Report {report} written to {file}: {n} figures.", report=made.report_id, file=str(out), n=made.numbers))


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.docx", help="An issued report.")],
    as_json: Json = False,
    name: As = "",
) -> None:
    """Recompute every figure of an issued report; exit 1 if anything differs, 2 if it is no report of ours."""
    from exports.issued import since_words
    from exports.verify import require_file
    from exports.verify import verify as check

    require_file(file)
    ensure_ready(engine(), now=clock.now())
    with read_session() as session, _refusals():
        found = check(session, _viewer(name), file, today=clock.today())
        since = None if as_json else _since(session, _viewer(name), found.paper.report_id)
    t = translator(settings().language)
    if as_json:
        _print_json(found.as_json(t))
    else:
        _print_lines(found.as_json(t))
        if since:
            print(t("Since the issue: {what}.", what=since_words(since, t)))
    if not found.intact:
        raise typer.Exit(1)


def _since(session: Session, viewer: Viewer, report_id: str) -> "Standing | None":
    """How the paper stands against the records of now; None for one that was not issued here."""
    from exports.issued import standing
    from models.queries.reports import issued_report

    try:
        issued = issued_report(session, viewer, report_id)
    except NotFound:
        return None
    return standing(session, viewer, issued, now=clock.now(), today=clock.today())


def figures(
    period: PeriodText = "", as_of: AsOf = "", known_at: KnownAt = "", as_json: Json = False, name: As = ""
) -> None:
    """Every figure of the reports, with its definition and the codes of the records behind it."""
    from exports.issue import default_as_of, require_come
    from models.queries.period_figures import report_figures

    now = clock.now()
    with _refusals():
        spoken = _period(period)
        day, known = _day(as_of) or default_as_of(spoken, clock.today()), _instant(known_at, now)
        require_come(day, clock.today())
        if day < spoken.first:
            raise BadUsage(words("The day {day} lies before the period {period} begins.", day=day, period=spoken.text))
        ensure_ready(engine(), now=now)
        with read_session() as session:
            found = report_figures(session, _viewer(name), period=spoken, as_of=day, known_at=known, records=True)
    t = translator(settings().language)
    rows = [_figure_row(figure, t) for figure in found.values()]
    if as_json:
        return _print_json(
            {"period": spoken.text, "as_of": day.isoformat(), "known_at": known.isoformat(), "figures": rows}
        )
    for figure, row in zip(found.values(), rows, strict=True):
        print(f"{row['id']:<40} {_shown(figure, t):>24}  {row['title']}")


def _figure_row(figure: Any, t: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": figure.id,
        "title": t.words(figure.title),
        "definition": t.words(figure.definition),
        "value": figure.value,
        "unit": figure.unit,
    }
    if figure.unit == "percent":
        row |= {"numerator": figure.numerator, "denominator": figure.denominator}
    return row | {"records": list(figure.records)}


def _shown(figure: Any, t: Any) -> str:
    if figure.unit == "percent":
        return str(t.percent(figure.numerator or 0, figure.denominator or 0))
    return str(t.exact(figure.value) if figure.unit == "vnd" else t.number(figure.value or 0))


# --- reading the words of a command ----------------------------------------------------------------------------------


class _refusals:
    """What the rules refuse becomes one line and exit 2."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Refusal):
            raise BadUsage(error.words) from error


def _period(text: str) -> Period:
    if not text:
        raise BadUsage(words("The period is missing: --period 2025."))
    return parse_period(text)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadUsage(words("{given} is no day. Write it as 2026-11-21.", given=repr(text))) from None


def _instant(text: str, now: datetime) -> datetime:
    """The instant `text` names; a time without a zone is the province's, a bare day means its end."""
    if not text:
        return now
    try:
        if len(text) == 10:
            from models.queries.tasks import end_of

            return end_of(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadUsage(words("{given} is no time. Write it as 2026-01-05T10:00+07:00.", given=repr(text))) from None
    return at if at.tzinfo else at.replace(tzinfo=clock.PROVINCE)


def _viewer(name: str) -> Viewer:
    if not name:
        return SYSTEM
    with read_session() as session:
        return viewer_named(session, name)


def _require_place(out: Path) -> None:
    if out.suffix.lower() != ".docx":
        raise BadUsage(words("{file} is no Word file: end the name with .docx.", file=repr(out.name)))
    if not out.absolute().parent.is_dir():
        raise BadUsage(words("There is no folder {folder}.", folder=repr(str(out.absolute().parent))))


def _write(out: Path, content: bytes) -> None:
    with whole(out) as made:
        made.write_bytes(content)


# --- saying ----------------------------------------------------------------------------------------------------------


def _print_lines(found: dict[str, Any]) -> None:
    t = translator(settings().language)
    if found["intact"]:
        print(t("Report {report} is intact: {n} figures recomputed, all the same.",
                report=found["report"], n=len(found["figures"])))  # fmt: skip
        return
    print(t("Report {report} is not intact:", report=found["report"]))
    for change in found["changed"]:
        print(f"  {change['id']}: {' '.join(change['why'])}")


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _say(text: str) -> None:
    print(text, file=sys.stderr)
