"""What papers are made from besides figures: rows of annexes, papers already issued, the audit chain's head."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as select_model

from models.enums import (
    AgencyKind,
    Bucket,
    Category,
    EntryKind,
    EventKind,
    Kind,
    Precision,
    Quantity,
    ReportKind,
    Stage,
)
from models.errors import Forbidden, NotFound
from models.queries._visible import hides_some, sees, sees_task, visible_ids
from models.queries.audit import hash_at
from models.queries.facts import known
from models.queries.judged import judged, why_of
from models.queries.named import veil
from models.rules.access import Action, Viewer, may
from models.rules.words import Words, words
from models.tables import (
    Agency,
    AuditEntry,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    IssuedReport,
    MoneyEntry,
    Task,
)

AT_ONCE = 500  # codes of one question
GENESIS = "0" * 64


@dataclass(frozen=True)
class AnnexFile:
    """One open file as the annexes list it. `started_on`: the case's initiation, an incident's first fact."""

    code: str
    kind: Kind
    title: str
    title_en: str
    categories: tuple[Category, ...]
    articles: str
    accused_count: int | None
    lead_agency: str  # as written, else the name of the agency it is assigned to
    lead_agency_en: str
    source: str
    stage: Stage
    bucket: Bucket
    owner: AgencyKind
    due_on: date | None
    approximate: bool
    why: tuple[Words, ...]
    started_on: date | None
    started_monthly: bool
    last_event: EventKind | None
    last_event_on: date | None
    last_event_monthly: bool


class ChainHead(NamedTuple):
    """The last row of the audit chain; row 0 and zeros for an empty chain."""

    row: int
    hash: str


@dataclass(frozen=True)
class Issued:
    """A paper that was issued, as it was registered; `session`: number of the session a brief is for."""

    id: str
    kind: ReportKind
    period: str
    session: int | None
    as_of: date
    known_at: datetime
    language: str
    figures: tuple[dict[str, Any], ...]
    figures_sha256: str
    created_at: datetime


class _Course(NamedTuple):
    """First and last facts of a file: (day, by month only, kind)."""

    initiated: tuple[date, bool] | None
    first: tuple[date, bool] | None
    last: tuple[date, bool, EventKind] | None


def annex_files(session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None) -> list[AnnexFile]:
    """Every file open on `as_of` that the viewer may see, by code."""
    files = judged(session, viewer, as_of=as_of, known_at=known_at)
    courses = _courses(session, viewer, as_of, known_at)
    detail = CaseDetail
    asked = (
        select(
            files.c.case_id, col(Case.code), files.c.kind, files.c.stage, files.c.bucket, files.c.owner, files.c.due_on,
            files.c.rule, files.c.article, files.c.approximate, files.c.why, files.c.last_event_on,
            col(detail.title), col(detail.title_en),
            col(detail.is_corruption), col(detail.is_waste), col(detail.is_negativity), col(detail.offence_articles),
            col(detail.accused_count), col(detail.lead_agency), col(detail.source), col(Agency.name_vi),
            col(Agency.name_en),
        )
        .join(Case, col(Case.id) == files.c.case_id)
        .join(detail, col(detail.case_id) == files.c.case_id)
        .outerjoin(Agency, col(Agency.id) == col(detail.lead_agency_id))
        .where(known(detail, known_at))
        .order_by(col(Case.code))
    )  # fmt: skip
    found = [_annex_file(row, courses.get(row.case_id), as_of) for row in session.connection().execute(asked)]
    seen = veil(session, viewer, [sentence for file in found for sentence in file.why])
    return [replace(file, why=seen.words(file.why)) for file in found] if seen.hidden else found


def _annex_file(row: Any, course: _Course | None, as_of: date) -> AnnexFile:
    marks = zip(Category, (row.is_corruption, row.is_waste, row.is_negativity), strict=True)
    kind = Kind(row.kind)
    course = course or _Course(None, None, None)
    started = course.initiated if kind is Kind.CASE else course.first
    last = course.last
    return AnnexFile(
        code=row.code,
        kind=kind,
        title=row.title,
        title_en=row.title_en,
        categories=tuple(category for category, carried in marks if carried),
        articles=row.offence_articles,
        accused_count=row.accused_count,
        lead_agency=row.lead_agency or row.name_vi or "",
        lead_agency_en=row.name_en or row.lead_agency,
        source=row.source,
        stage=Stage(row.stage),
        bucket=Bucket(row.bucket),
        owner=AgencyKind(row.owner),
        due_on=row.due_on,
        approximate=row.approximate,
        why=why_of(row, as_of),
        started_on=started[0] if started else None,
        started_monthly=bool(started and started[1]),
        last_event=last[2] if last else None,
        last_event_on=last[0] if last else None,
        last_event_monthly=bool(last and last[1]),
    )


def _courses(session: Session, viewer: Viewer, as_of: date, known_at: datetime | None) -> dict[int, _Course]:
    asked = (
        select_model(CaseEvent.case_id, CaseEvent.happened_on, CaseEvent.precision, CaseEvent.kind)  # type: ignore[call-overload]
        .where(
            known(CaseEvent, known_at),
            CaseEvent.happened_on <= as_of,
            CaseEvent.kind != EventKind.PROGRESS_NOTE,
            col(CaseEvent.case_id).in_(visible_ids(viewer)),
        )
        .order_by(col(CaseEvent.case_id), col(CaseEvent.happened_on), col(CaseEvent.id))
    )
    found: dict[int, _Course] = {}
    for case_id, day, precision, kind in session.exec(asked):
        monthly = precision is Precision.MONTH
        before = found.get(case_id, _Course(None, None, None))
        initiated = before.initiated or ((day, monthly) if kind is EventKind.CASE_INITIATED else None)
        found[case_id] = _Course(initiated, before.first or (day, monthly), (day, monthly, kind))
    return found


def titles(session: Session, viewer: Viewer, *, known_at: datetime | None = None) -> dict[str, tuple[str, str]]:
    """Code → title and English title ("" if there is none) of every file the viewer may see, open or ended."""
    asked = (
        select_model(Case.code, CaseDetail.title, CaseDetail.title_en)
        .join(CaseDetail, col(CaseDetail.case_id) == col(Case.id))
        .where(known(CaseDetail, known_at), col(Case.id).in_(visible_ids(viewer)))
    )
    return {code: (title, title_en) for code, title, title_en in session.exec(asked)}


def titles_of(session: Session, viewer: Viewer, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """Code → title and English title of these files, as far as the viewer may see them."""
    asked = sorted(codes)
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(asked), AT_ONCE):
        rows = session.exec(
            select_model(Case.code, CaseDetail.title, CaseDetail.title_en)
            .join(CaseDetail, col(CaseDetail.case_id) == col(Case.id))
            .where(known(CaseDetail, None), sees(viewer), col(Case.code).in_(asked[start : start + AT_ONCE]))
        )
        found.update({code: (title, title_en) for code, title, title_en in rows})
    return found


def voluntary_by_file(
    session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None
) -> dict[str, int]:
    """Code → dong voluntarily returned up to `as_of`, a part of recovered: latest reading and what came after."""
    moves: dict[str, list[tuple[date, int, bool, int]]] = defaultdict(list)
    for code, day, order, is_reading, amount in _voluntary(session, viewer, as_of, known_at):
        moves[code].append((day, order, is_reading, amount))
    return {code: _latest_and_after(sorted(entries)) for code, entries in sorted(moves.items())}


def _latest_and_after(entries: list[tuple[date, int, bool, int]]) -> int:
    readings = [entry for entry in entries if entry[2]]
    if not readings:
        return sum(amount for *_, amount in entries)
    since, amount = readings[-1][0], readings[-1][3]
    return amount + sum(moved for day, _, is_reading, moved in entries if not is_reading and day > since)


def _voluntary(
    session: Session, viewer: Viewer, as_of: date, known_at: datetime | None
) -> Iterator[tuple[str, date, int, bool, int]]:
    entries = (
        select_model(Case.code, MoneyEntry.happened_on, MoneyEntry.id, MoneyEntry.kind, MoneyEntry.amount_vnd)  # type: ignore[call-overload]
        .join(MoneyEntry, col(MoneyEntry.case_id) == col(Case.id))
        .where(
            MoneyEntry.quantity == Quantity.VOLUNTARY,
            MoneyEntry.asset_kind == "",
            MoneyEntry.happened_on <= as_of,
            known(MoneyEntry, known_at),
            col(Case.id).in_(visible_ids(viewer)),
        )
    )
    for code, day, number, kind, amount in session.exec(entries):
        yield code, day, number or 0, kind is EntryKind.READING, amount
    events = (
        select_model(Case.code, CaseEvent.happened_on, CaseEvent.id, CaseEvent.amount_vnd)  # type: ignore[call-overload]
        .join(CaseEvent, col(CaseEvent.case_id) == col(Case.id))
        .where(
            CaseEvent.kind == EventKind.MONEY_RETURNED,
            col(CaseEvent.amount_vnd).is_not(None),
            CaseEvent.happened_on <= as_of,
            known(CaseEvent, known_at),
            col(Case.id).in_(visible_ids(viewer)),
        )
    )
    for code, day, number, amount in session.exec(events):
        yield code, day, number or 0, False, amount or 0


# --- papers and the chain --------------------------------------------------------------------------------------------


def chain_head(session: Session, viewer: Viewer) -> ChainHead:
    """The last row of the audit chain and its hash, to be printed on papers. Raises Forbidden."""
    _require(viewer)
    last = session.exec(
        select_model(AuditEntry.id, AuditEntry.hash).order_by(col(AuditEntry.id).desc()).limit(1)
    ).first()
    return ChainHead(*last) if last else ChainHead(0, GENESIS)


def chain_holds(session: Session, viewer: Viewer, head: ChainHead) -> bool:
    """Whether the chain still has this hash at this row; an empty chain's head is always held. Raises Forbidden."""
    _require(viewer)
    if head.row == 0:
        return head.hash == GENESIS
    return hash_at(session.connection(), head.row) == head.hash


def issued_reports(session: Session, viewer: Viewer, *, limit: int = 200) -> list[Issued]:
    """Papers issued, newest first. Raises Forbidden."""
    _require(viewer)
    asked = _issued().order_by(col(IssuedReport.created_at).desc(), col(IssuedReport.id)).limit(limit)
    unseen = _unseen(session, viewer)
    return [_row(report, number) for report, number in session.exec(asked) if not _tells_of(report, unseen)]


def issued_report(session: Session, viewer: Viewer, report_id: str) -> Issued:
    """One issued paper. Raises Forbidden, NotFound; that too for one about files that the viewer may not see."""
    _require(viewer)
    found = session.exec(_issued().where(IssuedReport.id == report_id)).first()
    if found is None or _tells_of(found[0], _unseen(session, viewer)):
        raise NotFound(words("No issued report has the id {report}.", report=repr(report_id)))
    return _row(*found)


def is_closed(session: Session, viewer: Viewer, report_id: str) -> bool:
    """Whether the paper was issued here and tells of files that the viewer may not see. Raises Forbidden."""
    _require(viewer)
    found = session.get(IssuedReport, report_id)
    return found is not None and _tells_of(found, _unseen(session, viewer))


def _unseen(session: Session, viewer: Viewer) -> frozenset[str]:
    """Codes of the files and tasks that the viewer may not see."""
    if not hides_some(session, viewer):
        return frozenset()
    files = select_model(Case.code).where(~sees(viewer))
    tasks = select_model(Task.code).where(col(Task.retracted_at).is_(None), ~sees_task(viewer))
    return frozenset(session.exec(files)) | frozenset(session.exec(tasks))


def _tells_of(report: IssuedReport, codes: frozenset[str]) -> bool:
    return bool(codes) and any(not codes.isdisjoint(figure.get("records") or ()) for figure in report.figures)


def issued_proof(session: Session, viewer: Viewer, report_id: str) -> str:
    """What the audit chain keeps of a paper's issue (JSON), "" if it was not issued here. Raises Forbidden."""
    _require(viewer)
    asked = select_model(AuditEntry.after).where(
        AuditEntry.action == "report.issued", AuditEntry.subject == f"report:{report_id}"
    )
    return session.exec(asked).first() or ""


def count_issued(session: Session, viewer: Viewer) -> int:
    """How many papers have been issued. Raises Forbidden."""
    _require(viewer)
    unseen = _unseen(session, viewer)
    if not unseen:
        return session.exec(select_model(func.count()).select_from(IssuedReport)).one()
    return sum(not _tells_of(report, unseen) for report in session.exec(select_model(IssuedReport)))


def _issued() -> Any:
    return select_model(IssuedReport, CommitteeSession.number).outerjoin(
        CommitteeSession, col(CommitteeSession.id) == col(IssuedReport.session_id)
    )


def _row(report: IssuedReport, number: int | None) -> Issued:
    return Issued(
        report.id,
        report.kind,
        report.period,
        number,
        report.as_of,
        report.known_at,
        report.language,
        tuple(report.figures),
        report.figures_sha256,
        report.created_at,
    )


def _require(viewer: Viewer) -> None:
    if not may(viewer, Action.REPORT):
        raise Forbidden(words("This account may not make or read reports."))
