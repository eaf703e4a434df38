"""Sessions of the committee, and what it asked whom to do: tasks in every state."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any, NamedTuple

from models.enums import Kind, SessionKind, SessionStatus, TaskOrigin
from models.rules.limits import Rulebook
from models.settings import settings
from seed.minhchau.courses import NEWEST, workday
from seed.minhchau.file import File, Row, recorded_at
from seed.minhchau.meetings import CHAIR, coming_row
from seed.minhchau.people import FOCAL
from seed.minhchau.plans import Course, Plan

SESSIONS = (315, 224, 133, 42)  # days ago of the sessions 1 to 4 of the committee
STANDING = (330, 300, 268, 238, 208, 178, 147, 117, 88, 58, 26)  # of the meetings of the Standing members
SUBJECTS = (
    "Triển khai chương trình công tác năm và danh mục vụ án, vụ việc thuộc diện theo dõi, chỉ đạo",
    "Đánh giá kết quả quý I; tiến độ các vụ án kéo dài",
    "Sơ kết 6 tháng; công tác thu hồi tài sản",
    "Đánh giá kết quả 9 tháng; phòng, chống lãng phí",
)


class State(Enum):
    """What became of a task."""

    DONE = "done"
    DONE_LATE = "done late"
    CLAIMED = "claimed"
    LATE = "late"
    OPEN = "open"
    CANCELLED = "cancelled"


D, DL, C, L, P, X = State.DONE, State.DONE_LATE, State.CLAIMED, State.LATE, State.OPEN, State.CANCELLED


class Ask(NamedTuple):
    """A task to give: what, to whom, with whom, and the course of a file that it is about."""

    content: str
    lead: str
    cooperating: tuple[str, ...] = ()
    course: Course | None = None


ASKS = (
    Ask("Kết thúc điều tra {file} trong thời hạn luật định", "CQDT", ("VKS",), Course.INVESTIGATION),
    Ask("Hoàn thành cáo trạng, chuyển Tòa án {file}", "VKS", ("CQDT",), Course.PROSECUTION),
    Ask("Đưa ra xét xử sơ thẩm {file}", "TAND", ("VKS",), Course.TRIAL_PREP),
    Ask("Xác minh tài sản, thu hồi ít nhất 30% số phải thi hành, {file}", "THADS", ("CQDT", "STC"), Course.ENFORCEMENT),
    Ask("Ban hành kết luận thanh tra {file}", "TTT", ("UBND",), Course.INSPECTION),
    Ask("Báo cáo kết quả định giá tài sản phục vụ điều tra {file}", "STC", ("CQDT",), Course.INVESTIGATION),
    Ask("Xem xét trách nhiệm tổ chức đảng, đảng viên liên quan {file}", "UBKT", ("BNC",), Course.DISCIPLINE),
    Ask("Rà soát trụ sở, nhà đất dôi dư sau sắp xếp, đề xuất phương án xử lý", "STC", ("UBND", "SNNMT")),
    Ask("Công khai danh mục dự án chậm tiến độ và trách nhiệm của chủ đầu tư", "UBND", ("STC", "SXD")),
    Ask("Thực hiện xong kiến nghị sau thanh tra {file}", "UBND", ("TTT",), Course.FOLLOW_UP),
    Ask("Tháo gỡ vướng mắc giám định tài chính trong {file}", "GDTP", ("CQDT", "VKS"), Course.SUSPENDED),
    Ask("Kiểm tra việc kê khai tài sản, thu nhập của cán bộ diện quản lý", "UBKT", ("TTT",)),
)  # fmt: skip

# session of the committee (0: a Standing meeting, then which one) → state of each of its conclusions
CONCLUSIONS: tuple[tuple[SessionKind, int, tuple[State, ...]], ...] = (
    (SessionKind.COMMITTEE, 1, (D, D, DL, D, D, L, D)),
    (SessionKind.COMMITTEE, 2, (D, D, DL, D, X, L, D)),
    (SessionKind.COMMITTEE, 3, (D, D, L, C, DL, D, L, P, L)),
    (SessionKind.COMMITTEE, 4, (D, D, P, P, L, C, P, D, P, C, L)),
    (SessionKind.STANDING, 9, (D, L, X)),
    (SessionKind.STANDING, 10, (P, C, L)),
    (SessionKind.STANDING, 11, (P, P)),
)
DIRECTIVES = (P, L)


def session_rows(rulebook: Rulebook, today: date) -> list[Row]:
    """Rows of committee_session, numbered per term and kind; the last one is still to come."""
    rows = []
    for kind, ago in ((SessionKind.COMMITTEE, SESSIONS), (SessionKind.STANDING, STANDING)):
        for number, days in enumerate(ago, start=1):
            held_on = workday(today - timedelta(days=days), rulebook)
            committee = kind is SessionKind.COMMITTEE
            rows.append(
                {
                    "term": settings().term,
                    "kind": kind,
                    "number": number,
                    "held_on": held_on,
                    "place": "Phòng họp Tỉnh ủy",
                    "subject": SUBJECTS[number - 1] if committee else "Giao ban tháng; kiểm điểm tiến độ các nhiệm vụ",
                    "notice": f"Số {30 + 7 * number}-TB/BCĐ" if committee else f"Số {number}-TB/TTBCĐ",
                    "notice_on": workday(held_on + timedelta(days=4), rulebook),
                    "status": SessionStatus.CONCLUDED,
                    "is_extraordinary": False,
                    "chair": CHAIR,
                    "version": 1,
                    "recorded_at": recorded_at(held_on),
                }
            )
    return [*rows, coming_row(rulebook, today, len(SESSIONS) + 1)]


def task_rows(sessions: Sequence[Row], files: Sequence[File], rulebook: Rulebook, today: date) -> list[Row]:
    """Rows of task, each with `cooperating`, the codes of the agencies that help."""
    held = {(row["kind"], row["number"]): row["held_on"] for row in sessions}
    asked: list[tuple[date, tuple[SessionKind, int] | None, int | None, State]] = []
    for kind, number, states in CONCLUSIONS:
        asked += [(held[kind, number], (kind, number), item, state) for item, state in enumerate(states, start=1)]
    asked += [(workday(today - timedelta(days=75), rulebook), None, None, state) for state in DIRECTIVES]
    asked.sort(key=lambda ask: ask[0])
    subjects, numbers = _Subjects(files), Counter[int]()
    rows = []
    for place, (assigned_on, session, item, state) in enumerate(asked):
        numbers[assigned_on.year] += 1
        ask = ASKS[(place * 5 + place // len(ASKS)) % len(ASKS)]
        file = subjects.next(ask.course, assigned_on)
        rows.append(
            {
                "code": f"NV-{assigned_on.year}-{numbers[assigned_on.year]:03d}",
                "case": file.code if file else None,
                "session": session,
                "item_no": item,
                "origin": TaskOrigin.CONCLUSION if session else TaskOrigin.DIRECTIVE,
                "content": ask.content.format(
                    file=f"{file.code}" if file else "các vụ án, vụ việc thuộc diện theo dõi"
                ),
                "lead": ask.lead,
                "responsible": FOCAL.get(ask.lead) if place % 6 else None,
                "assigned_on": assigned_on,
                **_course_of(state, place, assigned_on, rulebook, today),
                "cooperating": ask.cooperating,
            }
        )
    return rows


def _many(ask: Ask) -> str:
    incidents = ask.course is not None and Plan(ask.course).kind is Kind.INCIDENT
    return "các vụ việc thuộc diện theo dõi" if incidents else "các vụ án thuộc diện theo dõi"


class _Subjects:
    """Files to ask about: of a course, under supervision on the day, each in its turn."""

    def __init__(self, files: Iterable[File]) -> None:
        self._files = list(files)
        self._turns: Counter[Course] = Counter()

    def next(self, course: Course | None, on: date) -> File | None:
        """The next file of the course that was supervised on that day, if there is one."""
        if course is None:
            return None
        known = [
            file for file in self._files if file.plan.course is course and file.placed_on <= on and not file.plan.ended
        ]
        if not known:
            return None
        self._turns[course] += 1
        return known[self._turns[course] % len(known)]


def _course_of(state: State, place: int, assigned_on: date, rulebook: Rulebook, today: date) -> Row:
    """The dates of a task in this state; each fact was entered on the next morning."""
    newest = today - timedelta(days=NEWEST)
    due = _due(state, place, assigned_on, today)
    row: dict[str, Any] = {"due_on": workday(due, rulebook), "claimed_on": None, "done_on": None, "cancelled_on": None}
    report = f"Báo cáo số {20 + 3 * place}"
    if state in (State.DONE, State.DONE_LATE):
        late = 12 if state is State.DONE_LATE else -6
        row["claimed_on"] = min(max(workday(due + timedelta(days=late), rulebook), assigned_on), newest)
        row["done_on"] = min(workday(row["claimed_on"] + timedelta(days=4), rulebook), newest)
        row.update(progress="Đã hoàn thành, có báo cáo kèm theo", evidence=report)
    elif state is State.CLAIMED:
        row["claimed_on"] = workday(today - timedelta(days=5 + place % 4), rulebook)
        row.update(progress="Cơ quan chủ trì báo cáo đã hoàn thành", evidence=report)
    elif state is State.CANCELLED:
        row["cancelled_on"] = min(workday(assigned_on + timedelta(days=20), rulebook), newest)
        row["progress"] = "Gộp vào nhiệm vụ khác theo kết luận của Thường trực"
    elif state is State.LATE:
        row["progress"] = "Chưa có báo cáo kết quả" if place % 2 else "Đang chờ kết quả giám định"
    facts = [assigned_on, row["claimed_on"], row["done_on"], row["cancelled_on"]]
    return {"progress": "", "evidence": "", **row, "recorded_at": recorded_at(max(day for day in facts if day))}


def _due(state: State, place: int, assigned_on: date, today: date) -> date:
    room = (today - assigned_on).days
    if state is State.OPEN:
        return today + timedelta(days=4 + 9 * (place % 6))
    if state is State.CLAIMED:
        return today + timedelta(days=3 + place % 9)
    if state is State.LATE:
        ago = 5 + 8 * (place % 5) if room < 150 else 60 + 20 * (place % 4)
        return max(assigned_on + timedelta(days=10), today - timedelta(days=ago))
    return assigned_on + timedelta(days=min(75, max(14, room - 21)))


def cooperating_rows(tasks: Iterable[Row]) -> Iterator[Row]:
    """Rows of task_agency, by codes."""
    for task in tasks:
        yield from ({"task": task["code"], "agency": agency} for agency in task["cooperating"])
