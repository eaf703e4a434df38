"""An annual report written by hand: every figure that the layout prints, a few rows per annex."""

from dataclasses import replace
from datetime import UTC, date, datetime

from exports.annual.data import AMOUNTS, FLOWS, PROCEEDINGS, UNITS, AnnualReport, Balance, FileRow, MoneyRow, TaskLine
from exports.figure import ReportFigure
from exports.paper import Paper
from models.enums import Bucket, Category, EventKind, ReportKind, Stage, TaskStatus
from models.rules.periods import parse_period
from models.rules.reasons import DateReason
from models.rules.words import words

TITLE = "Vụ án vi phạm quy định về đấu thầu gây hậu quả nghiêm trọng tại Ban Quản lý dự án"
BILLION = 10**9
FLOW_OF_CASES = (7, 4, 11, 6, 1, 1, 3)  # carried + new = total = done + terminated + suspended + remaining
MONEY = {
    "damage": 250_300_000_000,
    "appropriated": 181_000_500_000,
    "secured": 88 * BILLION,
    "voluntary": 12 * BILLION,
    "must_recover": 196 * BILLION,
    "eligible": 110_300_000_000,
    "recovered": 62_400_000_000,
    "outstanding": 133_600_000_000,
}
COUNTS = {
    "files.open": 64, "files.open.cases": 47, "files.open.incidents": 17, "files.carried": 52, "files.new": 20,
    "files.ended": 8, "files.remaining": 64, "files.corruption": 40, "files.waste": 15, "files.negativity": 18,
    "files.late": 7, "files.no_news": 3, "accused.open": 213, "events.case_initiated": 21, "events.party_discipline": 5,
    "tasks.assigned": 41, "tasks.done": 19, "tasks.late": 9, "tasks.open": 11, "tasks.claimed": 2,
    "tasks.assigned.period": 30, "tasks.done.period": 14, "sessions.committee": 4, "sessions.standing": 12,
}  # fmt: skip


def paper(language: str = "vi", **more: object) -> Paper:
    """A paper for the year 2025 of the province of the tests."""
    made = Paper(
        report_id="0f2c7a1e4b21",
        kind=ReportKind.ANNUAL,
        period=parse_period("2025"),
        as_of=date(2025, 12, 31),
        known_at=datetime(2026, 1, 5, 3, 4, tzinfo=UTC),
        language=language,
        dated_on=date(2026, 1, 5),
        province="Minh Châu",
        province_kind="tỉnh",
        place="Minh Châu",
        committee_symbol="BCĐ",
        head_row=123,
        head_hash="ab" * 32,
        version="0.1.0",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def report(language: str = "vi", *, files: int = 3, gap: int = 0, **more: object) -> AnnualReport:
    """The report with `files` cases, one incident and as many tasks; `gap`: what PL3 of the court lacks."""
    codes = [f"VA-2025-{number:03d}" for number in range(1, files + 1)]
    return AnnualReport(
        paper=paper(language, **more),
        figures={figure.id: figure for figure in (*_figures(gap), *_rows(codes))},
        cases=tuple(_file(code) for code in codes),
        incidents=(replace(_file("VV-2025-001"), title="Vụ việc lãng phí đất công", stage=Stage.INSPECTION),),
        balances=tuple(Balance(agency, gap if agency == "court" else 0, 0) for agency in PROCEEDINGS),
        money=tuple(MoneyRow(code, TITLE) for code in codes),
        tasks=tuple(
            TaskLine(f"NV-{code}", "Kết thúc điều tra", "Công an tỉnh", date(2025, 11, 1), TaskStatus.LATE, code)
            for code in codes
        ),
        events=(EventKind.CASE_INITIATED, EventKind.PARTY_DISCIPLINE),
        stages=(Stage.VERIFICATION, Stage.INVESTIGATION, Stage.FIRST_INSTANCE),
        reasons={code: reason(code) for code in sorted([*codes, "VV-2025-001"])},
    )


def empty(language: str = "vi") -> AnnualReport:
    """A report of a period in which nothing at all is recorded."""
    full = report(language)
    figures = {
        name: replace(figure, value=None if figure.value is None else 0, numerator=0, denominator=0, records=())
        for name, figure in full.figures.items()
        if not name.startswith(("pl1.", "pl2.", "pl4.", "pl5."))
    }
    return replace(full, figures=figures, cases=(), incidents=(), money=(), tasks=(), events=(), stages=(), reasons={})


def reason(code: str, *, proved: bool = True) -> DateReason:
    """Why the limit of a file of this report ended on its day."""
    return DateReason(
        code=code,
        name=words("Investigation"),
        due_on=date(2025, 11, 12),
        approximate=True,
        proved=proved,
        excess=False,
        steps=(words("Counting {length} from {start} gives {day}.", length=words("{n} months", n=8),
                     start=date(2025, 3, 12), day=date(2025, 11, 12)),
               words("Last day: {day}, until 24:00.", day=date(2025, 11, 12))),
        facts=("INV", "2025-03-12", "2025-11-12"),
    )  # fmt: skip


def _figures(gap: int) -> list[ReportFigure]:
    made = [ReportFigure(name, value, name.split(".")[0], records=("VA-2025-001",)) for name, value in COUNTS.items()]
    for bucket, value in zip(Bucket, (41, 5, 3, 2, 1, 1, 4, 6, 1), strict=True):
        made.append(ReportFigure(f"bucket.{bucket.value}", value, "files"))
    made += [ReportFigure(f"stage.{stage.value}", place + 2, "files") for place, stage in enumerate(Stage)]
    for agency in PROCEEDINGS:
        for unit in UNITS:
            lacks = gap if (agency, unit) == ("court", "cases") else 0
            for flow, value in zip(FLOWS, FLOW_OF_CASES, strict=True):
                made.append(ReportFigure(f"pl3.{agency}.{flow}.{unit}", value - (lacks if flow == "done" else 0), unit))
            made.append(ReportFigure(f"pl3.{agency}.merged.{unit}", 0, unit))
    made += [ReportFigure(f"money.{name}", value, "vnd") for name, value in MONEY.items()]
    made.append(ReportFigure("money.recovered.period", 7_100_000_000, "vnd"))
    for name, base in (("rate.strict", "must_recover"), ("rate.official", "eligible")):
        made.append(ReportFigure(name, None, "percent", MONEY["recovered"], MONEY[base]))
        made.append(ReportFigure(f"money.recovered.against_{base}", MONEY["recovered"], "vnd"))
    made.append(ReportFigure("rate.secured", None, "percent", MONEY["secured"], MONEY["damage"]))
    return made


def _rows(codes: list[str]) -> list[ReportFigure]:
    made = [ReportFigure("pl2.VV-2025-001", None, "row", records=(TITLE,))]
    made += [ReportFigure(f"why.{code}", None, "row", records=("INV",)) for code in (*codes, "VV-2025-001")]
    for code in codes:
        made.append(ReportFigure(f"pl1.{code}.accused", 12, "accused"))
        made += [
            ReportFigure(f"pl4.{code}.{name}", None if name == "eligible" else 1_234_567_890, "vnd") for name in AMOUNTS
        ]
        made.append(ReportFigure(f"pl1.{code}", None, "row", records=(TITLE,)))
        made.append(ReportFigure(f"pl5.NV-{code}", None, "row", records=("Kết thúc điều tra",)))
        made.append(ReportFigure(f"pl4.{code}.rate", None, "percent", 1, 3))
        made.append(ReportFigure(f"pl5.NV-{code}.days_late", 61, "days"))
    return made


def _file(code: str) -> FileRow:
    return FileRow(
        code=code,
        title=TITLE,
        categories=(Category.CORRUPTION, Category.WASTE),
        articles="222; 356",
        lead_agency="Cơ quan Cảnh sát điều tra",
        source="Kết luận thanh tra",
        started_on=date(2025, 3, 1),
        started_monthly=True,
        stage=Stage.INVESTIGATION,
        due_on=date(2025, 11, 12),
        approximate=True,
        last_event=EventKind.INVESTIGATION_EXTENDED,
        last_event_on=date(2025, 9, 1),
        last_event_monthly=False,
        difficulties=(words("The limit ended on {day}.", day=date(2025, 11, 12)),),
        next_steps=(),
    )
