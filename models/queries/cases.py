"""The list of supervised files, page by page, and one file with everything known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import FromClause, String, and_, case, func, or_, select, type_coerce
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from models.enums import (
    LATE_BUCKETS,
    AgencyKind,
    Bucket,
    Category,
    EntryKind,
    EventKind,
    FlagRule,
    Kind,
    Precision,
    Quantity,
    Secrecy,
    Severity,
    Stage,
)  # fmt: skip
from models.errors import CaseNotFound
from models.queries import money
from models.queries._versions import names_of_accounts
from models.queries._visible import sees, sees_flag, visible_ids
from models.queries.facts import case_facts, known
from models.queries.judged import judged, reader, thresholds, why_of
from models.queries.named import veil
from models.queries.search import matching_files
from models.queries.tasks import TaskRow, task_rows
from models.rules.access import Action, Viewer, may
from models.rules.clocks import FileClock, clocks_of
from models.rules.judge import Verdict, judge
from models.rules.quality import QualityPoint, points_of
from models.rules.spans import Span, spans_of
from models.rules.stalled import FlagVerdict, flags_of
from models.rules.words import Words, decode
from models.tables import (
    Accused,
    Agency,
    AuditEntry,
    Case,
    CaseDetail,
    CaseEvent,
    Flag,
    MoneyEntry,
    Person,
)

SORTS = ("urgency", "code", "title", "stage", "due", "news", "owner", "rule", "bucket")
WORST_FIRST = (
    Bucket.OVERDUE_OVER_365, Bucket.OVERDUE_91_365, Bucket.OVERDUE_31_90, Bucket.OVERDUE_1_30, Bucket.DUE_SOON,
    Bucket.CANNOT_TELL, Bucket.ON_TIME, Bucket.PAUSED, Bucket.NO_LIMIT,
)  # fmt: skip
MONTH_DAYS = 30.4375  # mean length of a month


@dataclass(frozen=True)
class CaseFilter:
    """What to list; None or empty means "any". `late`: past a limit. `silent_days`: last event older than this.

    `rule`: the clock that decides; `due_from`, `due_until`: its last day lies between them, both inclusive.
    """

    text: str = ""
    kind: Kind | None = None
    category: Category | None = None
    stage: Stage | None = None
    bucket: Bucket | None = None
    owner: AgencyKind | None = None
    flag: FlagRule | None = None
    locality: str = ""
    late: bool = False
    silent_days: int | None = None
    months_in_stage: tuple[int, int] | None = None  # in the present stage, last one exclusive
    codes: tuple[str, ...] | None = None
    rule: str = ""
    due_from: date | None = None
    due_until: date | None = None


class FileRow(NamedTuple):
    """One open file in a list, as judged. `days_late` is negative while the limit is ahead."""

    code: str
    title: str
    title_en: str
    kind: Kind
    categories: tuple[Category, ...]
    locality: str
    lead_agency: str
    severity: Severity | None
    accused_count: int | None
    offence_articles: str
    supervised_from: date | None
    stage: Stage
    stage_since: date | None
    round: int
    bucket: Bucket
    owner: AgencyKind
    rule: str
    article: str
    start_on: date | None
    due_on: date | None
    days_late: int | None
    approximate: bool
    last_event_on: date
    why: tuple[Words, ...]


class Page(NamedTuple):
    """One page of a list, and how many rows there are in all."""

    rows: list[FileRow]
    total: int


class EventRow(NamedTuple):
    """One dated fact of a file, with who recorded it and when."""

    id: int
    kind: EventKind
    happened_on: date
    monthly: bool
    detail: str
    amount_vnd: int | None
    document: str
    body: str
    length: str
    accused: str
    source: str
    recorded_at: datetime
    recorded_by: str


class EntryRow(NamedTuple):
    """One entry of the recovery ledger."""

    quantity: Quantity
    kind: EntryKind
    amount_vnd: int
    happened_on: date
    monthly: bool
    asset_kind: str
    units: str
    unit: str
    document: str
    source: str
    id: int = 0


class AccusedRow(NamedTuple):
    """One accused by code."""

    code: str
    official_level: str
    status: str
    status_on: date
    article: str
    paragraph: str
    id: int = 0


class FlagRow(NamedTuple):
    """A flag that the scan wrote; `closed_on` None: it still holds. `owner`: whose move it is.

    One that was acknowledged says why, by whom, and from which day it is to be looked at again.
    """

    case_code: str
    rule: FlagRule
    opened_on: date
    closed_on: date | None
    article: str
    why: tuple[Words, ...]
    id: int = 0
    subject: str = ""
    owner: AgencyKind | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledged_reason: str = ""
    look_again_on: date | None = None

    def is_set_aside(self, today: date) -> bool:
        """Whether it was acknowledged and need not be looked at yet."""
        return self.look_again_on is not None and today < self.look_again_on


class HistoryRow(NamedTuple):
    """One audit row about a file."""

    at: datetime
    actor: str
    action: str
    before: str
    after: str


@dataclass(frozen=True)
class CaseFile:
    """One file with everything known of it on `as_of`."""

    code: str
    revision: int
    detail: CaseDetail
    responsible: str
    lead_agency: str
    origin: str
    grew_into: tuple[str, ...]
    verdict: Verdict
    flags: tuple[FlagVerdict, ...]
    clocks: tuple[FileClock, ...]
    spans: tuple[Span, ...]
    events: tuple[EventRow, ...]
    money: dict[Quantity, int]
    entries: tuple[EntryRow, ...]
    accused: tuple[AccusedRow, ...]
    tasks: tuple[TaskRow, ...]
    flag_history: tuple[FlagRow, ...]
    history: tuple[HistoryRow, ...]
    quality: tuple[QualityPoint, ...] = ()

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories of the file, in the order of the mandate."""
        return _categories(self.detail.is_corruption, self.detail.is_waste, self.detail.is_negativity)


def case_page(
    session: Session,
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    as_of: date,
    known_at: datetime | None = None,
    sort: str = "urgency",
    page: int = 1,
    size: int | None = 50,
) -> Page:
    """Open files that meet the filter, sorted, one page of them (`size` None: all)."""
    files = judged(session, viewer, as_of=as_of, known_at=known_at)
    conditions = [*_conditions(session, viewer, files, wanted, as_of), known(CaseDetail, known_at)]
    joined = _with_details(files)
    run = session.connection()
    total = run.execute(select(func.count()).select_from(joined).where(*conditions)).scalar_one()
    asked = select(files.c.case_id).select_from(joined).where(*conditions).order_by(*_order(files, sort))
    if size:
        asked = asked.limit(size).offset((max(page, 1) - 1) * size)
    ids = list(run.execute(asked).scalars())
    return Page(file_rows(session, viewer, files, ids, as_of=as_of, known_at=known_at), total)


def days_due(
    session: Session,
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    as_of: date,
    known_at: datetime | None = None,
    most: int = 6,
) -> dict[date, Page]:
    """Open files that meet the filter by the last day of their limit: the first `most` of each day, and how many."""
    files = judged(session, viewer, as_of=as_of, known_at=known_at)
    conditions = [
        *_conditions(session, viewer, files, wanted, as_of),
        known(CaseDetail, known_at),
        files.c.due_on.is_not(None),
    ]
    numbered = (
        select(
            files.c.case_id,
            files.c.due_on,
            func.row_number().over(partition_by=files.c.due_on, order_by=col(Case.code)).label("place"),
            func.count().over(partition_by=files.c.due_on).label("total"),
        )
        .select_from(_with_details(files))
        .where(*conditions)
        .subquery()
    )
    asked = select(numbered).where(numbered.c.place <= most).order_by(numbered.c.due_on, numbered.c.place)
    first = session.connection().execute(asked).all()
    found: dict[date, Page] = {row.due_on: Page([], row.total) for row in first}
    for row in file_rows(session, viewer, files, [row.case_id for row in first], as_of=as_of, known_at=known_at):
        assert row.due_on is not None, "asked for above"
        found[row.due_on].rows.append(row)
    return found


def _with_details(files: FromClause) -> FromClause:
    return files.join(Case.__table__, col(Case.id) == files.c.case_id).join(  # type: ignore[attr-defined]
        CaseDetail.__table__,  # type: ignore[attr-defined]
        col(CaseDetail.case_id) == files.c.case_id,
    )


def _conditions(session: Session, viewer: Viewer, files: FromClause, wanted: CaseFilter, as_of: date) -> list[Any]:
    found: list[Any] = []
    for column, value in (
        (files.c.kind, wanted.kind),
        (files.c.stage, wanted.stage),
        (files.c.bucket, wanted.bucket),
        (files.c.owner, wanted.owner),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.rule:
        found.append(files.c.rule == wanted.rule)
    if wanted.due_from:
        found.append(files.c.due_on >= wanted.due_from)
    if wanted.due_until:
        found.append(files.c.due_on <= wanted.due_until)
    if wanted.late:
        found.append(files.c.bucket.in_(LATE_BUCKETS))
    if wanted.silent_days is not None:
        found.append(files.c.last_event_on < as_of - timedelta(days=wanted.silent_days))
    if wanted.months_in_stage is not None:
        first, last = (as_of - timedelta(days=ceil(months * MONTH_DAYS)) for months in wanted.months_in_stage)
        found += [files.c.stage_since <= first, files.c.stage_since > last]
    if wanted.category:
        found.append(_category_column(wanted.category))
    if wanted.locality:
        found.append(col(CaseDetail.locality) == wanted.locality)
    if wanted.flag:
        stood = and_(col(Flag.opened_on) <= as_of, or_(col(Flag.closed_on).is_(None), col(Flag.closed_on) > as_of))
        open_flag = select(col(Flag.case_id)).where(col(Flag.rule) == wanted.flag, stood, sees_flag(viewer))
        found.append(files.c.case_id.in_(open_flag))
    if wanted.codes is not None:
        found.append(col(Case.code).in_(wanted.codes))
    if wanted.text.strip():
        found.append(files.c.case_id.in_(matching_files(session, wanted.text)))
    return found


def _category_column(category: Category) -> Any:
    columns = {
        Category.CORRUPTION: CaseDetail.is_corruption,
        Category.WASTE: CaseDetail.is_waste,
        Category.NEGATIVITY: CaseDetail.is_negativity,
    }
    return col(columns[category]).is_(True)


def _order(files: FromClause, sort: str) -> list[Any]:
    by_code = col(Case.code)
    orders: dict[str, list[Any]] = {
        "urgency": [files.c.due_on.is_(None), files.c.due_on, by_code],
        "due": [files.c.due_on.is_(None), files.c.due_on, by_code],
        "title": [col(CaseDetail.search_text), by_code],  # begins with the title, folded: án stands before việc
        "stage": [type_coerce(files.c.stage, String), files.c.stage_since, by_code],
        "news": [files.c.last_event_on, by_code],
        "bucket": [_worst_first(files), files.c.due_on.is_(None), files.c.due_on, by_code],
        "rule": [files.c.rule == "", files.c.rule, files.c.due_on.is_(None), files.c.due_on, by_code],
        "owner": [type_coerce(files.c.owner, String), files.c.due_on.is_(None), files.c.due_on, by_code],
    }
    return orders.get(sort, [by_code])


def _worst_first(files: FromClause) -> Any:
    return case(*((files.c.bucket == bucket, place) for place, bucket in enumerate(WORST_FIRST)), else_=len(Bucket))


def file_rows(
    session: Session,
    viewer: Viewer,
    files: FromClause,
    ids: Sequence[int],
    *,
    as_of: date,
    known_at: datetime | None = None,
) -> list[FileRow]:
    """Rows of these files, which the viewer may see, in the order of `ids`."""
    asked = (
        select(files, col(Case.code).label("code"), CaseDetail)
        .join(Case.__table__, col(Case.id) == files.c.case_id)  # type: ignore[attr-defined]
        .join(CaseDetail.__table__, and_(col(CaseDetail.case_id) == files.c.case_id, known(CaseDetail, known_at)))  # type: ignore[attr-defined]
    )
    found: dict[int, FileRow] = {}
    for start in range(0, len(ids), 500):
        for row in session.execute(asked.where(files.c.case_id.in_(ids[start : start + 500]))):
            found[row.case_id] = _file_row(row, row.CaseDetail, as_of)
    seen = veil(session, viewer, [sentence for row in found.values() for sentence in row.why])
    rows = (found[case_id] for case_id in ids if case_id in found)
    return [row._replace(why=seen.words(row.why)) if seen.hidden else row for row in rows]


def _categories(corruption: bool, waste: bool, negativity: bool) -> tuple[Category, ...]:
    return tuple(each for each, has in zip(Category, (corruption, waste, negativity), strict=True) if has)


def _file_row(row: Any, detail: CaseDetail, as_of: date) -> FileRow:
    return FileRow(
        code=row.code,
        title=detail.title,
        title_en=detail.title_en,
        kind=row.kind,
        categories=_categories(detail.is_corruption, detail.is_waste, detail.is_negativity),
        locality=detail.locality,
        lead_agency=detail.lead_agency,
        severity=detail.severity,
        accused_count=detail.accused_count,
        offence_articles=detail.offence_articles,
        supervised_from=detail.supervised_from,
        stage=row.stage,
        stage_since=row.stage_since,
        round=row.round,
        bucket=row.bucket,
        owner=row.owner,
        rule=row.rule,
        article=row.article,
        start_on=row.start_on,
        due_on=row.due_on,
        days_late=(as_of - row.due_on).days if row.due_on else None,
        approximate=row.approximate,
        last_event_on=row.last_event_on,
        why=why_of(row, as_of),
    )


def case_file(
    session: Session, viewer: Viewer, code: str, *, as_of: date, known_at: datetime | None = None
) -> CaseFile:
    """One file on `as_of`. Raises CaseNotFound for a code that no file has, or none that the viewer may see."""
    file = session.exec(select_rows(Case).where(Case.code == code, sees(viewer))).first()
    facts = next(case_facts(session, viewer, as_of=as_of, known_at=known_at, codes=[code]), None)
    if file is None or facts is None:
        raise CaseNotFound(code)
    detail = session.exec(
        select_rows(CaseDetail).where(CaseDetail.case_id == file.id, known(CaseDetail, known_at))
    ).one()
    reads, limits = reader(session, known_at=known_at), thresholds()
    verdict = judge(facts, reads, as_of, limits)
    agency = session.get(Agency, detail.lead_agency_id) if detail.lead_agency_id else None
    person = session.get(Person, detail.responsible_id) if detail.responsible_id else None
    tasks, _ = task_rows(session, viewer, as_of=as_of, known_at=known_at, case_code=code)
    return CaseFile(
        code=code,
        revision=file.revision,
        detail=detail,
        responsible=person.display_name if person else "",
        lead_agency=detail.lead_agency or (agency.name_vi if agency else ""),
        origin=_code_of(session, viewer, file.origin_id),
        grew_into=tuple(session.exec(select_rows(Case.code).where(Case.origin_id == file.id, sees(viewer)))),
        verdict=verdict,
        flags=flags_of(verdict, as_of, limits),
        clocks=clocks_of(facts, reads, as_of),
        spans=spans_of(facts, as_of, verdict.stage, verdict.stage_since),
        events=tuple(_events(session, viewer, facts.case_id, as_of, known_at)),
        money=money.money_by_file(session, viewer, as_of=as_of, known_at=known_at, code=code).get(code, {}),
        entries=tuple(_entries(session, facts.case_id, as_of, known_at)),
        accused=tuple(_accused(session, facts.case_id, known_at)),
        tasks=tuple(tasks),
        flag_history=tuple(flag_rows(session, viewer, code=code, open_only=False)),
        history=tuple(_history(session, viewer, code)),
        quality=points_of(facts, reads, as_of),
    )


def _code_of(session: Session, viewer: Viewer, case_id: int | None) -> str:
    """The code of the file; "" for none, and for one that the viewer may not see."""
    return session.exec(select_rows(Case.code).where(Case.id == case_id, sees(viewer))).first() or "" if case_id else ""


def _events(session: Session, viewer: Viewer, case_id: int, as_of: date, known_at: datetime | None) -> list[EventRow]:
    asked = (
        select_rows(CaseEvent, Accused)
        .outerjoin(Accused, col(Accused.id) == CaseEvent.accused_id)
        .where(CaseEvent.case_id == case_id, CaseEvent.happened_on <= as_of, known(CaseEvent, known_at))
        .order_by(col(CaseEvent.happened_on).desc(), col(CaseEvent.id).desc())
    )
    who, found = names_of_accounts(session), session.exec(asked).all()
    seen = veil(session, viewer, [event.detail for event, _ in found])
    return [
        EventRow(
            event.id or 0, event.kind, event.happened_on, event.precision is Precision.MONTH, seen.text(event.detail),
            event.amount_vnd, event.document, event.body, event.length, accused.code if accused else "",
            event.source, event.recorded_at, who.get(event.recorded_by, ""),
        )
        for event, accused in found
    ]  # fmt: skip


def _entries(session: Session, case_id: int, as_of: date, known_at: datetime | None) -> list[EntryRow]:
    asked = (
        select_rows(MoneyEntry)
        .where(MoneyEntry.case_id == case_id, MoneyEntry.happened_on <= as_of, known(MoneyEntry, known_at))
        .order_by(col(MoneyEntry.happened_on).desc(), col(MoneyEntry.id).desc())
    )
    return [
        EntryRow(
            row.quantity, row.kind, row.amount_vnd, row.happened_on, row.precision is Precision.MONTH,
            row.asset_kind, row.units, row.unit, row.document, row.source, row.id or 0,
        )
        for row in session.exec(asked)
    ]  # fmt: skip


def _accused(session: Session, case_id: int, known_at: datetime | None) -> list[AccusedRow]:
    asked = select_rows(Accused).where(Accused.case_id == case_id, known(Accused, known_at)).order_by(col(Accused.code))
    return [
        AccusedRow(row.code, row.official_level, row.status, row.status_on, row.article, row.paragraph, row.id or 0)
        for row in session.exec(asked)
    ]


def flag_rows(session: Session, viewer: Viewer, *, code: str | None = None, open_only: bool = True) -> list[FlagRow]:
    """Flags of the files the viewer may see, newest first."""
    asked = (
        select_rows(Flag, Case.code)
        .join(Case, col(Case.id) == Flag.case_id)
        .where(col(Flag.case_id).in_(visible_ids(viewer)), sees_flag(viewer))
        .order_by(col(Flag.opened_on).desc(), col(Flag.id).desc())
    )
    if code is not None:
        asked = asked.where(Case.code == code)
    if open_only:
        asked = asked.where(col(Flag.closed_on).is_(None))
    who = names_of_accounts(session)
    return [_flag_row(flag, own, who.get(flag.acknowledged_by, "")) for flag, own in session.exec(asked)]


def _flag_row(flag: Flag, code: str, acknowledged_by: str) -> FlagRow:
    return FlagRow(
        case_code=code,
        rule=flag.rule,
        opened_on=flag.opened_on,
        closed_on=flag.closed_on,
        article=flag.article,
        why=tuple(decode(each) for each in flag.why),
        id=flag.id or 0,
        subject=flag.subject,
        owner=flag.owner,
        acknowledged_at=flag.acknowledged_at,
        acknowledged_by=acknowledged_by,
        acknowledged_reason=flag.acknowledged_reason or "",
        look_again_on=flag.look_again_on,
    )


def _history(session: Session, viewer: Viewer, code: str) -> list[HistoryRow]:
    """What the audit chain says of the file, without what it says of documents that the viewer is not cleared for, and
    without the codes of files that he may not see.
    """
    if not may(viewer, Action.READ_COMMITTEE):
        return []
    above = [f'"secrecy":"{level}"' for level in Secrecy if not viewer.is_cleared(level)]
    asked = select_rows(AuditEntry).where(AuditEntry.subject == f"case:{code}").order_by(col(AuditEntry.id).desc())
    found = [
        row for row in session.exec(asked) if not any(level in row.before or level in row.after for level in above)
    ]
    seen = veil(session, viewer, [text for row in found for text in (row.before, row.after)])
    return [HistoryRow(row.at, row.actor, row.action, seen.text(row.before), seen.text(row.after)) for row in found]


def localities(session: Session, viewer: Viewer) -> list[str]:
    """Places that files of this viewer name, for the filter."""
    asked = (
        select_rows(CaseDetail.locality)
        .where(col(CaseDetail.retracted_at).is_(None), col(CaseDetail.case_id).in_(visible_ids(viewer)))
        .where(CaseDetail.locality != "")
        .distinct()
        .order_by(CaseDetail.locality)
    )
    return list(session.exec(asked))


def first_fact_on(session: Session, viewer: Viewer) -> date | None:
    """The day of the earliest event of any file of this viewer; None without any."""
    asked = select_rows(func.min(CaseEvent.happened_on)).where(
        known(CaseEvent, None), col(CaseEvent.case_id).in_(visible_ids(viewer))
    )
    return session.exec(asked).one()
