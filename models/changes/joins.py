"""Files that are joined, split, or go to another authority: the event stands on both, each naming the other."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.changes._details import correct, current_detail, read_details
from models.changes._fields import NEEDED, Fields, shown
from models.changes._new_file import FileDraft, begin, row_of
from models.changes._opened import Opened, may_record, open_file
from models.changes._versions import open_fact
from models.changes.events import FIELDS, GONE, add_event
from models.enums import EventKind
from models.errors import FieldErrors
from models.queries._visible import sees
from models.queries.named import veil
from models.rules.access import Viewer
from models.rules.entry import EventEntry
from models.rules.facts import joined_code
from models.rules.words import words
from models.tables import Case, CaseDetail, CaseEvent


def merge_files(
    session: Session,
    viewer: Viewer,
    code: str,
    into: str,
    *,
    happened_on: date,
    document: str = "",
    body: str = "",
    detail: str = "",
    goes_on: str = "",
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """File `code` and file `into` become one: the event on both, each naming the other. `revision` is that of `code`.

    `goes_on`: which of the two goes on, `into` if it is blank; the other has no limit of its own from that day.
    Raises Forbidden, CaseNotFound, StaleCase, FieldErrors (`into`, `goes_on`, `happened_on`, …).
    """
    act = Act(EventKind.MERGED, happened_on, document, body, detail, today)
    file, other = _both(session, viewer, code, into, "into", revision=revision, now=now)
    on, away = _which(session, viewer, file, other, goes_on or other.code)
    add_event(away, replace(act, kind=EventKind.MERGED_INTO).entry(on.code), today=today)
    add_event(on, replace(act, kind=EventKind.MERGED_FROM).entry(away.code), today=today)
    other.touch()
    file.note("file_merged", after=act.told(other.code) | {"goes_on": on.code})


def settle_merger(
    session: Session,
    viewer: Viewer,
    code: str,
    event_id: int,
    into: str,
    *,
    goes_on: str,
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """The merger `event_id` of file `code`, which does not say which file goes on, says so: corrected on both files.

    `into`: the other file. Raises as `merge_files`, and NotFound for an event that holds no more.
    """
    file, other = _both(session, viewer, code, into, "into", revision=revision, now=now)
    _, event = open_fact(session, viewer, CaseEvent, event_id, revision=revision, now=now, missing=GONE)
    on, away = _which(session, viewer, file, other, goes_on)
    for one, two, kind in ((away, on, EventKind.MERGED_INTO), (on, away, EventKind.MERGED_FROM)):
        old = event if one is file else _merger(session, one, two.code, event.happened_on)
        told = old or event
        said = told.detail if joined_code(told.detail) == two.code else f"{two.code}: {told.detail}".removesuffix(": ")
        entry = EventEntry(
            kind, told.happened_on, told.precision, said, document=told.document, body=told.body, source=told.source
        )
        add_event(one, entry, today=today, replaces=old, reason=SETTLED)
    other.touch()
    file.note("merger_settled", before={"event": event.id}, after={"with": other.code, "goes_on": on.code})


def split_file(
    session: Session,
    viewer: Viewer,
    code: str,
    draft: FileDraft,
    *,
    new_code: str = "",
    events: Sequence[EventEntry] = (),
    happened_on: date,
    document: str = "",
    body: str = "",
    detail: str = "",
    revision: int,
    now: datetime,
    today: date,
) -> Case:
    """A new file split off from `code`: the event on both, each naming the other, and the new one points back.

    `events`: what the new file has in common with the old, as the decision to initiate. Raises as `merge_files`, and
    with the fields of the new file as `new_file`.
    """
    act = Act(EventKind.SPLIT, happened_on, document, body, detail, today)
    file = open_file(session, viewer, code, revision=revision, now=now)
    other = begin(session, viewer, draft, code=new_code, events=events, origin_id=file.id, now=now, today=today)
    _on_both(act, file, other)
    file.note("file_split", after=act.told(other.code))
    return row_of(other)


def transfer_file(
    session: Session,
    viewer: Viewer,
    code: str,
    *,
    to: str,
    happened_on: date,
    document: str = "",
    body: str = "",
    detail: str = "",
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """Jurisdiction goes to `to`: the code of a file that goes on with it, or an agency's name.

    With a file's code the event stands on both, each naming the other; with an agency the description names it as lead
    from now on. Raises as `merge_files` (`to`).
    """
    act = Act(EventKind.TRANSFERRED, happened_on, document, body, detail, today)
    to = " ".join(to.split())
    if _is_file(session, viewer, to):
        file, other = _both(session, viewer, code, to, "to", revision=revision, now=now)
        _on_both(act, file, other)
        file.note("file_transferred", after=act.told(other.code))
        return
    file = open_file(session, viewer, code, revision=revision, now=now)
    if not to:
        raise FieldErrors({"to": NEEDED})
    add_event(file, act.entry(to), today=today)
    old = current_detail(file)
    before = {"lead_agency": old.lead_agency}
    fields = Fields(CaseDetail)
    values = read_details(session, fields, {"lead_agency": to}, today=today)
    if wrong := fields.errors.get("lead_agency"):
        raise FieldErrors({"to": wrong})
    if any(getattr(old, name) != value for name, value in values.items()):
        correct(file, old, values, fields, why=TRANSFERRED)
    file.note("file_transferred", before=before, after=act.told(to))


SETTLED = "Ghi rõ hồ sơ được tiếp tục sau khi nhập"  # kept with the old events, as an official would write it
TRANSFERRED = "Chuyển thẩm quyền"  # kept with the old description, as an official would write it


@dataclass(frozen=True)
class Act:
    """The decision that both files share."""

    kind: EventKind
    happened_on: date
    document: str
    body: str
    detail: str
    today: date

    def entry(self, other: str) -> EventEntry:
        """The event of one file; its detail begins with the other's code."""
        detail = f"{other}: {self.detail.strip()}" if self.detail.strip() else other
        return EventEntry(self.kind, self.happened_on, detail=detail, document=self.document, body=self.body)

    def told(self, other: str) -> dict[str, object]:
        """The act for the audit row."""
        entry = self.entry(other)
        return {"with": other, **shown(asdict(entry), FIELDS)}


def _on_both(act: Act, file: Opened, other: Opened) -> None:
    add_event(file, act.entry(other.code), today=act.today)
    add_event(other, act.entry(file.code), today=act.today)
    other.touch()


def _which(session: Session, viewer: Viewer, file: Opened, other: Opened, goes_on: str) -> tuple[Opened, Opened]:
    """The file that goes on, and the one merged away. A file that went on in another one does not go on itself."""
    if goes_on not in (file.code, other.code):
        raise FieldErrors({"goes_on": words("Choose which of the two files goes on.")})
    on, away = (file, other) if goes_on == file.code else (other, file)
    merged = _mergers(session, on, EventKind.MERGED_INTO)
    if merged:
        into = joined_code(veil(session, viewer, [merged[0].detail]).text(merged[0].detail))
        said = words("{code} itself was merged into {into}: join the files to that one.", code=on.code, into=into)
        raise FieldErrors({"goes_on": said})
    return on, away


def _merger(session: Session, file: Opened, other: str, day: date) -> CaseEvent | None:
    """The same merger as the other file records it."""
    found = (event for event in _mergers(session, file, EventKind.MERGED) if event.happened_on == day)
    return next((event for event in found if joined_code(event.detail) == other), None)


def _mergers(session: Session, file: Opened, kind: EventKind) -> Sequence[CaseEvent]:
    asked = select(CaseEvent).where(
        CaseEvent.case_id == file.id, CaseEvent.kind == kind, col(CaseEvent.retracted_at).is_(None)
    )
    return session.exec(asked).all()


def _both(
    session: Session, viewer: Viewer, code: str, other: str, field: str, *, revision: int, now: datetime
) -> tuple[Opened, Opened]:
    """Both files, locked in the order of their codes, so that two people joining them at once wait for each other."""
    may_record(viewer)
    other = " ".join(other.split())
    if other.upper() == code.upper():
        raise FieldErrors({field: words("Choose another file than this one.")})
    if not _is_file(session, viewer, other):
        raise FieldErrors({field: words("No file has the code {code}.", code=other)})
    opened = {
        each: open_file(session, viewer, each, revision=revision if each == code else None, now=now)
        for each in sorted((code, other))
    }
    return opened[code], opened[other]


def _is_file(session: Session, viewer: Viewer, code: str) -> bool:
    return session.exec(select(Case.id).where(Case.code == code, sees(viewer))).first() is not None
