"""What every paper of the committee has: who issues it, what it is about, its head, its end and its proof line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from docx.document import Document

from exports import word
from models.enums import ReportKind
from models.rules.periods import Period, PeriodKind
from models.text import Translator

TYPE = "Báo cáo"
TYPE_SYMBOL = "BC"
ISSUING = ("BAN CHỈ ĐẠO", "PHÒNG, CHỐNG THAM NHŨNG,", "LÃNG PHÍ, TIÊU CỰC")
AUTHORITY, FUNCTION = "T/M BAN CHỈ ĐẠO", "TRƯỞNG BAN"
SHORT_HASH = 16


@dataclass(frozen=True)
class Paper:
    """One report to be printed; `dated_on` stands beside the place.

    `head_row`, `head_hash`: the last row of the audit chain when the report was made (0 and zeros for an empty chain).
    `session`, `since`: numbers of the session a brief is for and of the one before it.
    """

    report_id: str
    kind: ReportKind
    period: Period
    as_of: date
    known_at: datetime
    language: str
    dated_on: date
    province: str
    province_kind: str
    place: str
    committee_symbol: str
    head_row: int
    head_hash: str
    version: str
    session: int | None = None
    since: int | None = None
    term: str = ""
    number: int | None = None
    signer: str = ""

    @property
    def counted_to(self) -> date:
        """Last day of the period that is counted: its end, or the report's day while it runs."""
        return min(self.period.last, self.as_of)

    @property
    def party_body(self) -> str:
        """Tỉnh ủy, or Thành ủy in a city."""
        return "Thành ủy" if self.is_city else "Tỉnh ủy"

    @property
    def is_city(self) -> bool:
        """Whether the province is a centrally run city."""
        return self.province_kind.lower().startswith("thành phố")

    @property
    def symbol(self) -> str:
        """BC/BCĐ."""
        return f"{TYPE_SYMBOL}/{self.committee_symbol}"

    @property
    def recipients(self) -> tuple[str, ...]:
        """The list under "Nơi nhận", the filing copy last; a brief is for the members only."""
        above = (
            "- Ban Chỉ đạo Trung ương về phòng, chống tham nhũng, lãng phí, tiêu cực (để báo cáo),",
            "- Ban Nội chính Trung ương (để báo cáo),",
            f"- Ban Thường vụ {self.party_body} (để báo cáo),",
        )
        own = ("- Các đồng chí thành viên Ban Chỉ đạo,", f"- Lưu Văn phòng {self.party_body}.")
        return own if self.kind is ReportKind.BRIEF else above + own


def begin(paper: Paper, abstract: str, t: Translator) -> Document:
    """The document up to the five hyphens. The words of the Party's layout are Vietnamese in every language."""
    issuing = " ".join(ISSUING).capitalize()
    made = word.document(paper.language, title=abstract, author=issuing, made_at=paper.known_at)
    word.header_block(
        made,
        parent=f"{paper.party_body} {paper.province}".upper(),
        issuing=ISSUING,
        number=word.number_line(paper.number, paper.symbol),
        place_and_date=f"{paper.place}, {_vietnamese_day(paper.dated_on)}",
    )
    word.title(made, TYPE, abstract)
    word.proof_line(made, _proof_line(paper, t))
    return made


def end(made: Document, paper: Paper) -> None:
    """Recipients and signature."""
    word.closing(made, recipients=paper.recipients, authority=AUTHORITY, function=FUNCTION, name=paper.signer)


def province_name(paper: Paper, t: Translator) -> str:
    """tỉnh Minh Châu; Minh Châu Province."""
    return t("{name} City", name=paper.province) if paper.is_city else t("{name} Province", name=paper.province)


def next_period_name(paper: Paper, t: Translator) -> str:
    """What follows the period: the next year by its number, else simply the time to come."""
    if paper.period.kind is PeriodKind.YEAR:
        return t("the year {year}", year=str(paper.period.first.year + 1))
    return t("the time to come")


def notes(made: Document, texts: Sequence[str], style: str = "Body Text") -> None:
    """Paragraphs of one style, empty ones left out."""
    for text in filter(None, texts):
        word.paragraph(made, text, style)


def _vietnamese_day(day: date) -> str:
    return Translator("vi").date_long(day)


def _proof_line(paper: Paper, t: Translator) -> str:
    return t(
        "Report {report} · figures as of {as_of}, known at {known_at} · audit chain {hash} at row {row}",
        report=paper.report_id,
        as_of=paper.as_of,
        known_at=paper.known_at,
        hash=paper.head_hash[:SHORT_HASH],
        row=paper.head_row,
    )
