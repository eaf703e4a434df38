"""The supervised files of the province: what happened to each, day by day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from models.enums import EventKind, Kind, Severity
from models.rules.limits import Rulebook
from seed.minhchau.courses import NEWEST, history, workday
from seed.minhchau.file import File
from seed.minhchau.plans import CASES, INCIDENTS, Course, Plan
from seed.minhchau.titles import CASES as CASE_SUBJECTS
from seed.minhchau.titles import INCIDENTS as INCIDENT_SUBJECTS
from seed.minhchau.titles import PLACES, Subject
from seed.minhchau.words import NOTES

E = EventKind

NOTE_EVERY = 38  # days between two notes of progress, at most six notes
PREFIX = {Kind.CASE: "VA", Kind.INCIDENT: "VV"}

ASSESSED = (  # courses whose investigation asked for an expert conclusion or a valuation on its way
    E.EXPERT_REQUESTED,
    E.VALUATION_REQUESTED,
)
ANSWER = {E.EXPERT_REQUESTED: E.EXPERT_RESULT, E.VALUATION_REQUESTED: E.VALUATION_RESULT}


def files(rulebook: Rulebook, today: date, rng: Random) -> list[File]:
    """All files with their events and codes, in the order they were placed under supervision; see `describe`."""
    made = [
        *_drafts(CASES, CASE_SUBJECTS, rulebook, rng),
        *_drafts(INCIDENTS, INCIDENT_SUBJECTS, rulebook, rng),
    ]
    for file in made:
        for dated in history(file.plan, rulebook, today, rng):
            file.add(dated.kind, dated.on, length=dated.length)
        _enrich(file, rulebook, today, rng)
        _place(file, rulebook, today, rng)
        _report_progress(file, rulebook, today)
        _end(file, rulebook, today)
    made.sort(key=lambda file: (file.placed_on, file.kind, file.number))
    _number(made)
    _link(made)
    return made


def _drafts(plans: Sequence[Plan], subjects: Sequence[Subject], rulebook: Rulebook, rng: Random) -> Iterator[File]:
    used: set[str] = set()
    for number, plan in enumerate(plans):
        subject, article, place = _subject(number, plan, subjects, rulebook, used)
        title = subject.vi.format(place=place[0])
        used.add(title)
        yield File(
            plan=plan,
            number=number,
            subject=subject,
            title=title,
            title_en=subject.en.format(place=place[1]),
            article=article if plan.recorded else "",
            accused=rng.choice((1, 2, 2, 3, 3, 4, 5, 7)) if plan.kind is Kind.CASE else 0,
            locality=place[0],
        )


def _subject(
    number: int, plan: Plan, subjects: Sequence[Subject], rulebook: Rulebook, used: set[str]
) -> tuple[Subject, str, tuple[str, str]]:
    """A subject whose article has the class of offence of the plan, with a title that no other file has."""
    for turn in range(len(subjects) * len(PLACES)):
        subject = subjects[(number * 3 + turn) % len(subjects)]
        place = PLACES[(number * 5 + turn // len(subjects)) % len(PLACES)]
        article = _paragraph(subject.article, plan.severity, rulebook)
        if article is not None and subject.vi.format(place=place[0]) not in used:
            return subject, article, place
    raise AssertionError("more plans than titles")


def _paragraph(article: str, severity: Severity | None, rulebook: Rulebook) -> str | None:
    """`353(2)`: the first paragraph of the article with this class; None if it has none."""
    if not article or severity is None:
        return ""
    texts = (f"{article}({paragraph})" for paragraph in range(1, 5))
    return next((text for text in texts if rulebook.severity_of(text).severity is severity), None)


def _enrich(file: File, rulebook: Rulebook, today: date, rng: Random) -> None:
    """What happens beside the main course: detention, seizure, expert conclusions, discipline."""
    charged = file.on(E.ACCUSED_CHARGED)
    if charged is None:
        return
    newest = today - timedelta(days=max(file.plan.news, NEWEST))
    ends = (file.on(kind) for kind in (E.INVESTIGATION_CONCLUDED, E.INVESTIGATION_SUSPENDED, E.TERMINATED))
    inquiry = min([newest, *(day for day in ends if day)])
    if file.number % 2 == 0:
        _later(file, E.DETENTION_ORDERED, charged, 0, inquiry, rulebook)
    if file.number % 3 != 1:
        _later(file, E.ASSETS_SEIZED, charged, rng.randint(6, 20), inquiry, rulebook)
    if file.number % 4 in (0, 3):
        request = ASSESSED[file.number % 2]
        asked = _later(file, request, charged, rng.randint(8, 18), inquiry, rulebook, length="2m")
        if asked and file.plan.course is not Course.SUSPENDED:
            _later(file, ANSWER[request], asked, min(rng.randint(34, 52), (inquiry - asked).days), inquiry, rulebook)
    if file.number % 5 == 2:
        _later(file, E.PARTY_DISCIPLINE, charged, rng.randint(20, 45), newest, rulebook)
    if file.plan.course is Course.SUSPENDED and file.number % 2 == 0:
        _later(file, E.MLA_REQUESTED, charged, 40, newest, rulebook)
    started = file.on(E.ENFORCEMENT_DECISION)
    if started and file.number % 4 == 0 and file.plan.course is Course.ENFORCEMENT:
        _later(file, E.NO_MEANS, started, 60, newest, rulebook)


def _later(
    file: File, kind: EventKind, start: date, days: int, newest: date, rulebook: Rulebook, **more: Any
) -> date | None:
    """Add an event so many days after `start`, unless that is too young."""
    on = workday(start + timedelta(days=days), rulebook)
    if not start <= on <= newest:
        return None
    file.add(kind, on, **more)
    return on


def _place(file: File, rulebook: Rulebook, today: date, rng: Random) -> None:
    """Placed under supervision soon after it began, by a decision of the Standing members."""
    began = file.on(E.CASE_INITIATED) or min(row["happened_on"] for row in file.events)
    soon = rng.randint(1, 3) if (today - began).days < 25 else rng.randint(6, 24)
    on = min(workday(began + timedelta(days=soon), rulebook), today - timedelta(days=NEWEST))
    file.placed_on = max(on, began)
    file.add(E.PLACED_UNDER_SUPERVISION, file.placed_on)


def _report_progress(file: File, rulebook: Rulebook, today: date) -> None:
    """Notes of progress, the last one `news` days ago unless proceedings themselves are younger."""
    until = file.plan.ended + 40 if file.plan.ended else file.plan.news
    last = workday(today - timedelta(days=max(until, NEWEST)), rulebook)
    texts = NOTES[file.stands[0]]
    newest = max(row["happened_on"] for row in file.events)
    days = [last - timedelta(days=NOTE_EVERY * turn) for turn in range(6)]
    taken = {row["happened_on"] for row in file.events}
    since = max(file.placed_on, _stage_began(file))
    notes = [day for day in (workday(day, rulebook) for day in days) if day > since and day not in taken]
    for turn, day in enumerate(reversed(notes)):
        file.add(E.PROGRESS_NOTE, day, detail=texts[turn % len(texts)])
    if not notes and newest < last and not file.plan.ended:
        file.add(E.PROGRESS_NOTE, last, detail=texts[0])


def _stage_began(file: File) -> date:
    main = [row["happened_on"] for row in file.events if row["kind"] in _MAIN]
    return max(main, default=file.placed_on)


_MAIN = frozenset(
    {
        E.CASE_INITIATED, E.REPORT_RECEIVED, E.INVESTIGATION_RESUMED, E.RETURNED_VKS, E.RETURNED_COURT,
        E.FILE_TO_PROCURACY, E.CASE_ACCEPTED, E.FIRST_INSTANCE_TRIAL_OPENED, E.APPEAL_FILE_RECEIVED,
        E.ENFORCEMENT_DECISION, E.INSPECTION_OPENED, E.INSPECTION_CONCLUDED, E.AUDIT_CONCLUDED, E.PARTY_DISCIPLINE,
        E.INVESTIGATION_SUSPENDED, E.REPORT_SUSPENDED,
    }
)  # fmt: skip


def _end(file: File, rulebook: Rulebook, today: date) -> None:
    if file.plan.ended:
        file.add(E.SUPERVISION_ENDED, workday(today - timedelta(days=file.plan.ended), rulebook))


def _number(made: Sequence[File]) -> None:
    """VA-2026-001 and VV-2026-001: a series per kind and year of placement."""
    used: Counter[tuple[Kind, int]] = Counter()
    for file in made:
        key = file.kind, file.placed_on.year
        used[key] += 1
        file.code = f"{PREFIX[file.kind]}-{key[1]}-{used[key]:03d}"


def _link(made: Sequence[File]) -> None:
    """The incident whose file went to the police, and the first case initiated afterwards: it grew from it."""
    for incident in (file for file in made if file.plan.course is Course.TO_POLICE):
        sent = incident.on(E.FILE_TRANSFERRED_TO_POLICE)
        begun = [(file.on(E.CASE_INITIATED), file) for file in made if file.kind is Kind.CASE]
        later = [(on, file) for on, file in begun if on and sent and on > sent]
        _, case = min(later, key=lambda pair: pair[0])
        case.origin = incident.code
        incident.title = case.title.replace("Vụ án", "Vụ việc có dấu hiệu")
        incident.title_en = f"Signs of an offence: {case.title_en}"
        incident.locality, incident.subject = case.locality, case.subject
