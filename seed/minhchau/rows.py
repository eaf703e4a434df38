"""A file of the province as rows ready to be stored; links to other rows are written as their codes."""

from collections.abc import Iterator
from functools import cache
from random import Random

from models.enums import AccusedStatus, Category, EventKind, Kind, Precision, Severity
from seed.minhchau.file import File, Row, recorded_at
from seed.minhchau.words import PAPERS
from seed.reference_files import agency_rows

E = EventKind
OFFICERS = 4


def describe(file: File, rng: Random) -> None:
    """Numbers of documents, bodies, details; and for a file that says so, a date known by month only."""
    law = f" theo Điều {file.article.replace('(', ' khoản ').rstrip(')')} BLHS" if file.article else ""
    for row in file.events:
        symbol, body, detail = PAPERS.get(row["kind"], ("", "", ""))
        if row["kind"] is E.PROGRESS_NOTE:
            body = {"VKS": "Viện kiểm sát nhân dân tỉnh"}.get(file.stands[2], "")
        row.setdefault("detail", detail.format(accused=f"{file.accused:02d}", law=law))
        row["document"] = symbol.format(n=rng.randint(3, 480), y=row["happened_on"].year)
        row["body"] = body
        row["precision"] = Precision.DAY
    if file.plan.monthly:
        _know_by_month(file, file.plan.monthly)


def _know_by_month(file: File, kind: EventKind) -> None:
    """The event is written on the first of its month; what came before it in that month is not recorded."""
    row = next(row for row in file.events if row["kind"] is kind)
    day, first = row["happened_on"], row["happened_on"].replace(day=1)
    file.events = [other for other in file.events if not first <= other["happened_on"] < day]
    row.update(precision=Precision.MONTH, happened_on=first)


def event_rows(file: File) -> list[Row]:
    """Rows of case_event."""
    return [
        {
            "case": file.code,
            "amount_vnd": None,
            "length": "",
            **row,
            "recorded_at": recorded_at(row["happened_on"]),
        }
        for row in sorted(file.events, key=lambda row: row["happened_on"])
    ]


def detail_rows(file: File) -> Iterator[Row]:
    """Rows of case_detail: how the file was described before it was placed under supervision, and since."""
    since = _description(file)
    if file.began_on < file.placed_on:
        yield {
            **since,
            "supervised_by": "",
            "supervised_from": None,
            "recorded_at": recorded_at(file.began_on),
            "retracted_at": since["recorded_at"],
            "retract_reason": "Đưa vào diện theo dõi, chỉ đạo",
        }
    yield since


def _description(file: File) -> Row:
    tried_in_region = file.plan.severity in (Severity.LESS_SERIOUS, Severity.SERIOUS)
    return {
        "case": file.code,
        "kind": file.kind,
        "title": file.title,
        "title_en": file.title_en,
        **{f"is_{category.value}": category in file.subject.categories for category in Category},
        "locality": file.locality,
        "sector": file.subject.sector,
        "level": "" if file.kind is Kind.INCIDENT else "Khu vực" if tried_in_region else "Cấp tỉnh",
        "offence_articles": file.article,
        "severity": file.plan.severity if file.number % 4 else None,  # the article charged says it
        "accused_count": file.accused or None,
        "lead": file.stands[2],
        "lead_agency": _agency_names()[file.stands[2]],
        "supervised_by": "Thường trực Ban Chỉ đạo" if file.number % 3 else "Ban Chỉ đạo tỉnh",
        "supervised_from": file.placed_on,
        "responsible": f"Cán bộ theo dõi {file.number % OFFICERS + 1:02d}" if file.plan.owner else None,
        "source": "Báo cáo của cơ quan tiến hành tố tụng"
        if file.kind is Kind.CASE
        else "Văn bản của cơ quan chức năng",
        "recorded_at": recorded_at(file.placed_on),
        "retracted_at": None,
        "retract_reason": "",
    }


@cache
def _agency_names() -> dict[str, str]:
    return {row["code"]: row["name_vi"] for row in agency_rows()}


def accused_rows(file: File) -> Iterator[Row]:
    """Rows of accused, by code only. In a large case one is wanted."""
    status = file.stands[1]
    charged = file.on(E.ACCUSED_CHARGED) or file.on(E.CASE_INITIATED) or file.placed_on
    changed = {
        AccusedStatus.INDICTED: E.PROSECUTION_DECISION,
        AccusedStatus.TRIED: E.FIRST_INSTANCE_JUDGMENT,
        AccusedStatus.SUSPENDED: E.INVESTIGATION_SUSPENDED,
        AccusedStatus.TERMINATED: E.TERMINATED,
    }
    since = file.on(changed[status]) if status in changed else None
    article, _, paragraph = file.article.rstrip(")").partition("(")
    for number in range(1, file.accused + 1):
        wanted = number == 7 and status is AccusedStatus.CHARGED
        status_on = charged if wanted or not since else since
        yield {
            "case": file.code,
            "code": f"BC-{number:02d}",
            "official_level": "Diện Ban Thường vụ Tỉnh ủy quản lý" if number == 1 and file.number % 5 == 0 else "",
            "status": AccusedStatus.WANTED if wanted else status,
            "status_on": status_on,
            "article": article,
            "paragraph": paragraph,
            "recorded_at": recorded_at(status_on),
        }
