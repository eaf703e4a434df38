"""The log of every process: one line for each event, with its instant in universal time (docs/inventory.md#logs)."""

import logging
import re
import sys
import time

LINE, LINE_TIME = "%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ"
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class Lines(logging.Formatter):
    """An event is one line whatever somebody typed; only a trace of ours has more, each of them set in."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(LINE, LINE_TIME)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line without its breaks."""
        return BREAKS.sub(_named, super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        """The trace, set in, so that no line of it can pass for an event."""
        trace = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join("    " + BREAKS.sub(_named, line) for line in trace.split("\n"))


def keep_log() -> None:
    """Write the log of this process to standard error, as the supervisor of the service keeps it."""
    to = logging.StreamHandler(sys.stderr)
    to.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[to])


def _named(found: "re.Match[str]") -> str:
    return found[0].encode("unicode_escape").decode("ascii")
