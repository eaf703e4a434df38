"""The recovery ledger of the files: damage, what must be recovered, what is secured, and what came back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from models.enums import EntryKind, EventKind, Kind, Precision, Quantity
from models.rules.limits import Rulebook
from seed.minhchau.courses import NEWEST, workday
from seed.minhchau.file import File, Row, recorded_at
from seed.minhchau.plans import Course

E, Q = EventKind, Quantity
MILLION = 10**6
APPROPRIATING = ("353", "354", "355")  # articles that speak of what the offender took for himself
ENFORCING = (Course.FINAL, Course.ENFORCEMENT, Course.ENFORCED, Course.CASSATION)
AFTER_INSPECTION = (Course.FOLLOW_UP, Course.CARRIED_OUT, Course.AUDIT)
CORRECTED = 20  # days ago a recovered sum was found to be wrong


class Ledger:
    """Money of one file in the making; nothing younger than the newest fact of the province is written."""

    def __init__(self, file: File, rulebook: Rulebook, today: date) -> None:
        self.file = file
        self._rulebook = rulebook
        self._newest = today - timedelta(days=NEWEST)

    def reading(self, quantity: Quantity, on: date | None, amount_vnd: int, **more: Any) -> None:
        """What was known of a quantity on a day."""
        self._entry(EntryKind.READING, quantity, on, amount_vnd, more)

    def movement(self, quantity: Quantity, on: date | None, amount_vnd: int, **more: Any) -> None:
        """What was added to a quantity on a day."""
        self._entry(EntryKind.MOVEMENT, quantity, on, amount_vnd, more)

    def _entry(self, kind: EntryKind, quantity: Quantity, on: date | None, amount_vnd: int, more: Row) -> None:
        if on is None:
            return
        day = workday(on, self._rulebook)
        if day <= self._newest:
            row = {"kind": kind, "quantity": quantity, "amount_vnd": amount_vnd, "happened_on": day}
            self.file.money.append({**row, **more})


def fill(file: File, rulebook: Rulebook, today: date, rng: Random) -> None:
    """Write the money of a file: amounts of its events, and its ledger."""
    ledger = Ledger(file, rulebook, today)
    if file.kind is Kind.INCIDENT:
        _after_inspection(ledger, rng)
        return
    charged = file.on(E.ACCUSED_CHARGED)
    if charged is None:
        return
    damage = rng.randint(1_400, 8_600) * MILLION
    ledger.reading(Q.DAMAGE, file.on(E.EXPERT_RESULT) or charged + timedelta(days=15), damage)
    if file.article.startswith(APPROPRIATING):
        ledger.reading(Q.APPROPRIATED, charged + timedelta(days=15), _part(damage, rng.randint(35, 80)))
    _secure(file, ledger, damage, rng)
    returned = _give_back(file, damage, rulebook, today, rng)
    _assets(file, ledger)
    to_recover = damage
    concluded = file.on(E.INVESTIGATION_CONCLUDED)
    ledger.reading(Q.MUST_RECOVER, concluded, damage, document="Bản kết luận điều tra")
    ledger.reading(Q.ELIGIBLE, concluded, _part(damage, rng.randint(38, 60)))
    if judged := file.on(E.FIRST_INSTANCE_JUDGMENT):
        to_recover = _part(damage, rng.randint(88, 100))
        ledger.reading(Q.MUST_RECOVER, judged, to_recover, document="Bản án sơ thẩm")
    if file.plan.course in ENFORCING:
        _enforce(ledger, to_recover, returned, rng)


def _part(amount: int, percent: int) -> int:
    """So many percent of an amount, in whole thousands."""
    return amount * percent // 100_000 * 1000


def _secure(file: File, ledger: Ledger, damage: int, rng: Random) -> None:
    """What was seized: as one sum with the event, or in its parts."""
    for row in file.events:
        if row["kind"] is not E.ASSETS_SEIZED:
            continue
        worth = _part(damage, rng.randint(25, 60))
        if file.number % 4:
            row["amount_vnd"] = worth
        else:
            ledger.reading(Q.FROZEN, row["happened_on"], _part(worth, 40))
            ledger.reading(Q.ATTACHED, row["happened_on"], _part(worth, 60))
        if file.number % 9 == 0:
            ledger.reading(Q.TRANSACTIONS_BLOCKED, row["happened_on"], _part(worth, 15))


def _give_back(file: File, damage: int, rulebook: Rulebook, today: date, rng: Random) -> int:
    """Money the accused returned before judgment: an event, which the ledger counts as recovered."""
    charged = file.on(E.ACCUSED_CHARGED)
    if charged is None or file.number % 3 == 0:
        return 0
    on = workday(charged + timedelta(days=rng.randint(22, 40)), rulebook)
    if on > today - timedelta(days=max(NEWEST, file.plan.news)):
        return 0
    amount = _part(damage, rng.randint(3, 14))
    file.add(E.MONEY_RETURNED, on, amount_vnd=amount)
    return amount


def _assets(file: File, ledger: Ledger) -> None:
    """What is not money is written with its own unit and without a value."""
    seized = file.on(E.ASSETS_SEIZED)
    if file.subject.sector == "Đất đai" and file.number % 2:
        units = f"{1200 + 187 * file.number}.5"
        ledger.movement(Q.ATTACHED, seized, 0, asset_kind="Quyền sử dụng đất", units=units, unit="m²")
    if file.number in (3, 23):
        ledger.movement(Q.SECURED, seized, 0, asset_kind="Ngoại tệ", units="50000", unit="USD")


def _enforce(ledger: Ledger, to_recover: int, returned: int, rng: Random) -> None:
    """Eligible, recovered so far as the enforcement agency reports it, then single payments."""
    file = ledger.file
    decided = file.on(E.ENFORCEMENT_DECISION)
    eligible = _part(to_recover, rng.randint(62, 90))
    if decided is None:
        return
    verified = decided + timedelta(days=20)
    ledger.reading(Q.ELIGIBLE, verified, eligible)
    ledger.reading(Q.NOT_ELIGIBLE, verified, to_recover - eligible)
    completed = file.on(E.ENFORCEMENT_COMPLETED)
    if completed:
        ledger.reading(Q.RECOVERED, completed, eligible, document="Báo cáo của Thi hành án dân sự tỉnh")
        ledger.reading(Q.TO_BUDGET, completed, _part(eligible, 55))
        ledger.reading(Q.TO_VICTIM, completed, eligible - _part(eligible, 55))
        return
    so_far = returned + _part(eligible - returned, rng.randint(18, 34))
    ledger.reading(Q.RECOVERED, decided + timedelta(days=45), so_far, document="Báo cáo của Thi hành án dân sự tỉnh")
    for days, percent in ((75, 6), (130, 5), (180, 7), (202, 4)):
        ledger.movement(Q.RECOVERED_JUDICIAL, decided + timedelta(days=days), _part(eligible, percent))


def _after_inspection(ledger: Ledger, rng: Random) -> None:
    file = ledger.file
    concluded = file.on(E.INSPECTION_CONCLUDED) or file.on(E.AUDIT_CONCLUDED)
    if file.plan.course not in AFTER_INSPECTION or concluded is None:
        return
    amount = rng.randint(450, 3_200) * MILLION
    done = file.plan.course is Course.CARRIED_OUT
    ledger.reading(Q.MUST_RECOVER, concluded, amount, document="Kết luận thanh tra")
    ledger.reading(Q.ELIGIBLE, concluded, amount)
    ledger.movement(Q.RECOVERED_ADMIN, concluded + timedelta(days=28), _part(amount, 60 if done else 15))
    ledger.movement(Q.RECOVERED_ADMIN, concluded + timedelta(days=55), _part(amount, 34 if done else 8))


def money_rows(file: File, today: date) -> Iterator[Row]:
    """Rows of money_entry."""
    for row in file.money:
        full = {
            "case": file.code,
            "precision": Precision.DAY,
            "asset_kind": "",
            "units": "",
            "unit": "",
            "document": "",
            "retracted_at": None,
            "retract_reason": "",
            **row,
            "recorded_at": recorded_at(row["happened_on"]),
        }
        if _was_corrected(file, row):
            yield from _corrected(full, recorded_at(today - timedelta(days=CORRECTED)))
        else:
            yield full


def _was_corrected(file: File, row: Row) -> bool:
    """One sum of the province was reported wrongly before the last session and put right after it."""
    plan = file.plan
    return plan.course is Course.ENFORCEMENT and plan.since == 230 and row["quantity"] is Q.RECOVERED


def _corrected(right: Row, noticed_at: datetime) -> Iterator[Row]:
    reason = "Nhập nhầm số tiền, đã đối chiếu với báo cáo của Thi hành án dân sự"
    wrong = right["amount_vnd"] + 180 * MILLION
    yield {**right, "amount_vnd": wrong, "retracted_at": noticed_at, "retract_reason": reason}
    yield {**right, "recorded_at": noticed_at}
