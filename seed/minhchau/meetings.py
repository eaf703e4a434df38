"""What belongs to the sessions of the demo: agendas, who attended, conclusions line by line; and the one to come."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from models.enums import AgendaKind, Presence, SessionKind, SessionStatus, TaskStepKind
from models.rules.limits import Rulebook
from models.settings import settings
from seed.minhchau.courses import workday
from seed.minhchau.file import Row, recorded_at

NEXT_IN = 13  # days until the coming session of the committee
CHAIR = "Trưởng ban"
COMING = "Đánh giá kết quả năm 2026; phương hướng, nhiệm vụ năm tới"
FUNCTIONS = (
    ("Trưởng ban", "BCD"), ("Phó Trưởng ban Thường trực", "BCD"), ("Phó Trưởng ban, Trưởng Ban Nội chính", "BNC"),
    ("Phó Trưởng ban, Chủ nhiệm Ủy ban Kiểm tra", "UBKT"), ("Ủy viên, Giám đốc Công an tỉnh", "CQDT"),
    ("Ủy viên, Viện trưởng Viện kiểm sát nhân dân tỉnh", "VKS"), ("Ủy viên, Chánh án Tòa án nhân dân tỉnh", "TAND"),
    ("Ủy viên, Chánh Thanh tra tỉnh", "TTT"), ("Ủy viên, Giám đốc Sở Tài chính", "STC"),
    ("Ủy viên, Trưởng Thi hành án dân sự tỉnh", "THADS"),
)  # fmt: skip
STANDING = 4  # the first functions are the Standing members
POINTS = {
    SessionKind.COMMITTEE: (
        "Báo cáo kết quả công tác và tiến độ các vụ án, vụ việc thuộc diện theo dõi, chỉ đạo",
        "Kiểm điểm việc thực hiện kết luận phiên họp trước",
        "Công tác thu hồi tài sản tham nhũng, lãng phí",
    ),
    SessionKind.STANDING: ("Giao ban tiến độ các vụ án, vụ việc", "Kiểm điểm nhiệm vụ quá hạn"),
}


def coming_row(rulebook: Rulebook, today: date, number: int) -> Row:
    """The session that is planned: it counts in no figure yet."""
    return {
        "term": settings().term, "kind": SessionKind.COMMITTEE, "number": number,
        "held_on": workday(today + timedelta(days=NEXT_IN), rulebook), "place": "Phòng họp Tỉnh ủy", "subject": COMING,
        "notice": "", "notice_on": None, "status": SessionStatus.PLANNED, "is_extraordinary": False, "chair": CHAIR,
        "version": 1, "recorded_at": recorded_at(workday(today - timedelta(days=4), rulebook)),
    }  # fmt: skip


def agenda_rows(sessions: Iterable[Row]) -> Iterator[Row]:
    """Rows of agenda_item: the usual points; of the coming session only the first, the rest is still to be added."""
    for row in sessions:
        points = POINTS[row["kind"]]
        for number, title in enumerate(points[:1] if row["status"] is SessionStatus.PLANNED else points, start=1):
            yield {
                "session": (row["kind"], row["number"]), "number": number, "point": number,
                "kind": AgendaKind.REPORT, "title": title, "note": "", "case": None, "task_code": "",
                "recorded_at": row["recorded_at"],
            }  # fmt: skip


def attendance_rows(sessions: Iterable[Row]) -> Iterator[Row]:
    """Rows of attendance of the sessions that were held; here and there somebody stood in or was away."""
    for row in sessions:
        if row["status"] is SessionStatus.PLANNED:
            continue
        listed = FUNCTIONS[:STANDING] if row["kind"] is SessionKind.STANDING else FUNCTIONS
        for place, (function, agency) in enumerate(listed):
            presence, note = _presence(place, row["number"])
            yield {
                "session": (row["kind"], row["number"]), "number": place + 1, "function": function, "agency": agency,
                "presence": presence, "note": note, "recorded_at": row["recorded_at"],
            }  # fmt: skip


def _presence(place: int, number: int) -> tuple[Presence, str]:
    if place and (place + number) % 7 == 0:
        return Presence.REPRESENTED, "Cấp phó dự thay"
    if place and (place + 2 * number) % 11 == 0:
        return Presence.ABSENT, "Đi công tác, có báo cáo"
    return Presence.PRESENT, ""


def conclusion_rows(tasks: Iterable[Row], sessions: Sequence[Row]) -> Iterator[Row]:
    """Rows of conclusion: the line that each task of a session was made of."""
    recorded = {(row["kind"], row["number"]): row["recorded_at"] for row in sessions}
    for task in tasks:
        if task["session"]:
            yield {
                "session": task["session"], "item_no": task["item_no"], "text": task["content"], "lead": task["lead"],
                "due_on": task["due_on"], "case": task["case"], "retract_reason": "",
                "recorded_at": recorded[task["session"]],
            }  # fmt: skip


def step_rows(tasks: Iterable[Row]) -> Iterator[Row]:
    """Rows of task_step: the claims and verdicts that the tasks stand on."""
    for task in tasks:
        claimed, proof = task["claimed_on"], task["evidence"]
        if claimed:
            yield _step(task, TaskStepKind.CLAIMED, claimed, note=task["progress"], evidence=proof, claimed_on=claimed)
        if task["done_on"]:
            yield _step(task, TaskStepKind.ACCEPTED, task["done_on"], evidence=proof, claimed_on=claimed)
        if task["cancelled_on"]:
            yield _step(task, TaskStepKind.CANCELLED, task["cancelled_on"], note=task["progress"])


def _step(task: Row, kind: TaskStepKind, on: date, **said: object) -> Row:
    blank = {"note": "", "evidence": "", "claimed_on": None, "retract_reason": ""}
    return {**blank, "code": task["code"], "kind": kind, "happened_on": on, **said, "recorded_at": recorded_at(on)}
