"""A scan of many files shared between two processes, so that both processors of a small machine work at it.

The parts of the files lie on one heap. This process and its helper take from it until nothing is left, each in a read
session of its own. The helper works only on the same data and by the same rules: the same data version and stamp, else
it leaves. Whatever it has taken and not answered, for whatever reason, is done here after all.
"""

import gc
import logging
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

from models.db import Engine, Session, make_engine, read_session
from models.queries.facts import Part
from models.queries.judged import data_version, stamp
from models.queries.told import ToldPart, tell
from models.rules.access import Viewer

log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")  # a fork would take the parent's database connections and threads along

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


@dataclass
class Helper:
    """The other process, and the end of the pipe from which its answers come."""

    process: Any
    answers: Connection

    def told(self) -> Answers:
        """What it has told, by the place of the part; nothing if it had other data, failed or died."""
        try:
            answer = self.answers.recv()
        except (EOFError, OSError):
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
    taken = _spawn.Value("i", 0)
    with _helper(work, taken) as helper:
        found = _work(session, work, taken)
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


@without_collector()
def _work(session: Session, work: Order, taken: Any) -> Answers:
    found: Answers = {}
    while (number := _next(taken)) < len(work.parts):
        found[number] = _tell(session, work, work.parts[number])
    return found


def _next(taken: Any) -> int:
    with taken.get_lock():
        taken.value += 1
        return int(taken.value) - 1


def _tell(session: Session, work: Order, part: Part) -> ToldPart:
    return tell(session, work.viewer, part, as_of=work.as_of, full=work.full)


@contextmanager
def _helper(work: Order, taken: Any) -> Iterator[Helper | None]:
    """The helper while the block lasts; None where no process can be started."""
    answers, out = _spawn.Pipe(duplex=False)
    process = _spawn.Process(target=help_with, args=(work, taken, out), daemon=True)
    try:
        process.start()
    except (OSError, AssertionError) as error:  # no memory or process left; a daemon may start none
        log.warning("No second process could be started for the scan (%s).", error)
        yield None
        return
    finally:
        out.close()
    try:
        yield Helper(process, answers)
    finally:
        process.terminate()  # it has answered, or nobody waits for its answer any more
        process.join()
        answers.close()


def help_with(work: Order, taken: Any, out: Connection) -> None:
    """What the helper does: take parts as long as there are some, then answer; in a sentence, why not."""
    engine = make_engine(work.url)
    try:
        out.send(_helped(engine, work, taken))
    except Exception as error:
        out.send(f"{type(error).__name__}: {error}")
    finally:
        engine.dispose()


def _helped(engine: Engine, work: Order, taken: Any) -> Answers | str:
    with read_session(engine) as session:
        if (data_version(session), stamp(session)) != (work.data_version, work.stamp):
            return "something was saved in the meantime"
        return _work(session, work, taken)
