"""`make bench`: how far the hot paths are from the floor that the same machine sets in the same run.

Ratios, not seconds, are the result: each path is timed against the least work that could give the same answer (the
plain SQL statements, reading the same rows, the reader and a bulk insert). The table goes to docs/performance.md.

    python -m tests.bench [--cases 1000 --cases 100000] [--no-write]
"""

import argparse
import gc
import multiprocessing
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter
from sqlalchemy import Engine, event, insert, text
from sqlmodel import select

from exports.issue import issue, order
from jobs import flag_stalled
from models.changes import _audit, judgements
from models.changes._revision import raise_revisions
from models.changes.events import EventEntry, record_event
from models.changes.files import FileDraft, new_file
from models.changes.sign_in import sign_in
from models.clock import today
from models.db import Session, make_engine, read_session, transaction
from models.enums import EventKind
from models.passwords import password_fits, weakness
from models.queries.figures import day_figures
from models.queries.overview import overview
from models.queries.people import credentials_of
from models.queries.search import search
from models.queries.standing import find
from models.rules.access import SYSTEM
from models.settings import ROOT
from models.tables import Case, CaseDetail, CaseEvent, CommitteeSession, DataVersion, MoneyEntry, Task
from seed.load import import_file
from seed.reference_data import prepare
from tests import databases, make
from tests.bench_saves import other_saves

TODAY = date(2026, 11, 21)
NIGHT_AFTER = TODAY + timedelta(days=1)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
EVENTS = (
    "report_received", "verification_started", "case_initiated", "accused_charged", "progress_note",
    "investigation_extended", "progress_note", "investigation_concluded", "file_to_procuracy", "progress_note",
)  # fmt: skip
CHUNK = 20_000
REPEATS = 5
WARMING, TURNS = 10, 40  # of two saves that are compared

FLOOR = (
    "SELECT bucket, kind, stage, count(*) FROM judgement GROUP BY bucket, kind, stage",
    "SELECT count(*), sum(CASE WHEN bucket LIKE 'overdue%' THEN 1 ELSE 0 END),"
    " sum(CASE WHEN last_event_on < '2026-08-23' THEN 1 ELSE 0 END) FROM judgement",
    "SELECT owner, bucket, count(*) FROM judgement GROUP BY owner, bucket",
    "SELECT stage_since, count(*) FROM judgement GROUP BY stage_since",
    "SELECT quantity, sum(amount_vnd) FROM money_entry WHERE retracted_at IS NULL AND happened_on <= '2026-11-21'"
    " GROUP BY quantity",
    "SELECT lead_agency_id, count(*) FROM task WHERE retracted_at IS NULL AND done_on IS NULL"
    " AND due_on < '2026-11-21' GROUP BY lead_agency_id",
)


@dataclass(frozen=True)
class Measure:
    """One path against its floor; seconds of this machine, the ratio is what counts. `goal` as wanted, in words; `peak`
    is the most memory, MB, where a goal speaks of it."""

    what: str
    database: str
    cases: int
    seconds: float
    floor: float | None
    goal: str
    note: str = ""
    peak: float = 0

    @property
    def is_missed(self) -> bool:
        """Whether one of the goals is not met."""
        measured = {"×": self.seconds / self.floor if self.floor else 0, "s": self.seconds, "MB": self.peak}
        return any(measured[unit] > float(most) for most, unit in re.findall(r"([\d.]+) ?(×|s|MB)", self.goal))

    @property
    def row(self) -> str:
        """The line of the table."""
        times = self.seconds / self.floor if self.floor else 0.0
        ratio = f"{times:.{2 if times < 2 else 1}f}×" if self.floor else "–"
        floor = f"{self.floor:.3f}" if self.floor else "–"
        cells = (self.what, self.database, f"{self.cases:,}", f"{self.seconds:.3f}", floor, ratio, self.goal, self.note)
        return "| " + " | ".join(cells) + " |"


def best(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The least of several runs in seconds: what the work takes when the machine does nothing else."""
    taken = []
    for _ in range(repeats):
        gc.collect()
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def best_in_turns(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[float, float]:
    """The least of several runs of each, by turns: the first ones warm up a connection that then serves for days."""
    pairs = [(best(one, 1), best(other, 1)) for _ in range(WARMING + TURNS)][WARMING:]
    return min(first for first, _ in pairs), min(second for _, second in pairs)


def without_audit(save: Callable[[], Any]) -> None:
    """The same save, told to nobody."""
    linked = _audit._append
    _audit._append = lambda *_: None
    try:
        save()
    finally:
        _audit._append = linked


def fill(engine: Engine, cases: int) -> None:
    """`cases` files with ten events, a task for every second and two amounts each; the same for the same number."""
    chance = random.Random(cases)
    with transaction(engine) as session:
        run = session.connection()
        ids = range(1, cases + 1)
        for part in _parts(ids):
            run.execute(insert(Case), [{"id": i, "code": f"VA-{i:06}", "revision": 1, "created_at": NOW} for i in part])
            run.execute(insert(CaseDetail), [_detail(i, chance) for i in part])
            events = [event for i in part for event in _events(i, chance)]
            for some in _parts(events):
                run.execute(insert(CaseEvent), some)
            run.execute(insert(MoneyEntry), [entry for i in part for entry in _money(i, chance)])
            run.execute(insert(Task), [_task(i, chance) for i in part if i % 2])
        run.execute(
            insert(CommitteeSession),
            {"term": "2025-2030", "kind": "committee", "number": 14, "held_on": date(2026, 10, 10), "recorded_at": NOW},
        )
        run.execute(DataVersion.__table__.update().values(n=DataVersion.n + 1))  # type: ignore[attr-defined]
        _audit.record(session, SYSTEM, "demo", "bench", now=NOW, after={"cases": cases})
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _parts(rows: Any) -> Iterator[Any]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _detail(case_id: int, chance: random.Random) -> dict[str, Any]:
    return {
        "case_id": case_id, "kind": "case", "title": f"Vụ án vi phạm quy định về đấu thầu số {case_id}",
        "is_corruption": True, "severity": chance.choice(("serious", "very_serious", None)),
        "offence_articles": "222(3)", "accused_count": chance.randint(1, 9), "locality": "Minh Châu",
        "recorded_at": NOW,
    }  # fmt: skip


def _events(case_id: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    day = TODAY - timedelta(days=chance.randint(60, 900))
    kinds = EVENTS[: chance.randint(6, len(EVENTS))]
    for kind in (*kinds, *["progress_note"] * (len(EVENTS) - len(kinds))):
        length = "2m" if kind == "investigation_extended" else ""
        yield {"case_id": case_id, "kind": kind, "happened_on": min(day, TODAY), "precision": "day", "length": length,
               "recorded_at": NOW}  # fmt: skip
        day += timedelta(days=chance.randint(1, 60))


def _money(case_id: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for quantity in ("must_recover", "recovered"):
        day = TODAY - timedelta(days=chance.randint(0, 800))
        yield {"case_id": case_id, "quantity": quantity, "kind": "reading", "amount_vnd": chance.randint(1, 10**11),
               "happened_on": day, "precision": "day", "recorded_at": NOW}  # fmt: skip


def _task(case_id: int, chance: random.Random) -> dict[str, Any]:
    due = TODAY + timedelta(days=chance.randint(-90, 90))
    return {"code": f"NV-{case_id:06}", "case_id": case_id, "origin": "conclusion", "content": "Đẩy nhanh tiến độ",
            "assigned_on": due - timedelta(days=60), "due_on": due,
            "done_on": due if chance.random() < 0.5 else None, "recorded_at": NOW}  # fmt: skip


def bench_scan(engine: Engine, kind: str, cases: int) -> Iterator[Measure]:
    """Judging files against reading the same rows by plain SQL into Python: from nothing, and the night after."""

    def read() -> None:
        with engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            cursor = driver.cursor()
            for statement in (
                "SELECT f.id, f.code, d.kind, d.severity, d.offence_articles, d.level, d.supervised_from"
                " FROM case_file f JOIN case_detail d ON d.case_id = f.id WHERE d.retracted_at IS NULL ORDER BY f.id",
                "SELECT case_id, id, happened_on, kind, precision, length, accused_id, body FROM case_event"
                " WHERE retracted_at IS NULL AND happened_on <= '2026-11-21' ORDER BY case_id, happened_on",
            ):
                cursor.execute(statement)
                cursor.fetchall()
            cursor.close()

    def tell(day: date, *, full: bool = False, shared: bool = True) -> None:
        """What `liem scan --json` does: every open file with its reasons and flags, as text."""
        with read_session(engine) as session:
            told = flag_stalled.files(session, SYSTEM, as_of=day, full=full, shared=shared)
        flag_stalled.as_json(told, as_of=day)

    def write(day: date, *, check: bool = False) -> tuple[float, dict[str, Any]]:
        gc.collect()
        started = time.perf_counter()
        with read_session(engine) as session:
            found = find(session, SYSTEM, as_of=day, check=check)
        with transaction(engine) as session:
            did = judgements.write(session, SYSTEM, found, now=NOW).did
        return time.perf_counter() - started, did

    repeats = REPEATS if cases <= 10_000 else 3
    floor = best(read, repeats)
    every = best(partial(tell, TODAY, full=True), repeats)
    yield Measure("liem scan --full", kind, cases, every, floor, "≤ 2×", "judges and tells every open file")
    alone = best(partial(tell, TODAY, full=True, shared=False), repeats)
    yield Measure("liem scan --full, in one process", kind, cases, alone, floor, "", "as with one processor")
    taken, _ = write(TODAY)
    yield Measure("scan --write, first time", kind, cases, taken, None, "", "judges and writes every file")
    yield Measure(
        "liem scan the night after", kind, cases, best(partial(tell, NIGHT_AFTER), repeats), floor, "≤ 2×",
        "tells every open file; judges only what moved",
    )  # fmt: skip
    taken, did = write(NIGHT_AFTER)
    yield Measure("scan --write the night after", kind, cases, taken, floor, "≤ 2×", f"{did['judged']:,} files judged")
    taken, did = write(NIGHT_AFTER + timedelta(days=1), check=True)
    checked = did["self_check"]["files"]
    yield Measure(
        "the nightly job, with the self-check of a seventh", kind, cases, taken, floor, "",
        f"{did['judged'] - checked:,} files judged, {checked:,} checked",
    )  # fmt: skip
    write(TODAY)  # the overview below is that of today


def bench_memory(url: str, kind: str, cases: int) -> Iterator[Measure]:
    """Seconds and peak memory of the whole command, all its processes counted, from its start to its end."""
    for asked in (("--full",), ("--full", "--write")):
        taken, peak = _command(url, "scan", "--json", "--as-of", TODAY.isoformat(), *asked)
        what = f"liem scan {' '.join(asked)}, the whole command"
        yield Measure(what, kind, cases, taken, None, "< 600 MB", f"peak {peak:.0f} MB", peak)


def _command(url: str, *given: str) -> tuple[float, float]:
    """Seconds and peak MB of a `liem` command with every process that it starts."""
    liem, peak, started = Path(sys.executable).with_name("liem"), 0.0, time.perf_counter()
    surroundings = {**os.environ, "LIEM_DATABASE_URL": url}
    with subprocess.Popen([liem, *given], env=surroundings, stdout=subprocess.DEVNULL) as command:
        while command.poll() is None:
            peak = max(peak, _resident_mb(command.pid))
            time.sleep(0.02)
    assert command.returncode == 0, f"liem {' '.join(given)} failed"
    return time.perf_counter() - started, peak


def _resident_mb(process: int) -> float:
    """Memory of a process and of those it has started, MB; what they share is counted for each."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # it has just ended
        return 0.0
    own = int(status.split("VmRSS:")[1].split()[0]) / 1024 if "VmRSS:" in status else 0.0
    return own + sum(_resident_mb(int(each)) for each in started)


def bench_overview(engine: Engine, kind: str, cases: int) -> Iterator[Measure]:
    """The day's figures against six plain statements on the same tables; after the scan has written."""

    def floor() -> None:
        with engine.connect() as connection:
            for statement in FLOOR:
                connection.execute(text(statement)).fetchall()

    def figures() -> None:
        with read_session(engine) as session:
            day_figures(session, SYSTEM, as_of=TODAY)

    def page() -> None:
        with read_session(engine) as session:
            overview(session, SYSTEM, as_of=TODAY)

    least = best(floor)
    yield Measure("overview: figures of the day", kind, cases, best(figures), least, "≤ 1.5×")
    yield Measure("overview: everything, no session chosen", kind, cases, best(page), least, "")
    with transaction(engine) as session:
        raise_revisions(session, [cases // 2])
        session.info["changed"] = True
        _audit.record(session, SYSTEM, "demo", "bench", now=NOW, after={"revisions": 1})
    yield Measure("overview after one save", kind, cases, best(page), least, "", "one file judged afresh")


def bench_search(engine: Engine, kind: str, cases: int) -> Iterator[Measure]:
    """A question from the box at the top: the time in the database alone, of all statements together."""
    middle = cases // 2
    questions = (
        ("a common word", "đấu thầu"), ("a rare word", f"{middle}"), ("a code", f"VA-{middle:06}"),
        ("two words", f"đấu thầu {middle}"), ("no hit", "qqzz"),
    )  # fmt: skip
    for what, question in questions:
        with read_session(engine) as session:
            taken = in_database(engine, session, partial(search, session, SYSTEM, question))
        yield Measure(f"search: {what}", kind, cases, taken, None, "≤ 0.010 s", "in the database")


def in_database(engine: Engine, session: Session, work: Callable[[], Any]) -> float:
    """Seconds that the statements of `work` take when run again by themselves, rows fetched."""
    seen: list[tuple[str, Any]] = []
    driver: Any = session.connection().connection.dbapi_connection

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        seen.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)

    def again() -> None:
        cursor = driver.cursor()
        for statement, given in seen:
            cursor.execute(statement, given)
            cursor.fetchall()
        cursor.close()

    return best(again, 2 * REPEATS)


def bench_saves(engine: Engine, kind: str, cases: int) -> Iterator[Measure]:
    """What an officer saves on screen, from the first statement to the commit; after the scan has written."""
    counter = iter(range(1, 1000))
    if kind == "PostgreSQL":
        with engine.begin() as connection:  # fill() gave the files their numbers itself
            connection.execute(text("SELECT setval(pg_get_serial_sequence('case_file', 'id'), max(id)) FROM case_file"))

    def note() -> None:
        code = f"VA-{cases // 3 + next(counter):06}"
        entry = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="Đã làm việc với Viện kiểm sát nhân dân")
        with transaction(engine) as session:
            record_event(session, SYSTEM, code, entry, revision=1, now=NOW, today=TODAY)

    def file() -> None:
        draft = FileDraft(title=f"Vụ án mới số {next(counter)}", is_corruption=True, locality="Minh Châu")
        with transaction(engine) as session:
            new_file(session, SYSTEM, draft, now=NOW, today=TODAY)

    yield Measure("a save: one event recorded on screen", kind, cases, best(note), None, "≤ 0.300 s")
    told, untold = best_in_turns(note, partial(without_audit, note))
    yield Measure("a save against the same without audit", kind, cases, told, untold, "≤ 1.15×")
    yield Measure("a save: new file", kind, cases, best(file), None, "≤ 0.300 s")
    for what, save in other_saves():

        def saved(save: Callable[[Session, str, dict[str, Any]], object] = save) -> None:
            code = f"VA-{cases // 2 + next(counter):06}"
            with transaction(engine) as session:
                revision = session.exec(select(Case.revision).where(Case.code == code)).one()
                save(session, code, {"revision": revision, "now": NOW, "today": TODAY})

        yield Measure(f"a save: {what}", kind, cases, best(saved), None, "≤ 0.300 s")


def bench_import(folder: Path, url: Callable[[], str], kind: str, cases: int) -> Iterator[Measure]:
    """Importing a workbook against reading it and inserting as many rows."""
    workbook = folder / f"import-{cases}.xlsx"
    _write_workbook(workbook, cases)
    floor_engine, engine = make_engine(url()), make_engine(url())

    def floor() -> None:
        book = python_calamine.CalamineWorkbook.from_path(str(workbook))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        with floor_engine.begin() as connection:
            ids = range(1, len(sheets[0]))
            for part in _parts(ids):
                connection.execute(
                    insert(Case), [{"id": i, "code": f"X{i}", "revision": 1, "created_at": NOW} for i in part]
                )
                connection.execute(insert(CaseDetail), [_detail(i, random.Random(i)) for i in part])
            rows = [{"case_id": n % len(ids) + 1, "kind": "progress_note", "happened_on": TODAY, "precision": "day",
                     "recorded_at": NOW} for n in range(len(sheets[1]))]  # fmt: skip
            for part in _parts(rows):
                connection.execute(insert(CaseEvent), part)

    def run() -> None:
        result = import_file(workbook, SYSTEM, now=NOW, today=TODAY, engine=engine)
        assert result.applied and result.counts["cases"]["new"] == cases, "the bench's own workbook was refused"

    yield Measure("import of a new workbook", kind, cases, best(run, 1), best(floor, 1), "≤ 2×", "two events a case")
    for each in (floor_engine, engine):
        each.dispose()


def _write_workbook(path: Path, cases: int) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        files, events = book.add_worksheet("Danh mục"), book.add_worksheet("Diễn biến")
        files.write_row(0, 0, ("Mã vụ", "Tên vụ án, vụ việc", "Địa bàn", "Điều luật", "Loại tội phạm", "Số bị can"))
        events.write_row(0, 0, ("Mã vụ", "Ngày", "Sự kiện", "Nội dung"))
        for n in range(1, cases + 1):
            files.write_row(n, 0, (f"VA-{n:06}", f"Vụ án số {n}", "Minh Châu", "222(3)", "Nghiêm trọng", n % 9 + 1))
            for m, name in ((2 * n - 1, "Khởi tố vụ án"), (2 * n, "Khởi tố bị can")):
                events.write(m, 0, f"VA-{n:06}")
                events.write_datetime(m, 1, datetime(2026, 1 + n % 9, 1 + n % 28), day)  # noqa: DTZ001
                events.write(m, 2, name)
                events.write(m, 3, f"Quyết định số {n}")


def _report(url: str) -> tuple[float, float]:
    """Seconds and peak MB of one annual report, in a process of its own."""
    engine = make_engine(url)
    wanted = order("annual", period="2026", session=None, as_of=TODAY, known_at=NOW, language="vi")
    started = time.perf_counter()
    issue(SYSTEM, wanted, now=NOW, today=TODAY, engine=engine)
    taken = time.perf_counter() - started
    return taken, _peak_mb()


def _peak_mb() -> float:
    """The most memory this process had, MB; of this program alone, not of the one that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def bench_report(url: str, kind: str) -> Iterator[Measure]:
    """An annual report of 500 files: seconds and memory of a fresh process (imports not counted)."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        taken, peak = pool.apply(_report, (url,))
    yield Measure("annual report", kind, 500, taken, None, "≤ 2 s, ≤ 300 MB", f"peak {peak:.0f} MB", peak)


def bench_sign_in(engine: Engine, kind: str) -> Iterator[Measure]:
    """CPU of this process for one sign-in with the right password: asking, checking, policy, writing, commit."""
    with transaction(engine) as session:
        account = make.account(session, login="thuky", password="Mật khẩu thử nghiệm 1")
        _audit.record(session, SYSTEM, "demo", "bench", now=NOW, after={"accounts": 1})

    def enter() -> float:
        started = time.process_time()
        with read_session(engine) as session:
            found = credentials_of(session, "thuky")
        assert found and password_fits("Mật khẩu thử nghiệm 1", found.password_hash)
        weak = weakness("Mật khẩu thử nghiệm 1", login="thuky") is not None
        with transaction(engine) as session:
            lasts = timedelta(hours=8)
            sign_in(session, account.id or 0, fits=True, is_weak=weak, now=NOW, lasts=lasts, address="10.0.0.7")
        return time.process_time() - started

    yield Measure("sign-in, CPU", kind, 500, min(enter() for _ in range(REPEATS)), None, "≤ 0.300 s of CPU")


def measure(sizes: list[int], folder: Path, kind: str, url: Callable[[], str]) -> Iterator[Measure]:
    """Every measure on one kind of database."""
    for cases in sizes:
        address = url()
        engine = make_engine(address)
        fill(engine, cases)
        yield from bench_scan(engine, kind, cases)
        yield from bench_overview(engine, kind, cases)
        yield from bench_search(engine, kind, cases)
        yield from bench_saves(engine, kind, cases)
        engine.dispose()
        yield from bench_memory(address, kind, cases)
        yield from bench_import(folder, url, kind, cases)
    small = url()
    engine = make_engine(small)
    fill(engine, 500)
    yield from bench_sign_in(engine, kind)
    engine.dispose()
    yield from bench_report(small, kind)


def machine() -> str:
    """The machine in a sentence."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {pages:.0f} GiB, Python {platform.python_version()}, {platform.system()}"


HEAD = """# Performance

Written by `make bench` on {day}: {machine}. Seconds are the best of several runs on this machine; the ratio to
the floor, measured in the same run on the same data, is what to compare. The floors: six plain SQL statements for the
overview, fetching the rows of every file and of its ten events by plain SQL into Python for the scan, the workbook
reader and a bulk insert of as many rows for the import. Both databases wait for the disk at every save: PostgreSQL as
it is delivered, not as the tests run it.

A scan judges the files whose stored verdict does not stand any more: something was recorded of them, a day has come on
which something turns, or law, calendar, thresholds or program changed (docs/decisions/0017-verdicts-file-by-file.md).
“First time” and `--full` judge every file, as after an upgrade or a changed rule. “The night after” is every other
night, here with no file changed in between; what is recorded during the day adds its own files. `liem scan` is measured
with everything it tells: every open file with its reasons and flags, as the text of `--json`. Where very many files are
to be judged and there are two processors, two processes share them (docs/decisions/0021-a-scan-shared-by-two.md).

| What | Database | Cases | Seconds | Floor, s | Ratio | Goal | Note |
| --- | --- | ---: | ---: | ---: | ---: | --- | --- |
"""
TAIL = """
Goals that are not met are left in the table as they are; in this run {missed}. At a thousand files the fixed costs
weigh most: a few statements, one connection, for the smallest import the separate process that opens foreign workbooks.
What costs more than its floor, and why: to tell every open file, its verdict, reasons and flags are read from stored
rows, joined and written out; to judge it, its events become facts and pass through the rules one by one in Python,
while PostgreSQL's driver reads them in C, so that the floor is lower there; the overview's figures ask for categories,
accused and money by line beyond the six statements; an import writes the index of the search and the audit chain.
"""


def shortfalls(found: Sequence[Measure]) -> str:
    """Which goals were missed, by name."""
    missed = [f"{each.what} ({each.database}, {each.cases:,})" for each in found if each.is_missed]
    return f"these: {'; '.join(missed)}" if missed else "there is none"


def main() -> None:
    """Measure, print, and write docs/performance.md."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, action="append", help="how many cases; may be repeated")
    asked.add_argument("--no-write", action="store_true", help="print only")
    options = asked.parse_args()
    sizes = options.cases or [1000, 100_000]
    measured: list[Measure] = []
    with (
        tempfile.TemporaryDirectory(prefix="liem-bench-") as name,
        databases.postgres_server(options=databases.AS_DELIVERED) as server,
    ):
        folder = Path(name)
        counter = iter(range(1000))

        def sqlite() -> str:
            address = f"sqlite:///{folder / f'{next(counter)}.db'}"
            prepare(address, now=NOW)
            return address

        def postgresql() -> str:
            return open_databases.enter_context(server.database())

        with ExitStack() as open_databases:
            for kind, url in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
                for found in measure(sizes, folder, kind, url):
                    measured.append(found)
                    print(found.row, file=sys.stderr, flush=True)
    rows = "".join(f"{found.row}\n" for found in measured)
    page = HEAD.format(day=today().isoformat(), machine=machine()) + rows + TAIL.format(missed=shortfalls(measured))
    print(page)
    if not options.no_write:
        (ROOT / "docs" / "performance.md").write_text(page)


if __name__ == "__main__":
    main()
