"""Headings and spellings of workbooks → fields. The one place to add a spelling.

Headings and closed terms are compared without case, diacritics, punctuation, line breaks or double spaces.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from models.enums import Quantity
from seed.terms import plain

_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")


class Sheet(StrEnum):
    """The sheets of a workbook; the value is the key in results."""

    OFFICIALS = "officials"
    SESSIONS = "sessions"
    CASES = "cases"
    ACCUSED = "accused"
    EVENTS = "events"
    MONEY = "entries"
    TASKS = "tasks"
    REQUESTS = "requests"


class Form(StrEnum):
    """How the cells of a column are read."""

    CODE = "code"
    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"  # a decimal number kept as text
    AMOUNT = "amount"
    PAST = "past"  # a day or month up to the day of import
    PAST_DAY = "past_day"  # an exact day up to the day of import
    DAY = "day"  # an exact day, also one to come
    LENGTH = "length"
    KIND = "kind"
    CATEGORIES = "categories"
    SEVERITY = "severity"
    ARTICLES = "articles"
    SUPERVISED_BY = "supervised_by"
    EVENT = "event"
    QUANTITY = "quantity"
    ENTRY_KIND = "entry_kind"
    ORIGIN = "origin"
    SESSION_KIND = "session_kind"
    STATUS = "status"
    REQUEST_KIND = "request_kind"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Field:
    """One field of a sheet: how it is headed (first: by our own template and export), read, and how long it may be."""

    name: str
    form: Form
    headings: tuple[str, ...]
    longest: int = 2000
    needed: bool = False  # a row without it is refused
    width: int = 16  # of the column in our own workbooks, characters


CASE_MONEY = {
    "damage": Quantity.DAMAGE,
    "appropriated": Quantity.APPROPRIATED,
    "must_recover": Quantity.MUST_RECOVER,
    "secured": Quantity.SECURED,
    "recovered": Quantity.RECOVERED,
}

_CODE = ("Mã vụ", "Mã số", "Mã vụ án", "Code", "case_code")
_SOURCE = Field("source", Form.TEXT, ("Nguồn", "source"), width=30)
_DOCUMENT = Field("document", Form.TEXT, ("Số văn bản", "Văn bản", "document"), 200, width=22)

CASES = (
    Field("code", Form.CODE, _CODE, 40, needed=True),
    Field("title", Form.TEXT, ("Tên vụ án, vụ việc", "Tên vụ án", "Tên vụ", "Title", "title_vi"), 500, width=50),
    Field("title_en", Form.TEXT, ("Tên tiếng Anh", "title_en"), 500, width=30),
    Field("kind", Form.KIND, ("Loại", "Phân loại", "kind")),
    Field("categories", Form.CATEGORIES, ("Tính chất", "Nhóm", "categories"), width=22),
    Field("locality", Form.TEXT, ("Địa bàn", "Địa phương", "Tỉnh, thành phố", "province", "locality"), 200),
    Field("sector", Form.TEXT, ("Lĩnh vực", "sector"), 200),
    Field("level", Form.TEXT, ("Cấp", "level"), 200),
    Field("offence_articles", Form.ARTICLES, ("Điều luật", "Điều BLHS", "Tội danh", "offence_articles"), 500),
    Field("severity", Form.SEVERITY, ("Loại tội phạm", "Mức độ", "severity_max", "severity"), width=22),
    Field("accused_count", Form.COUNT, ("Số bị can", "Bị can", "Số bị cáo", "defendants_count", "accused_count")),
    Field("damage", Form.AMOUNT, ("Thiệt hại", "damage", "damage_vnd"), width=20),
    Field("appropriated", Form.AMOUNT, ("Chiếm đoạt", "appropriated", "appropriated_vnd"), width=20),
    Field("must_recover", Form.AMOUNT, ("Phải thu hồi", "Phải thi hành", "must_recover", "must_recover_vnd"), width=20),
    Field("secured", Form.AMOUNT, ("Kê biên, phong tỏa", "Tạm giữ, kê biên", "secured", "secured_vnd"), width=20),
    Field("recovered", Form.AMOUNT, ("Đã thu hồi", "Đã thi hành", "recovered", "recovered_vnd"), width=20),
    Field("lead_agency", Form.TEXT, ("Cơ quan thụ lý", "Cơ quan đang thụ lý", "lead_agency"), 200, width=26),
    Field("lead_agency_code", Form.CODE, ("Mã cơ quan thụ lý", "lead_agency_code"), 40),
    Field("supervised_by", Form.SUPERVISED_BY, ("Diện theo dõi", "supervised_by"), 200),
    Field("supervised_from", Form.PAST_DAY, ("Ngày đưa vào diện", "supervised_from")),
    Field("origin", Form.CODE, ("Vụ việc gốc", "origin_code"), 40),
    Field("responsible", Form.TEXT, ("Cán bộ phụ trách", "responsible"), 120, width=22),
    _SOURCE,
    Field("notes", Form.TEXT, ("Ghi chú", "notes"), width=40),
)

EVENTS = (
    Field("code", Form.CODE, _CODE, 40, needed=True),
    Field("happened_on", Form.PAST, ("Ngày", "Ngày tháng", "Thời gian", "date"), needed=True),
    Field("event", Form.EVENT, ("Sự kiện", "Nội dung tiến độ", "event"), needed=True, width=40),
    Field("detail", Form.TEXT, ("Nội dung", "Chi tiết", "detail"), width=50),
    Field("amount_vnd", Form.AMOUNT, ("Số tiền", "amount", "amount_vnd"), width=20),
    _DOCUMENT,
    Field("body", Form.TEXT, ("Cơ quan ban hành", "body"), 200, width=26),
    Field("length", Form.LENGTH, ("Thời hạn gia hạn", "Thời hạn", "length"), 20),
    Field("accused", Form.CODE, ("Mã bị can", "accused_code"), 40),
    _SOURCE,
)

MONEY = (
    Field("code", Form.CODE, _CODE, 40, needed=True),
    Field("happened_on", Form.PAST, ("Ngày", "Ngày tháng", "Thời gian", "date"), needed=True),
    Field("quantity", Form.QUANTITY, ("Loại số liệu", "Chỉ tiêu", "quantity"), needed=True, width=28),
    Field("kind", Form.ENTRY_KIND, ("Cách ghi", "Loại bút toán", "kind"), width=16),
    Field("amount_vnd", Form.AMOUNT, ("Số tiền", "amount", "amount_vnd"), needed=True, width=20),
    Field("asset_kind", Form.TEXT, ("Loại tài sản", "asset_kind"), 100),
    Field("units", Form.NUMBER, ("Số lượng", "units"), 40),
    Field("unit", Form.TEXT, ("Đơn vị tính", "unit"), 40),
    _DOCUMENT,
    _SOURCE,
)

TASKS = (
    Field("code", Form.CODE, ("Mã nhiệm vụ", "Mã NV", "task_code", "Code"), 40, needed=True),
    Field("case_code", Form.CODE, ("Mã vụ", "Mã vụ án", "case_code"), 40),
    Field("content", Form.TEXT, ("Nội dung nhiệm vụ", "Nhiệm vụ", "Nội dung", "content"), width=60),
    Field("lead_agency", Form.TEXT, ("Cơ quan chủ trì", "Đơn vị chủ trì", "lead_agency"), 200, width=30),
    Field("cooperating", Form.TEXT, ("Cơ quan phối hợp", "Đơn vị phối hợp", "cooperating"), 2000, width=30),
    Field("responsible", Form.TEXT, ("Cán bộ phụ trách", "responsible"), 120, width=22),
    Field("assigned_on", Form.PAST_DAY, ("Ngày giao", "assigned_on")),
    Field("due_on", Form.DAY, ("Hạn hoàn thành", "Thời hạn", "Hạn", "due_on")),
    Field("claimed_on", Form.PAST_DAY, ("Ngày báo cáo hoàn thành", "claimed_on")),
    Field("done_on", Form.PAST_DAY, ("Ngày hoàn thành", "Ngày công nhận hoàn thành", "done_on")),
    Field("cancelled_on", Form.PAST_DAY, ("Ngày hủy", "Ngày thôi thực hiện", "cancelled_on")),
    Field("progress", Form.TEXT, ("Tiến độ", "Kết quả thực hiện", "progress"), width=40),
    Field("evidence", Form.TEXT, ("Tài liệu chứng minh", "evidence"), 500, width=30),
    Field("origin", Form.ORIGIN, ("Xuất xứ", "origin"), width=22),
    Field("session_number", Form.COUNT, ("Số phiên họp", "Phiên họp", "session_number")),
    Field("session_kind", Form.SESSION_KIND, ("Loại phiên họp", "session_kind"), width=22),
    Field("session_term", Form.TEXT, ("Nhiệm kỳ", "term"), 20),
    Field("item_no", Form.COUNT, ("Mục kết luận", "item_no")),
)

REQUESTS = (
    Field("code", Form.CODE, ("Mã yêu cầu", "Mã phối hợp", "request_code", "Code"), 40, needed=True),
    Field("case_code", Form.CODE, ("Mã vụ", "Mã vụ án", "case_code"), 40),
    Field("subject", Form.TEXT, ("Nội dung yêu cầu", "Nội dung", "subject"), 2000, width=60),
    Field("kind", Form.REQUEST_KIND, ("Loại yêu cầu", "kind"), width=22),
    Field("asks", Form.TEXT, ("Cơ quan yêu cầu", "asks"), 200, width=30),
    Field("asked", Form.TEXT, ("Cơ quan phải trả lời", "Cơ quan được yêu cầu", "asked"), 200, width=30),
    Field("urgent", Form.YES_NO, ("Khẩn", "urgent")),
    Field("document", Form.TEXT, ("Số, ký hiệu", "Số văn bản", "document"), 200, width=22),
    Field("document_on", Form.PAST_DAY, ("Ngày văn bản", "document_on")),
    Field("legal_basis", Form.TEXT, ("Căn cứ pháp lý", "legal_basis"), 500, width=30),
    Field("sent_on", Form.PAST_DAY, ("Ngày gửi", "sent_on")),
    Field("received_on", Form.PAST_DAY, ("Ngày nhận", "received_on")),
    Field("due_on", Form.DAY, ("Hạn trả lời", "Thời hạn", "due_on")),
    Field("replied_on", Form.PAST_DAY, ("Ngày trả lời", "replied_on")),
    Field("partial", Form.YES_NO, ("Trả lời một phần", "partial")),
    Field("reply_document", Form.TEXT, ("Văn bản trả lời", "reply_document"), 200, width=22),
    Field("reply_summary", Form.TEXT, ("Nội dung trả lời", "reply_summary"), 2000, width=40),
    Field("escalated_on", Form.PAST_DAY, ("Ngày báo cáo cấp trên", "escalated_on")),
    Field("cancelled_on", Form.PAST_DAY, ("Ngày rút yêu cầu", "cancelled_on")),
)

SESSIONS = (
    Field("number", Form.COUNT, ("Số phiên họp", "number"), needed=True),
    Field("kind", Form.SESSION_KIND, ("Loại phiên họp", "kind"), width=22),
    Field("term", Form.TEXT, ("Nhiệm kỳ", "term"), 20),
    Field("held_on", Form.PAST_DAY, ("Ngày họp", "held_on")),
    Field("place", Form.TEXT, ("Địa điểm", "place"), 200, width=26),
    Field("subject", Form.TEXT, ("Nội dung phiên họp", "subject"), 500, width=50),
    Field("notice", Form.TEXT, ("Thông báo kết luận", "notice"), 200, width=26),
)

OFFICIALS = (
    Field("name", Form.TEXT, ("Cán bộ phụ trách", "name"), 120, needed=True, width=30),
    Field("function", Form.TEXT, ("Chức năng", "function"), 120, width=30),
    Field("agency_code", Form.CODE, ("Mã cơ quan", "agency_code"), 40),
)

ACCUSED = (
    Field("case_code", Form.CODE, _CODE, 40, needed=True),
    Field("code", Form.CODE, ("Mã bị can", "accused_code"), 40, needed=True),
    Field("official_level", Form.TEXT, ("Cấp quản lý cán bộ", "official_level"), 120, width=26),
    Field("status", Form.STATUS, ("Tình trạng", "status"), width=22),
    Field("status_on", Form.PAST_DAY, ("Ngày tình trạng", "status_on")),
    Field("article", Form.TEXT, ("Điều", "article"), 20),
    Field("paragraph", Form.TEXT, ("Khoản", "paragraph"), 10),
)


@dataclass(frozen=True)
class SheetForm:
    """A sheet: its names (first: ours), its fields, and the two fields whose headings prove the heading row."""

    sheet: Sheet
    names: tuple[str, ...]
    fields: tuple[Field, ...]
    proof: tuple[str, str]

    def field(self, name: str) -> Field:
        """The field called `name`."""
        return next(field for field in self.fields if field.name == name)


FORMS = (
    SheetForm(Sheet.OFFICIALS, ("Cán bộ", "Officials", "officials.csv"), OFFICIALS, ("name", "function")),
    SheetForm(Sheet.SESSIONS, ("Phiên họp", "Sessions", "sessions.csv"), SESSIONS, ("number", "held_on")),
    SheetForm(
        Sheet.CASES,
        ("Danh mục", "DS vụ án", "Vụ án, vụ việc", "Cases", "cases.csv"),
        CASES,
        ("code", "title"),
    ),
    SheetForm(Sheet.ACCUSED, ("Bị can", "Accused", "accused.csv"), ACCUSED, ("case_code", "code")),
    SheetForm(Sheet.EVENTS, ("Diễn biến", "Tiến độ", "Events", "events.csv"), EVENTS, ("code", "event")),
    SheetForm(Sheet.MONEY, ("Tài sản", "Assets", "assets.csv"), MONEY, ("code", "quantity")),
    SheetForm(Sheet.TASKS, ("Nhiệm vụ", "Tasks", "tasks.csv"), TASKS, ("code", "content")),
    SheetForm(Sheet.REQUESTS, ("Phối hợp", "Coordination", "requests.csv"), REQUESTS, ("code", "subject")),
)
FORM = {form.sheet: form for form in FORMS}

GUIDE_SHEET, LISTS_SHEET = "Hướng dẫn", "Danh sách chọn"  # of our own workbooks; they hold no facts
FINDINGS_SHEET = "Ô cần sửa"
OWN_SHEETS = frozenset(map(plain, (GUIDE_SHEET, LISTS_SHEET, FINDINGS_SHEET)))
NUMBERING = frozenset({"stt", "tt", "so tt", "so thu tu", "no"})  # columns of row numbers: no facts, no warning

UNITS = {
    "dong": 1, "vnd": 1, "vnđ": 1, "d": 1, "viet nam dong": 1,
    "nghin dong": 10**3, "ngan dong": 10**3, "1000 dong": 10**3, "1 000 dong": 10**3,
    "trieu dong": 10**6, "trieu": 10**6, "tr dong": 10**6,
    "ty dong": 10**9, "ti dong": 10**9, "ty": 10**9, "ti": 10**9,
}  # fmt: skip


def sheet_form(name: str) -> SheetForm | None:
    """The form of the sheet called `name`, or None for a sheet we do not know."""
    return _forms().get(plain(name))


@cache
def _forms() -> dict[str, SheetForm]:
    return {plain(name): form for form in FORMS for name in form.names}


def heading_name(text: str) -> str:
    """A heading without what stands in brackets, as headings are compared."""
    return plain(_BRACKETS.sub(" ", text))


def heading_field(form: SheetForm, text: str) -> Field | None:
    """The field that the heading `text` names on this sheet, or None."""
    return _headings(form.sheet).get(heading_name(text))


@cache
def _headings(sheet: Sheet) -> dict[str, Field]:
    return {plain(heading): field for field in FORM[sheet].fields for heading in field.headings}


def unit_of(heading: str) -> int | None:
    """Đồng per unit of a money column: 1 without brackets, the named unit's value, None for a unit we do not know."""
    inside = [plain(part) for part in _BRACKETS.findall(heading)]
    if not inside:
        return 1
    return next((UNITS[_unit_name(part)] for part in inside if _unit_name(part) in UNITS), None)


def _unit_name(text: str) -> str:
    for start in ("don vi tinh", "don vi", "dvt"):
        text = text.removeprefix(start).strip()
    return text


def names_unit(heading: str) -> bool:
    """Whether a heading says its own unit."""
    return bool(_BRACKETS.search(heading))
