"""The table of statutory limits and the table of offences, ready to be asked (CPC 101/2015/QH13 and laws around it).

Rows come in as read from the database or the CSV; a Rulebook answers which limit holds for a rule, a class of offence
and a start day. A changed rule is a further row with its own validity: the row in force on the start day counts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from models.enums import Severity, Verified
from models.rules.lengths import BadLength, Length, parse_length, unmarked
from models.rules.words import Refusal, Words, words
from models.rules.workdays import Calendar

DETENTION_MONTH_DAYS = 30
DETENTION = frozenset({"DET", "APPEAL_DET"})
SUCCESSORS = {
    "THADS_DEC": "THADS26_DEC",
    "THADS_VOL": "THADS26_VOL",
    "EXP_ACT20": "EXP_ACT25",
    "INSP_DUR22_GI": "INSP_DUR25",
    "INSP_DUR22_PROV": "INSP_DUR25",
}
_PREDECESSORS = {"THADS26_DEC": "THADS_DEC", "THADS26_VOL": "THADS_VOL", "EXP_ACT25": "EXP_ACT20"}
_ANY = "any"
_LEAD = re.compile(r"^(\d+)d before expiry$")
_LEAD_NOTE = re.compile(r"\brequest (?:at least )?(\d+) days before expiry\b")
_IN_ALL = re.compile(r"^to (.+) in all$")
_HALF = "half of the maximum"
_AS = re.compile(r"^as ([A-Z0-9_]+)$")

# The laws of seed/reference/statutory_deadlines.csv as sentences, so that each language may write their names its way.
_LAWS = {
    law.text: law
    for law in (
        words("CPC 101/2015/QH13 (cons. with Law 02/2021)"),
        words("PC 100/2015/QH13"),
        words("Joint Circular 01/2017/TTLT-VKSNDTC-TANDTC-BCA-BTP"),
        words("Judicial Expertise Law 13/2012/QH13 am. 56/2020/QH14"),
        words("Judicial Expertise Law 105/2025/QH15"),
        words("Decree 250/2025/ND-CP (22/9/2025)"),
        words("Law 26/2008/QH12 am. 64/2014 (until 30/6/2026)"),
        words("Law 106/2025/QH15 (from 1/7/2026)"),
        words("Decree 152/2026/ND-CP (from 1/7/2026)"),
        words("Inspection Law 84/2025/QH15 (from 1/7/2025)"),
        words("Inspection Law 11/2022/QH15 (ended 30/6/2025)"),
        words("Decree 59/2019/ND-CP"),
        words("Circular 06/2025/TT-TTCP"),
    )
}


@dataclass(frozen=True)
class LimitRow:
    """One row of statutory_deadlines.csv: the base limit of a rule (`extension_no` 0) or one extension of it."""

    code: str
    stage: str
    severity: str
    base_limit: str
    extension_no: int
    extension_length: str
    max_total: str
    article: str
    law: str
    notes: str
    verified: Verified
    valid_from: date | None = None
    valid_to: date | None = None
    id: int = 0


@dataclass(frozen=True)
class OffenceRow:
    """One row of offences.csv: a paragraph of the Penal Code and the class of offence of its frame."""

    article: str
    paragraph: str
    severity: Severity
    name_vi: str = ""
    name_en: str = ""
    name_fr: str = ""
    group: str = ""
    penalty_frame: str = ""
    max_penalty: str = ""
    source: str = ""
    verified: Verified = Verified.YES
    id: int = 0


@dataclass(frozen=True)
class ExtensionStep:
    """What one extension may add: `length` of its own at most, or up to `total` counted from the start."""

    number: int
    text: str
    length: Length | None
    total: Length | None
    max_total: Length | None
    article: str
    law: str
    notes: str
    verified: Verified


@dataclass(frozen=True)
class Limit:
    """The limit of a rule for one class of offence, as in force on a day.

    `base` is None when the law gives no number that holds by itself (a term written in the request, a number not found,
    a lead time, or a limit that depends on the class asked without one). `lead_days` is how many days before expiry an
    extension must be requested. `approximate` when the day lies before the law came into force.
    """

    code: str
    stage: str
    severity: Severity | None
    base: Length | None
    extensions: tuple[ExtensionStep, ...]
    article: str
    law: str
    verified: Verified
    notes: str
    lead_days: int | None
    depends_on_severity: bool
    approximate: bool
    base_text: str = ""
    valid_from: date | None = None
    row_id: int = 0

    @property
    def detention(self) -> bool:
        """Detention counts a month as 30 days and never rolls to a working day (CPC Art. 134)."""
        return self.code in DETENTION

    @property
    def month_days(self) -> int | None:
        """How many days a month has for this limit; None for months of the calendar."""
        return DETENTION_MONTH_DAYS if self.detention else None

    @property
    def max_total(self) -> Length | None:
        """The longest the limit may become with every extension granted in full; None when the table gives none."""
        return self.extensions[-1].max_total if self.extensions else self.base


class SeverityFinding(NamedTuple):
    """The class of the gravest paragraph charged, or None when the articles do not decide it.

    `lowest` and `highest`: what the gravest may be at least and at most; None when nothing known is charged.
    """

    severity: Severity | None
    unknown_articles: tuple[str, ...]
    lowest: Severity | None = None
    highest: Severity | None = None


class UnknownRule(Refusal):
    """No rule of the table has this code."""

    def __init__(self, code: str, nearest: Sequence[str]) -> None:
        if nearest:
            super().__init__(
                words("There is no rule {code}. Nearest names: {nearest}.", code=code, nearest=", ".join(nearest))
            )
        else:
            super().__init__(words("There is no rule {code}.", code=code))
        self.code = code
        self.nearest = tuple(nearest)


class NotInForce(Refusal):
    """The rule ended before the day asked, and no later rule takes its place."""

    def __init__(self, code: str, on: date, ended_on: date) -> None:
        super().__init__(
            words(
                "The rule {code} ended on {ended} and nothing in the table follows it: it has no limit for {day}.",
                code=code,
                ended=ended_on,
                day=on,
            )
        )
        self.code = code


class _Version(NamedTuple):
    """A limit with the first and last day it is in force, and what it says of the days before the first."""

    start: date
    end: date
    limit: Limit

    @property
    def limit_before(self) -> Limit:
        return replace(self.limit, approximate=True)


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Every limit and offence of the tables, with the calendar to count by. Built by `build`; immutable."""

    calendar: Calendar
    _versions: Mapping[tuple[str, Severity | None], tuple[_Version, ...]]
    _codes: tuple[str, ...]
    _offences: Mapping[str, Mapping[str, Severity]]

    @classmethod
    def build(cls, rows: Iterable[LimitRow], calendar: Calendar, offences: Iterable[OffenceRow] = ()) -> "Rulebook":
        """The rulebook of these rows. Raises BadRule naming the row whose length cannot be read."""
        by_code: dict[str, list[LimitRow]] = defaultdict(list)
        for row in rows:
            by_code[row.code].append(row)
        codes = tuple(by_code)
        for code, own in list(by_code.items()):
            by_code[code] = _borrowed(own, by_code)
        versions: dict[tuple[str, Severity | None], tuple[_Version, ...]] = {}
        for code, own in by_code.items():
            lead = _lead_days(own, by_code.get(f"{code}_REQ", ()))
            versions.update(_versions_of(code, own, lead))
        paragraphs: dict[str, dict[str, Severity]] = defaultdict(dict)
        for offence in offences:
            paragraphs[offence.article][offence.paragraph] = offence.severity
        return cls(calendar, versions, codes, paragraphs)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the table, in its order."""
        return self._codes

    def in_force(self, code: str, on: date) -> str:
        """The code of the rule that holds on `on` where `code` stands: itself, its successor or its predecessor.

        Raises UnknownRule, and NotInForce when the rule ended without a successor.
        """
        versions = self._any_versions(code)
        if on > versions[-1].end:
            if code not in SUCCESSORS:
                raise NotInForce(code, on, versions[-1].end)
            return self.in_force(SUCCESSORS[code], on)
        earlier = _PREDECESSORS.get(code)
        if earlier in self._codes and on < versions[0].start:
            return earlier if on <= self._any_versions(earlier)[-1].end else code
        return code

    def limit(self, code: str, severity: Severity | None, on: date) -> Limit:
        """The limit of the rule in force on `on` for the class of offence (None: not known).

        Before the first version of the rule that version is taken and marked approximate. Raises
        UnknownRule, NotInForce.
        """
        code = self.in_force(code, on)
        versions = self._versions.get((code, severity)) or self._any_versions(code)
        for version in reversed(versions):
            if version.start <= on:
                if on > version.end:
                    raise NotInForce(code, on, version.end)
                return version.limit
        return versions[0].limit_before

    def depends_on_severity(self, code: str) -> bool:
        """Whether the limit differs by class of offence. Raises UnknownRule."""
        return self._any_versions(code)[-1].limit.depends_on_severity

    def severity_of(self, articles: str) -> SeverityFinding:
        """The class of the gravest paragraph in `articles` (`353`, `354(4)`, `353 khoản 2`, `222(3); 356`).

        None unless every reading of the text agrees: an article without its paragraph may be any of its paragraphs, an
        article that the table does not know may be any class.
        """
        lowest: Severity | None = None
        highest: Severity | None = None
        unknown: list[str] = []
        old_code = _OLD_CODE.search(articles) is not None
        for article, paragraph in charges(articles):
            classes = [] if old_code else self._classes(article, paragraph)
            if not classes:
                unknown.append(f"{article}({paragraph})" if paragraph else article)
                highest = Severity.ESPECIALLY_SERIOUS
                continue
            lowest = _graver(lowest, min(classes, key=_rank))
            highest = _graver(highest, max(classes, key=_rank))
        decided = lowest is not None and lowest is highest
        return SeverityFinding(lowest if decided else None, tuple(dict.fromkeys(unknown)), lowest, highest)

    def _classes(self, article: str, paragraph: str) -> list[Severity]:
        paragraphs = self._offences.get(article, {})
        if not paragraph:
            return list(paragraphs.values())
        return [paragraphs[paragraph]] if paragraph in paragraphs else []

    def _any_versions(self, code: str) -> tuple[_Version, ...]:
        try:
            return self._versions[code, None]
        except KeyError:
            raise UnknownRule(code, get_close_matches(code.upper(), self._codes, n=4, cutoff=0.5)) from None


class BadRule(Refusal):
    """A row of the limits table that cannot be read."""

    def __init__(self, row: LimitRow, column: str, value: str) -> None:
        super().__init__(
            words(
                "Rule {code}, extension {number}, column {column}: {value} cannot be read as a length.",
                code=row.code,
                number=row.extension_no,
                column=column,
                value=repr(value),
            )
        )


def law_words(law: str) -> Words | str:
    """The name of a law, translatable when it is one of the table we ship."""
    return _LAWS.get(law, law)


_ARTICLE = re.compile(r"(\d+[a-z]?)(?:\((\d+)\))?(?:\(([a-z](?:-[a-z])?)\))?")


def is_article(text: str) -> bool:
    """Whether the text is one plain article, as `172`, `172(2)` or `172(2)(a)`."""
    return _ARTICLE.fullmatch(text) is not None


@cache
def article_words(article: str) -> Words:
    """`172(2)(a)` as people write it: Article 172, paragraph 2, point a."""
    found = _ARTICLE.fullmatch(article)
    if not article:
        return words("article not found")
    if not found or not found[2]:
        return words("Article {article}", article=article)
    if found[3]:
        return words("Article {article}({paragraph})({point})", article=found[1], paragraph=found[2], point=found[3])
    return words("Article {article}({paragraph})", article=found[1], paragraph=found[2])


_ARTICLE_NO = r"(?<!\d)\d{2,}[a-z]?(?![\da-z])"
_PARAGRAPH_NO = r"k(?:hoan)?\.?\s*\d{1,2}(?!\d)"
_CHARGE = re.compile(
    rf"\b{_PARAGRAPH_NO},?\s*dieu\s*(?P<article_after>{_ARTICLE_NO})"
    rf"|(?P<article>{_ARTICLE_NO})(?P<paragraphs>(?:\s*,?\s*{_PARAGRAPH_NO}(?!,?\s*dieu)|\s*\(\s*\d{{1,2}}\s*\))*)"
)
_OLD_CODE = re.compile(r"\b1999\b")
_CODE_YEARS = re.compile(r"\b(?:1985|1999|2015|2017|2025)\b")


def charges(articles: str) -> tuple[tuple[str, str], ...]:
    """The (article, paragraph) pairs of a text; the paragraph is empty when the text gives none.

    Reads `353`, `354(4)`, `353 khoản 2`, `khoản 2 Điều 353`, `222(3); 356`, `353(1)(2)`.
    """
    text = _CODE_YEARS.sub(" ", unmarked(articles))
    found: list[tuple[str, str]] = []
    for match in _CHARGE.finditer(text):
        if match["article_after"]:
            paragraph = re.search(r"\d+", match[0])
            found.append((match["article_after"], paragraph[0] if paragraph else ""))
            continue
        paragraphs = re.findall(r"\d+", match["paragraphs"])
        found.extend((match["article"], paragraph) for paragraph in paragraphs or [""])
    return tuple(found)


def charge(article: str, paragraph: str) -> str:
    """One charge as `charges` reads it: `353` and `khoản 2` → `353(2)`."""
    number = re.search(r"\d+", paragraph)
    return f"{article}({number[0]})" if number else article


def all_charges(articles: str, of_accused: str) -> str:
    """What the file and its accused are charged with, as one text: an accused's paragraph says which of the file's.

    `353; 364(1)` and `353(2); 353(1)` → `364(1); 353(2); 353(1)`.
    """
    if not of_accused or _OLD_CODE.search(articles):
        return "; ".join(text for text in (articles, of_accused) if text)
    told_closer = {article for article, paragraph in charges(of_accused) if paragraph}
    own = [
        charge(article, paragraph)
        for article, paragraph in charges(articles)
        if paragraph or article not in told_closer
    ]
    return "; ".join([*own, of_accused])


def _rank(severity: Severity) -> int:
    return _RANKS[severity]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def _graver(a: Severity | None, b: Severity) -> Severity:
    return b if a is None else max(a, b, key=_rank)


def _borrowed(own: list[LimitRow], by_code: Mapping[str, list[LimitRow]]) -> list[LimitRow]:
    """The rows of a rule, with `as INV` replaced by the rows of that rule."""
    rows: list[LimitRow] = []
    for row in own:
        source = _AS.match(row.base_limit)
        if source is None:
            rows.append(row)
            continue
        for lent in by_code.get(source[1], ()):
            notes = "; ".join(part for part in (row.notes, lent.notes) if part)
            article = f"{row.article}, {lent.article}"
            rows.append(replace(lent, code=row.code, stage=row.stage, article=article, notes=notes, id=row.id))
    return rows


def _lead_days(own: Sequence[LimitRow], requests: Iterable[LimitRow]) -> int | None:
    """Days before expiry by which an extension is requested: from the rule's `_REQ` row, else from its notes."""
    current = max(requests, key=lambda row: (row.valid_from or date.min, row.id), default=None)
    if current is not None and (stated := _LEAD.match(current.base_limit)):
        return int(stated[1])
    for row in own:
        if noted := _LEAD_NOTE.search(row.notes):
            return int(noted[1])
    return None


def _versions_of(
    code: str, rows: Sequence[LimitRow], lead_days: int | None
) -> dict[tuple[str, Severity | None], tuple[_Version, ...]]:
    """The versions of a rule: one line for all classes, or one per class and one (without a base) for none."""
    classes = {severity for severity in Severity if any(row.severity == severity for row in rows)}
    if not classes:
        return {(code, None): _timeline(rows, None, False, lead_days)}
    by_class: dict[tuple[str, Severity | None], tuple[_Version, ...]] = {}
    for severity in sorted(classes, key=_rank):
        own = [row for row in rows if row.severity in (severity, _ANY)]
        by_class[code, severity] = _timeline(own, severity, True, lead_days)
    gravest = max(classes, key=_rank)
    by_class[code, None] = tuple(
        version._replace(limit=replace(version.limit, severity=None, base=None, extensions=(), base_text=""))
        for version in by_class[code, gravest]
    )
    return by_class


def _timeline(
    rows: Sequence[LimitRow], severity: Severity | None, by_class: bool, lead_days: int | None
) -> tuple[_Version, ...]:
    """The rows cut at every day one of them starts or ends; of two rows for the same step the later one counts."""
    cuts = {row.valid_from or date.min for row in rows}
    cuts |= {row.valid_to + timedelta(days=1) for row in rows if row.valid_to and row.valid_to < date.max}
    starts = sorted(cuts)
    has_base = any(row.extension_no == 0 for row in rows)
    versions: list[_Version] = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        steps: dict[int, LimitRow] = {}
        for row in sorted(rows, key=lambda row: (row.valid_from or date.min, row.id)):
            if (row.valid_from or date.min) <= start <= (row.valid_to or date.max):
                steps[row.extension_no] = row
        if 0 in steps or (steps and not has_base):  # extensions outlive no base limit
            end = after - timedelta(days=1) if after else date.max
            in_order = [steps[number] for number in sorted(steps)]
            versions.append(_Version(start, end, _limit(in_order, severity, by_class, lead_days)))
    return tuple(versions)


def _limit(rows: Sequence[LimitRow], severity: Severity | None, by_class: bool, lead_days: int | None) -> Limit:
    first = rows[0]
    extensions: list[ExtensionStep] = []
    for row in rows:
        if row.extension_no:
            before = extensions[-1].max_total if extensions else _length(row, "base_limit", row.base_limit)
            extensions.append(_step(row, before))
    return Limit(
        code=first.code,
        stage=first.stage,
        severity=severity,
        base=_length(first, "base_limit", first.base_limit),
        extensions=tuple(extensions),
        article=first.article,
        law=first.law,
        verified=first.verified,
        notes=first.notes,
        lead_days=lead_days,
        depends_on_severity=by_class,
        approximate=False,
        base_text=first.base_limit,
        valid_from=first.valid_from,
        row_id=first.id,
    )


def _step(row: LimitRow, before: Length | None) -> ExtensionStep:
    """`before` is the most that base and earlier extensions give."""
    text = row.extension_length
    max_total = None if row.max_total.startswith("+") else _length(row, "max_total", row.max_total)
    in_all = _IN_ALL.match(text)
    if in_all:
        length, total = None, _length(row, "extension_length", in_all[1])
    elif text == _HALF:
        length, total = _less(row, max_total, before), None
    else:
        length, total = _length(row, "extension_length", text), None
    return ExtensionStep(
        row.extension_no, text, length, total, max_total, row.article, row.law, row.notes, row.verified
    )


def _less(row: LimitRow, total: Length | None, before: Length | None) -> Length:
    """What an extension by half of the maximum adds: the new maximum without the old one."""
    if (
        total is None
        or before is None
        or total.months <= before.months
        or total != replace(before, months=total.months)
    ):
        raise BadRule(row, "max_total", row.max_total)
    return Length(months=total.months - before.months)


_NO_NUMBER = re.compile(
    r"|per (?:decision|request)|\d+d before .+|\d+(?:st|nd|rd|th) of .+|last working day of .+|as .+"
)


def _length(row: LimitRow, column: str, text: str) -> Length | None:
    """The length in a cell; None when the law's text is no length (a term stated elsewhere). Raises BadRule."""
    if _NO_NUMBER.fullmatch(text):
        return None
    try:
        return parse_length(text)
    except BadLength as error:
        raise BadRule(row, column, text) from error
