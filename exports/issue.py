"""A paper is ordered, gathered, rendered, sealed and registered; or gathered again, to be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from docx.document import Document

from exports import proof, word
from exports.annual.gather import gather as gather_annual
from exports.annual.render import render as render_annual
from exports.brief.gather import gather as gather_brief
from exports.brief.render import render as render_brief
from exports.figure import Printer, ReportFigure
from exports.paper import Paper
from models.changes.exports import note_taken_out
from models.changes.reports import note_draft, register_report
from models.db import Engine, Session, read_session, transaction
from models.enums import ReportKind
from models.errors import BadUsage, Forbidden
from models.queries.reports import ChainHead, chain_head
from models.queries.restrictions import levels_by_code
from models.queries.tasks import SessionRow, committee_sessions
from models.rules.access import Action, Viewer, may
from models.rules.periods import Period, parse_period
from models.rules.secrecy import mark
from models.rules.words import words
from models.settings import settings
from models.text import LANGUAGES, Translator, translator

KINDS = tuple(kind.value for kind in ReportKind)
LATER_KINDS = ("periodic", "pack", "case", "conclusions", "reminder")
VERSION = version("liem")


@dataclass(frozen=True)
class Order:
    """Which paper is wanted: `period` for an annual report, `session` (its number) for a brief."""

    kind: ReportKind
    period: Period | None
    session: int | None
    as_of: date | None
    known_at: datetime
    language: str
    number: int | None = None


@dataclass(frozen=True)
class IssuedPaper:
    """A finished Word file and what was registered about it; nothing of a draft, which whoever may not decide makes."""

    report_id: str
    file_name: str
    content: bytes
    figures: Mapping[str, ReportFigure]
    is_draft: bool = False

    @property
    def numbers(self) -> int:
        """How many figures stand on the paper; the lines of the annexes are kept too, but are no figures."""
        return sum(figure.unit != "row" for figure in self.figures.values())


def order(
    kind: str,
    *,
    period: str,
    session: int | None,
    as_of: date | None,
    known_at: datetime,
    language: str,
    number: int | None = None,
) -> Order:
    """An order from the words of a command or a form. Raises BadUsage, BadPeriod (a Refusal)."""
    if kind not in KINDS:
        there = ", ".join(KINDS)
        if kind in LATER_KINDS:
            raise BadUsage(
                words(
                    "This version does not print the report {kind} yet. It prints: {there}.",
                    kind=repr(kind),
                    there=there,
                )
            )
        raise BadUsage(words("There is no report {kind}. There are: {there}.", kind=repr(kind), there=there))
    if language not in LANGUAGES:
        there = ", ".join(LANGUAGES)
        raise BadUsage(
            words("There is no language {given} for reports. There are: {there}.", given=repr(language), there=there)
        )
    wanted = ReportKind(kind)
    if wanted is ReportKind.ANNUAL and not period:
        raise BadUsage(words("An annual report needs its period: --period 2025."))
    if wanted is ReportKind.BRIEF and session is None:
        raise BadUsage(words("A session brief needs the number of its session: --session 4."))
    spoken = parse_period(period) if period else None
    return Order(wanted, spoken, session, as_of, known_at, language, number)


def issue(viewer: Viewer, wanted: Order, *, now: datetime, today: date, engine: Engine | None = None) -> IssuedPaper:
    """Make the paper; the lead's is issued and registered, everybody else's is a draft. Raises Forbidden, BadUsage."""
    report_id = uuid4().hex[:12]
    with read_session(engine) as session:
        paper, session_id = _paper(session, viewer, wanted, report_id=report_id, today=today)
        made, show = render(session, viewer, paper, translator(wanted.language))
        codes = {code for figure in show.printed.values() for code in figure.records}
        if line := mark(levels_by_code(session, viewer), codes):
            word.mark_on_top(made, translator(wanted.language).words(line))
    content, sealed = proof.seal(made, about(paper), show.printed.values())
    is_draft = not may(viewer, Action.DECIDE)
    with transaction(engine) as session:
        if is_draft:
            note_draft(
                session,
                viewer,
                report_id=report_id,
                kind=paper.kind,
                period=paper.period.text,
                as_of=paper.as_of,
                now=now,
            )
        else:
            register_report(
                session,
                viewer,
                report_id=report_id,
                kind=paper.kind,
                period=paper.period.text,
                session_id=session_id,
                as_of=paper.as_of,
                known_at=paper.known_at,
                language=paper.language,
                figures=[_kept(figure) for figure in show.printed.values()],
                figures_sha256=sealed.figures_sha256,
                text_sha256=sealed.text_sha256,
                charts_sha256=sealed.charts_sha256,
                now=now,
            )
        note_taken_out(session, viewer, codes, file=f"report:{report_id}", now=now)
    name = f"draft-{_file_name(paper)}" if is_draft else _file_name(paper)
    return IssuedPaper(report_id, name, content, dict(show.printed), is_draft)


def render(session: Session, viewer: Viewer, paper: Paper, t: Translator) -> tuple[Document, Printer]:
    """The paper gathered and drawn."""
    match paper.kind:
        case ReportKind.ANNUAL:
            return render_annual(gather_annual(session, viewer, paper), t)
        case ReportKind.BRIEF:
            return render_brief(gather_brief(session, viewer, paper), t)


def figures_again(session: Session, viewer: Viewer, paper: Paper) -> Mapping[str, ReportFigure]:
    """Every figure of the paper, computed from the records as they are kept today."""
    match paper.kind:
        case ReportKind.ANNUAL:
            return gather_annual(session, viewer, paper).figures
        case ReportKind.BRIEF:
            return gather_brief(session, viewer, paper).figures


def about(paper: Paper) -> dict[str, str]:
    """What the proof says of the paper, enough to gather it again."""
    said = {
        "report": paper.report_id,
        "kind": paper.kind.value,
        "period": paper.period.text,
        "as_of": paper.as_of.isoformat(),
        "known_at": paper.known_at.isoformat(),
        "language": paper.language,
        "version": paper.version,
        "head_row": str(paper.head_row),
        "head_hash": paper.head_hash,
    }
    for name, value in (("session", paper.session), ("since", paper.since), ("term", paper.term)):
        if value:
            said[name] = str(value)
    return said


def paper_of(said: Mapping[str, str], *, today: date) -> Paper:
    """The paper that a proof speaks about. Raises KeyError, ValueError for a proof that says too little."""
    return _blank(
        report_id=said["report"],
        kind=ReportKind(said["kind"]),
        period=parse_period(said["period"]),
        as_of=date.fromisoformat(said["as_of"]),
        known_at=datetime.fromisoformat(said["known_at"]),
        language=said["language"],
        dated_on=today,
        head=ChainHead(int(said["head_row"]), said["head_hash"]),
        session=int(said["session"]) if "session" in said else None,
        since=int(said["since"]) if "since" in said else None,
        term=said.get("term", ""),
    )


def default_as_of(period: Period, today: date) -> date:
    """Today, or the last day of a period that is over."""
    return min(today, period.last)


def require_come(day: date, today: date) -> None:
    """Refuse figures of a day that has not come: they would be a forecast. Raises BadUsage."""
    if day > today:
        raise BadUsage(
            words("The day {day} has not come yet; figures can be counted up to today, {today}.", day=day, today=today)
        )


def _paper(session: Session, viewer: Viewer, wanted: Order, *, report_id: str, today: date) -> tuple[Paper, int | None]:
    if not may(viewer, Action.REPORT):
        raise Forbidden(words("This account may not make reports."))
    held, before = _sessions(session, wanted, today)
    period = _period(wanted, held, before)
    as_of = wanted.as_of or default_as_of(period, today)
    require_come(as_of, today)
    if held and as_of > held.held_on:
        raise BadUsage(
            words("A session brief counts up to the day of its session, {held}; {day} lies after it.",
                  held=held.held_on, day=as_of)
        )  # fmt: skip
    if as_of < period.first:
        raise BadUsage(words("The day {day} lies before the period {period} begins.", day=as_of, period=period.text))
    paper = _blank(
        report_id=report_id,
        kind=wanted.kind,
        period=period,
        as_of=as_of,
        known_at=wanted.known_at,
        language=wanted.language,
        dated_on=today,
        head=chain_head(session, viewer),
        session=held.number if held else None,
        since=before.number if before else None,
        term=held.term if held else "",
    )
    return replace(paper, number=wanted.number), held.id if held else None


def _sessions(session: Session, wanted: Order, today: date) -> tuple[SessionRow | None, SessionRow | None]:
    """The session of a brief and the one before it, in the committee's term. Raises BadUsage."""
    if wanted.kind is not ReportKind.BRIEF:
        return None, None
    term = settings().term
    rows = [row for row in committee_sessions(session, planned=True) if row.term == term]
    held = next((row for row in rows if row.number == wanted.session), None)
    if held is None:
        known = ", ".join(str(row.number) for row in sorted(rows, key=lambda row: row.number))
        raise BadUsage(
            words(
                "There is no session {number} in the term {term}. Sessions: {known}.",
                number=str(wanted.session),
                term=term,
                known=known or words("none"),
            )
        )
    earlier = (row for row in rows if row.is_held and row.held_on < held.held_on)
    before = max(earlier, key=lambda row: row.held_on, default=None)
    if before is None:
        raise BadUsage(
            words(
                "Session {number} is the first of the term {term}: there is none before it to compare with.",
                number=str(held.number),
                term=term,
            )
        )
    return held, before


def _period(wanted: Order, held: SessionRow | None, before: SessionRow | None) -> Period:
    if held and before:
        return parse_period(f"{before.held_on.isoformat()}..{held.held_on.isoformat()}")
    if wanted.period is None:
        raise BadUsage(words("The report needs its period: --period 2025."))
    return wanted.period


def _blank(*, head: ChainHead, **said: Any) -> Paper:
    """A paper of this installation: the committee's own names come from the settings."""
    own = settings()
    return Paper(
        province=own.province,
        province_kind=own.province_kind,
        place=own.place,
        committee_symbol=own.committee_symbol,
        head_row=head.row,
        head_hash=head.hash,
        version=VERSION,
        **said,
    )


def _kept(figure: ReportFigure) -> dict[str, Any]:
    kept: dict[str, Any] = {"id": figure.id, "value": figure.value, "unit": figure.unit, "records": figure.records}
    if figure.unit == "percent":
        kept |= {"numerator": figure.numerator, "denominator": figure.denominator}
    return kept


def _file_name(paper: Paper) -> str:
    what = f"session-{paper.session}" if paper.session else paper.period.text.replace("..", "_")
    return f"liem-{paper.kind.value}-{what}.docx"
