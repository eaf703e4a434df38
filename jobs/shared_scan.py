"""A scan of many files shared between two processes, so that both processors of a small machine work at it.

The parts of the files lie on one heap. This process and its helper take from it until nothing is left, each in a read
session of its own. The helper works only on the same data and by the same rules: the same data version and stamp, else
it leaves. Whatever it has taken and not answered, for whatever reason, is done here after all.
"""

import gc
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from models.db import Engine, Session, make_engine, read_session
from models.queries.facts import Part
from models.queries.judged import data_version, stamp
from models.queries.told import ToldPart, tell
from models.rules.access import Viewer

log = logging.getLogger(__name__)
# A program of its own: a fork would take the parent's database connections and threads along, and a process that
# `multiprocessing` spawns runs the parent's main script first, which may be a page of the dashboard.
COMMAND = (sys.executable, "-P", "-m", "jobs.shared_scan")
WIDTH = 4  # bytes of a number on the heap

Answers = dict[int, ToldPart]


@dataclass(frozen=True)
class Order:
    """What both processes do, and from which data and rules. It goes by a pipe: the address may hold a password."""

    url: str
    viewer: Viewer
    as_of: date
    full: bool
    parts: Sequence[Part]
    data_version: int
    stamp: str


@dataclass(frozen=True)
class Heap:
    """The numbers of the parts that nobody has taken: a pipe from which both processes read, each number once."""

    end: int  # the descriptor to read from

    def take(self) -> int | None:
        """The next number; None when nothing is left."""
        number = os.read(self.end, WIDTH)
        return int.from_bytes(number) if len(number) == WIDTH else None


@dataclass(frozen=True)
class Helper:
    """The other process; its answer comes on its standard output."""

    process: subprocess.Popen[bytes]

    def told(self) -> Answers:
        """What it has told, by the place of the part; nothing if it had other data, failed or died."""
        assert self.process.stdout is not None
        try:
            answer = pickle.load(self.process.stdout)  # of our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            answer = "it ended without an answer"
        if isinstance(answer, dict):
            return answer
        log.warning("The second process of the scan did not help (%s); the scan does without it.", answer)
        return {}


def order(session: Session, viewer: Viewer, parts: Sequence[Part], *, as_of: date, full: bool) -> Order:
    """The work on `parts`, on the data that `session` sees."""
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    return Order(url, viewer, as_of, full, parts, data_version(session), stamp(session))


def told_by_two(session: Session, work: Order) -> list[ToldPart]:
    """Every part told, in their order, by this process and a helper."""
    with _heap(len(work.parts)) as heap, _helper(work, heap) as helper:
        found = _work(session, work, heap)
        if helper and len(found) < len(work.parts):
            found |= helper.told()
    for number, part in enumerate(work.parts):
        if number not in found:
            found[number] = _tell(session, work, part)
    return [found[number] for number in range(len(work.parts))]


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def without_collector() -> Iterator[None]:
    """Meanwhile Python does not look for cycles: a scan makes millions of small things and none, and every look goes
    over all that there are by then."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


@contextmanager
def _heap(many: int) -> Iterator[Heap]:
    """A heap of the numbers below `many`; what a very small pipe does not hold is nobody's, and so done last."""
    end, into = os.pipe()
    try:
        try:
            os.set_blocking(into, False)
            os.write(into, b"".join(number.to_bytes(WIDTH) for number in range(many)))
        finally:
            os.close(into)
        yield Heap(end)
    finally:
        os.close(end)


@without_collector()
def _work(session: Session, work: Order, heap: Heap) -> Answers:
    found: Answers = {}
    while (number := heap.take()) is not None:
        found[number] = _tell(session, work, work.parts[number])
    return found


def _tell(session: Session, work: Order, part: Part) -> ToldPart:
    return tell(session, work.viewer, part, as_of=work.as_of, full=work.full)


@contextmanager
def _helper(work: Order, heap: Heap) -> Iterator[Helper | None]:
    """The helper while the block lasts; None where no process can be started."""
    try:
        process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(heap.end,), start_new_session=True
        )
    except OSError as error:  # no memory or process left
        log.warning("No second process could be started for the scan (%s).", error)
        yield None
        return
    with process:
        assert process.stdin is not None
        try:
            with suppress(OSError), process.stdin as order:  # it has died already: it will not answer
                pickle.dump((work, heap), order)
            yield Helper(process)
        finally:
            process.kill()  # it has answered, or nobody waits for its answer any more


def main() -> None:
    """The helper: take parts as long as there are some, then answer; in a sentence, why not."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    work, heap = pickle.load(sys.stdin.buffer)
    engine = make_engine(work.url)
    try:
        answer = _helped(engine, work, heap)
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    finally:
        engine.dispose()
    pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _helped(engine: Engine, work: Order, heap: Heap) -> Answers | str:
    with read_session(engine) as session:
        if (data_version(session), stamp(session)) != (work.data_version, work.stamp):
            return "something was saved in the meantime"
        return _work(session, work, heap)


if __name__ == "__main__":
    main()
