"""An import under way: once started it goes on to its end, whatever the browser does, and is started only once."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event, Lock, Thread

from dashboard.components.scan import Scanned, judge_again
from dashboard.components.upload import Upload
from models.rules.access import Viewer
from models.text import Translator
from seed.headings import OURS, Headings
from seed.load import ImportResult, import_file

log = logging.getLogger(__name__)


@dataclass
class Applying:
    """How far an import of one account is; at its end `result` or `error`, and what the scan after it came to."""

    file: str
    done: int = 0
    total: int = 0
    writes: bool = False
    result: ImportResult | None = None
    scanned: Scanned | None = None
    error: Exception | None = None
    ended: Event = field(default_factory=Event)

    @property
    def share(self) -> float:
        """Part of the present step that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def step_words(self, t: Translator) -> str:
        """What is being done right now."""
        if self.result is not None:
            return t("Judging every open file …")
        return t("Writing {file} …", file=self.file) if self.writes else t("Checking {file} …", file=self.file)

    def step(self, done: int, total: int) -> None:
        """Called by the import: first for the rows read, then again from the start for the rows written."""
        self.writes = self.writes or done < self.done
        self.done, self.total = done, total


_under_way: dict[str, Applying] = {}
_lock = Lock()


def under_way(viewer: Viewer) -> Applying | None:
    """The import this account has started and not yet seen the end of."""
    return _under_way.get(viewer.name)


def start(viewer: Viewer, upload: Upload, *, now: datetime, today: date, headings: Headings = OURS) -> Applying:
    """Start applying `upload`; if this account has an import under way already, that one is returned."""
    with _lock:
        work = _under_way.get(viewer.name)
        if work is None:
            work = _under_way[viewer.name] = Applying(upload.name)
            Thread(target=_apply, args=(work, upload, viewer, now, today, headings), name="import", daemon=True).start()
    return work


def seen(viewer: Viewer) -> None:
    """The person has seen how the import ended."""
    with _lock:
        work = _under_way.get(viewer.name)
        if work is not None and work.ended.is_set():
            del _under_way[viewer.name]


def _apply(work: Applying, upload: Upload, viewer: Viewer, now: datetime, today: date, headings: Headings) -> None:
    try:
        with upload.on_disk() as path:
            work.result = import_file(
                path, viewer, now=now, today=today, progress=work.step, name=upload.name, headings=headings
            )
        if work.result.batch_id is not None:
            work.scanned = _judged(viewer, now=now, today=today)
    except Exception as error:
        work.error = error
    finally:
        work.ended.set()


def _judged(viewer: Viewer, *, now: datetime, today: date) -> Scanned | None:
    """The files judged by their new facts; None if that failed: the facts are in, and the morning scan will judge."""
    try:
        return judge_again(viewer, today=today, now=now)
    except Exception:
        log.exception("The import was applied, but the scan after it failed.")
        return None
