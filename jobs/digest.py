"""The daily digest: one mail per responsible person with what is late and what is due soon.

What nobody is responsible for goes to the secretariat. A mail carries codes, titles and dates, and
nothing about the accused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from textwrap import shorten
from types import MappingProxyType

from jobs.ledger import Result
from models.changes import reminders
from models.db import Session
from models.enums import LATE_BUCKETS, Bucket, Verified
from models.queries import judged
from models.queries.coordination import RequestRow, coordination_due
from models.queries.obligations import Addressee, DueTask, Heading, due_tasks, headings, hidden_files, secretariat
from models.rules.access import Viewer
from models.rules.clocks import name_of
from models.rules.judge import Verdict
from models.rules.limits import article_words
from models.rules.words import Names, Words, words
from models.settings import settings
from models.text import Translator, translator

NAME = "digest"
SECRETARIAT = "secretariat"  # the recipient when nobody of the secretariat has an address: such a mail is only shown
REMINDED = (*LATE_BUCKETS, Bucket.DUE_SOON)
REQUESTS_AHEAD = timedelta(days=7)  # five working days before a reply is due (docs/sources.md#coordination-requests)
LINES = 200  # of one kind in one mail; the rest is counted and stands on the page
TITLE = 160  # characters of a title or task


@dataclass(frozen=True)
class Obligation:
    """Something that had, or soon has, to be done: `days_late` is negative for the days that are left.

    `key` names it for good: the file or task with the day it is due.
    """

    key: str
    code: str
    title: str
    what: Words
    due_on: date
    days_late: int
    article: Words | None = None
    approximate: bool = False
    verified: Verified = Verified.YES
    note: Words | None = None
    responsible: Addressee | None = None
    file: str = ""  # the code of the file that it is about

    @property
    def is_late(self) -> bool:
        """Whether the day has passed."""
        return self.days_late > 0


@dataclass
class Letter:
    """What one recipient is told: own obligations, and for the secretariat those of nobody."""

    to: Addressee
    own: list[Obligation] = field(default_factory=list)
    nobodys: list[Obligation] = field(default_factory=list)

    def keys(self) -> list[str]:
        """The names of all its obligations."""
        return [obligation.key for obligation in (*self.own, *self.nobodys)]


Plan = dict[str, Letter]


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> Plan:
    """The letters of the day, by recipient (address in lower case)."""
    until = today + timedelta(days=settings().due_soon_days)
    due = [verdict for verdict in judged.verdicts(session, viewer, as_of=today) if verdict.bucket in REMINDED]
    cases = of_cases(due, headings(session, viewer, [verdict.code for verdict in due], on=today))
    tasks = of_tasks(due_tasks(session, viewer, as_of=today, until=until), today=today)
    asked = coordination_due(session, viewer, as_of=today, until=today + REQUESTS_AHEAD)
    heads = headings(session, viewer, sorted({row.case_code for row in asked if row.case_code}), on=today)
    every = [*cases, *tasks, *of_requests(asked, heads)]
    office = secretariat(session, viewer, on=today)
    people = [*office, *(each.responsible for each in every if each.responsible)]
    return letters(every, office, hidden_files(session, viewer, people))


def write(session: Session, viewer: Viewer, plan: Plan, today: date, now: datetime) -> Result:
    """Put the letters into the outbox; what was put to somebody today already is not put again."""

    def compose(recipient: str, keys: frozenset[str]) -> tuple[str, str]:
        return written(plan[recipient], keys, today=today)

    due = {recipient: letter.keys() for recipient, letter in plan.items()}
    counts = reminders.queue(session, viewer, due, compose, job=NAME, slot=today.isoformat(), day=today, now=now)
    return Result(dict(counts))


def of_cases(found: Iterable[Verdict], heads: dict[str, Heading]) -> list[Obligation]:
    """Files with a date, as obligations."""
    return [
        Obligation(
            key=f"case:{verdict.code}:{verdict.rule}:{verdict.due_on.isoformat()}",
            code=verdict.code,
            file=verdict.code,
            title=heads[verdict.code].title,
            what=name_of(verdict.rule),
            due_on=verdict.due_on,
            days_late=verdict.days_late,
            article=article_words(verdict.article) if verdict.article else None,
            approximate=verdict.approximate,
            verified=verdict.verified,
            responsible=heads[verdict.code].responsible,
        )
        for verdict in found
        if verdict.due_on is not None and verdict.days_late is not None
    ]


def of_tasks(found: Iterable[DueTask], *, today: date) -> list[Obligation]:
    """Tasks as obligations; one that is reported done is the secretariat's to judge."""
    return [
        Obligation(
            key=f"task:{task.code}:{task.due_on.isoformat()}",
            code=task.code,
            file=task.case_code,
            title=task.content,
            what=words("Task of the committee"),
            due_on=task.due_on,
            days_late=(today - task.due_on).days,
            note=words("reported done on {day}, waits for the verdict", day=task.claimed_on)
            if task.claimed_on
            else None,
            responsible=None if task.claimed_on else task.responsible,
        )
        for task in found
    ]


def of_requests(found: Iterable[RequestRow], heads: dict[str, Heading]) -> list[Obligation]:
    """Coordination requests as obligations of who is responsible for their file; of the secretariat without one."""
    return [
        Obligation(
            key=f"request:{row.code}:{row.clock.due_on.isoformat()}",
            code=row.code,
            file=row.case_code,
            title=row.subject,
            what=words("Reply to a coordination request"),
            due_on=row.clock.due_on,
            days_late=row.clock.days_late,
            approximate=row.clock.approximate,
            note=_awaited(row),
            responsible=heads[row.case_code].responsible if row.case_code in heads else None,
        )
        for row in found
        if row.clock.due_on is not None and row.clock.days_late is not None
    ]


def _awaited(row: RequestRow) -> Words:
    asked = Names(row.asked.vi, row.asked.en)
    if row.facts.partial and row.facts.replied_on:
        return words("partial reply on {day}, the rest awaited from {agency}", day=row.facts.replied_on, agency=asked)
    return words("awaited from {agency}", agency=asked)


def letters(
    obligations: Iterable[Obligation],
    office: Sequence[Addressee],
    hidden: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Plan:
    """One letter per recipient; `office` are the people of the secretariat, who share what is nobody's.

    `hidden`: by address, the files that the person may not see: nobody is told of such a one.
    """

    def told(person: Addressee, obligation: Obligation) -> bool:
        return obligation.file not in hidden.get(person.email.lower(), ())

    plan: Plan = {}
    shared = {person.email.lower(): person for person in office} or {
        SECRETARIAT: Addressee("", SECRETARIAT, settings().language)
    }
    for obligation in obligations:
        if (person := obligation.responsible) and told(person, obligation):
            plan.setdefault(person.email.lower(), Letter(person)).own.append(obligation)
            continue
        for recipient, person in shared.items():
            if told(person, obligation):
                plan.setdefault(recipient, Letter(person)).nobodys.append(obligation)
    return plan


def written(letter: Letter, keys: frozenset[str], *, today: date) -> tuple[str, str]:
    """Subject and plain text of a letter, of the obligations `keys` only, in the recipient's language."""
    t = translator(letter.to.language)
    own = [obligation for obligation in letter.own if obligation.key in keys]
    nobodys = [obligation for obligation in letter.nobodys if obligation.key in keys]
    late = sum(obligation.is_late for obligation in (*own, *nobodys))
    counts = t("Late: {late} · Due soon: {soon}", late=late, soon=len(own) + len(nobodys) - late)
    parts = [
        t("To: {name}", name=letter.to.name or t("The secretariat")),
        t("State on {day}.", day=today) + " " + counts + ".",
        *_sections(t, own, t("Late"), t("Due soon")),
        *_sections(t, nobodys, t("Late, nobody is responsible"), t("Due soon, nobody is responsible")),
        t(
            "This mail is made by the case tracking system once a day. Please do not answer it; "
            "report progress and wrong entries to the secretariat."
        ),
    ]
    return f"[Liêm] {t.date(today)} · {counts}", "\n\n".join(parts) + "\n"


def _sections(t: Translator, obligations: list[Obligation], late: str, soon: str) -> list[str]:
    """The latest first, then what is due next; an empty section is left out."""
    ordered = sorted(obligations, key=lambda obligation: (-obligation.days_late, obligation.code))
    parts = (
        (late, [obligation for obligation in ordered if obligation.is_late]),
        (soon, [obligation for obligation in ordered if not obligation.is_late]),
    )
    return [_section(t, heading, lines) for heading, lines in parts if lines]


def _section(t: Translator, heading: str, obligations: list[Obligation]) -> str:
    lines = [f"{heading.upper()} ({t.number(len(obligations))})"]
    lines += [_line(t, obligation) for obligation in obligations[:LINES]]
    if len(obligations) > LINES:
        lines.append(t("And {n} more: see the pages Deadlines, Tasks and Coordination.", n=len(obligations) - LINES))
    return "\n".join(lines)


def _line(t: Translator, obligation: Obligation) -> str:
    """Code and title; below what, when, how late, by which article."""
    facts = [t.words(obligation.what), t("due {day}", day=obligation.due_on), _lateness(t, obligation.days_late)]
    if obligation.approximate:
        facts.append(t("approximate date"))
    if obligation.article:
        facts.append(t.words(obligation.article))
    if obligation.verified is not Verified.YES:
        facts.append(t.label(obligation.verified))
    if obligation.note:
        facts.append(t.words(obligation.note))
    title = shorten(obligation.title, TITLE, placeholder=" …")
    return f"- {obligation.code} · {title}\n  {' · '.join(facts)}"


def _lateness(t: Translator, days_late: int) -> str:
    if days_late > 0:
        return t.n("{n} day late", "{n} days late", days_late)
    return t.n("{n} day left", "{n} days left", -days_late) if days_late else t("due today")
