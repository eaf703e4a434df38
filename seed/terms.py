"""Closed terms of workbooks: every spelling people use → member of a closed list, and how our own workbooks write it.

Terms and headings are compared without case, diacritics, punctuation, line breaks or double spaces.
"""

import re
from enum import StrEnum
from functools import cache, lru_cache

from models.enums import (
    AccusedStatus,
    Category,
    CoordinationKind,
    EntryKind,
    EventKind,
    Kind,
    Quantity,
    SessionKind,
    Severity,
    TaskOrigin,
    label,
)
from models.text import fold, translator
from seed.reference_data import event_names

_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """`text` as headings and terms are compared: folded, every run of anything but letters and digits one space."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


# How our own workbooks write each term.
SHOWN: dict[type[StrEnum], dict[StrEnum, str]] = {
    Kind: {Kind.CASE: "Vụ án", Kind.INCIDENT: "Vụ việc"},
    Category: {Category.CORRUPTION: "Tham nhũng", Category.WASTE: "Lãng phí", Category.NEGATIVITY: "Tiêu cực"},
    Severity: {
        Severity.LESS_SERIOUS: "Ít nghiêm trọng",
        Severity.SERIOUS: "Nghiêm trọng",
        Severity.VERY_SERIOUS: "Rất nghiêm trọng",
        Severity.ESPECIALLY_SERIOUS: "Đặc biệt nghiêm trọng",
    },
    Quantity: {
        Quantity.DAMAGE: "Thiệt hại",
        Quantity.APPROPRIATED: "Chiếm đoạt",
        Quantity.MUST_RECOVER: "Phải thu hồi",
        Quantity.ELIGIBLE: "Có điều kiện thi hành",
        Quantity.NOT_ELIGIBLE: "Chưa có điều kiện thi hành",
        Quantity.SECURED: "Kê biên, phong tỏa",
        Quantity.FROZEN: "Tạm giữ, phong tỏa",
        Quantity.ATTACHED: "Kê biên",
        Quantity.TRANSACTIONS_BLOCKED: "Ngăn chặn giao dịch",
        Quantity.RECOVERED: "Đã thu hồi",
        Quantity.VOLUNTARY: "Tự nguyện nộp lại",
        Quantity.RECOVERED_ADMIN: "Thu hồi qua thanh tra, kiểm tra, kiểm toán",
        Quantity.RECOVERED_JUDICIAL: "Thu hồi qua thi hành án",
        Quantity.TO_BUDGET: "Nộp ngân sách nhà nước",
        Quantity.TO_VICTIM: "Trả bị hại, tổ chức",
    },
    EntryKind: {EntryKind.READING: "Số dư", EntryKind.MOVEMENT: "Phát sinh"},
    TaskOrigin: {
        TaskOrigin.CONCLUSION: "Kết luận phiên họp",
        TaskOrigin.DIRECTIVE: "Chỉ đạo",
        TaskOrigin.PROGRAMME: "Chương trình",
        TaskOrigin.LETTER: "Công văn",
        TaskOrigin.OTHER: "Khác",
    },
    CoordinationKind: {
        CoordinationKind.INFORMATION: "Cung cấp thông tin",
        CoordinationKind.DOCUMENT: "Tài liệu",
        CoordinationKind.OPINION: "Ý kiến chuyên môn",
        CoordinationKind.JOINT_ACTION: "Phối hợp thực hiện",
        CoordinationKind.VALUATION: "Định giá",
        CoordinationKind.WITNESS: "Người làm chứng",
    },
    SessionKind: {SessionKind.COMMITTEE: "Ban Chỉ đạo", SessionKind.STANDING: "Thường trực"},
    AccusedStatus: {
        AccusedStatus.CHARGED: "Đã khởi tố",
        AccusedStatus.WANTED: "Truy nã",
        AccusedStatus.SUSPENDED: "Tạm đình chỉ",
        AccusedStatus.TERMINATED: "Đình chỉ",
        AccusedStatus.INDICTED: "Đã truy tố",
        AccusedStatus.TRIED: "Đã xét xử",
        AccusedStatus.EXEMPTED: "Miễn trách nhiệm hình sự",
    },
}

# Further spellings, as `plain` gives them.
_MORE: dict[type[StrEnum], dict[str, StrEnum]] = {
    Kind: {"va": Kind.CASE, "vv": Kind.INCIDENT, "vu an hinh su": Kind.CASE},
    Category: {"tn": Category.CORRUPTION, "lp": Category.WASTE, "tc": Category.NEGATIVITY},
    Severity: {
        "int": Severity.LESS_SERIOUS, "nt": Severity.SERIOUS, "rnt": Severity.VERY_SERIOUS,
        "dbnt": Severity.ESPECIALLY_SERIOUS,
    },
    Quantity: {
        "phai thi hanh": Quantity.MUST_RECOVER, "tam giu ke bien": Quantity.SECURED, "da thi hanh": Quantity.RECOVERED,
        "khac phuc": Quantity.VOLUNTARY, "khac phuc hau qua": Quantity.VOLUNTARY,
        "thu hoi hanh chinh": Quantity.RECOVERED_ADMIN, "da thu": Quantity.RECOVERED_JUDICIAL,
    },
    EntryKind: {"luy ke": EntryKind.READING, "tong luy ke": EntryKind.READING},
    TaskOrigin: {"ket luan": TaskOrigin.CONCLUSION, "chi thi": TaskOrigin.DIRECTIVE},
    SessionKind: {"phien hop ban chi dao": SessionKind.COMMITTEE, "hop thuong truc": SessionKind.STANDING},
    AccusedStatus: {},
    CoordinationKind: {},
}  # fmt: skip

# Diện theo dõi is free text; these English keys say the same as the Vietnamese words, and `unknown` says nothing.
SUPERVISED_BY = {
    "central committee": "Trung ương",
    "provincial committee": "Cấp tỉnh",
    "unknown": "",
}


@cache
def terms(kind: type[StrEnum]) -> dict[str, StrEnum]:
    """Every spelling of the members of `kind`, as terms are compared."""
    known = {plain(member.value): member for member in kind}
    known |= {plain(label(member)): member for member in kind}
    known |= {plain(translator("vi").label(member)): member for member in kind}
    known |= {plain(text): member for member, text in SHOWN[kind].items()}
    return known | _MORE[kind]


@cache
def event_terms() -> dict[str, EventKind]:
    """Every name of every event, as terms are compared; a name that two events share belongs to the first."""
    known: dict[str, EventKind] = {}
    for name in event_names():
        for text in (name.key.value, name.vi, name.en, name.fr, *name.aliases):
            if spelled := plain(text):
                known.setdefault(spelled, name.key)
    return known


@cache
def event_shown() -> dict[EventKind, str]:
    """The Vietnamese name of each event."""
    return {name.key: name.vi for name in event_names()}
