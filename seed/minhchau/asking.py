"""Coordination requests of the province: answered, late, urgent, partial, escalated, withdrawn, some about no file."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.enums import CoordinationKind
from models.rules.limits import Rulebook
from seed.minhchau.courses import NEWEST, workday
from seed.minhchau.file import File, Row, recorded_at
from seed.minhchau.plans import Course

K = CoordinationKind


class Asking(NamedTuple):
    """A request: days ago it was sent, who asks whom for what, about a file of which course, and what became of it.

    `received`, `replied`, `escalated`, `cancelled`: days after it was sent; `due`: the day it names, likewise.
    """

    ago: int
    asks: str
    asked: str
    kind: CoordinationKind
    subject: str
    course: Course | None = None
    urgent: bool = False
    received: int | None = 1
    due: int | None = None
    replied: int | None = None
    partial: bool = False
    escalated: int | None = None
    cancelled: int | None = None
    reply: str = ""


ASKINGS = (
    Asking(96, "CQDT", "STC", K.VALUATION, "Cử giám định viên tham gia Hội đồng định giá tài sản", Course.INVESTIGATION,
           replied=11, reply="Đã cử 02 giám định viên"),
    Asking(74, "VKS", "CQDT", K.DOCUMENT, "Cung cấp bổ sung tài liệu kế toán của gói thầu", Course.PROSECUTION,
           replied=22, reply="Đã giao đủ tài liệu theo biên bản"),
    Asking(61, "THADS", "SNNMT", K.INFORMATION, "Cung cấp thông tin biến động đất đai của người phải thi hành án",
           Course.ENFORCEMENT, replied=9, partial=True, reply="Mới trả lời 3/5 thửa đất"),
    Asking(52, "TTT", "STC", K.DOCUMENT, "Cung cấp hồ sơ quyết toán dự án", Course.INSPECTION, escalated=30),
    Asking(40, "BNC", "UBND", K.INFORMATION, "Báo cáo việc xử lý nhà, đất công dôi dư sau sắp xếp đơn vị hành chính",
           cancelled=6),
    Asking(31, "CQDT", "GDTP", K.OPINION, "Cho ý kiến về phạm vi trưng cầu giám định tài chính", Course.SUSPENDED,
           due=20),
    Asking(24, "TAND", "VKS", K.JOINT_ACTION, "Phối hợp đối chất, thực nghiệm trước phiên tòa", Course.TRIAL_PREP,
           replied=5, reply="Thống nhất kế hoạch phối hợp"),
    Asking(13, "CQDT", "SXD", K.WITNESS, "Cử người am hiểu chuyên môn xây dựng làm việc với điều tra viên",
           Course.INVESTIGATION, urgent=True),
    Asking(9, "UBKT", "TTT", K.DOCUMENT, "Chuyển kết luận thanh tra phục vụ xem xét kỷ luật đảng", Course.DISCIPLINE,
           due=24),
    Asking(6, "BNC", "THADS", K.INFORMATION, "Cung cấp số liệu thu hồi tài sản tháng", received=None),
    Asking(4, "VKS", "CQDT", K.DOCUMENT, "Chuyển ngay lệnh kê biên để phê chuẩn", Course.INVESTIGATION, urgent=True,
           received=0),
)  # fmt: skip


def request_rows(files: Sequence[File], rulebook: Rulebook, today: date) -> list[Row]:
    """Rows of coordination_request, oldest first; `case`, `asks` and `asked` are codes."""
    newest = today - timedelta(days=NEWEST)
    numbers, turns = Counter[int](), Counter[Course]()
    rows: list[Row] = []
    for place, each in enumerate(ASKINGS):
        sent_on = workday(today - timedelta(days=each.ago), rulebook)
        numbers[sent_on.year] += 1
        file = _file(files, each.course, sent_on, turns)
        days = {
            f"{name}_on": _after(sent_on, getattr(each, name), rulebook, newest)
            for name in ("received", "replied", "escalated", "cancelled")
        }
        last = max(day for day in (sent_on, *days.values()) if day)
        rows.append(
            {
                "code": f"PH-{sent_on.year}-{numbers[sent_on.year]:03d}",
                "document": f"Số {41 + 6 * place}/PPH-{each.asks}",
                "document_on": sent_on,
                "case": file.code if file else None,
                "asks": each.asks,
                "asked": each.asked,
                "kind": each.kind,
                "subject": f"{each.subject}, {file.code}" if file else each.subject,
                "legal_basis": "Quy chế phối hợp" if place % 3 else "",
                "urgent": each.urgent,
                "sent_on": sent_on,
                "due_on": sent_on + timedelta(days=each.due) if each.due else None,
                **days,
                "reply_document": f"Số {112 + 9 * place}/{each.asked}" if days["replied_on"] else "",
                "reply_summary": each.reply if days["replied_on"] else "",
                "partial": each.partial,
                "retract_reason": "",
                "recorded_at": recorded_at(last),
            }
        )
    return rows


def _after(sent_on: date, days: int | None, rulebook: Rulebook, newest: date) -> date | None:
    if days is None:
        return None
    return max(sent_on, min(workday(sent_on + timedelta(days=days), rulebook), newest))


def _file(files: Sequence[File], course: Course | None, on: date, turns: Counter[Course]) -> File | None:
    """The next supervised file of the course, if there is one."""
    known = [file for file in files if file.plan.course is course and file.placed_on <= on and not file.plan.ended]
    if course is None or not known:
        return None
    turns[course] += 1
    return known[turns[course] % len(known)]
