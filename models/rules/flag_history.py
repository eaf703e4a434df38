"""When a flag stopped being true, by the facts as they are known now."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from models.enums import FlagRule
from models.rules.clocks import Reader
from models.rules.facts import CaseFacts
from models.rules.judge import judge
from models.rules.stalled import flags_of
from models.rules.thresholds import Thresholds

_Held = frozenset[tuple[FlagRule, str, date]]


@dataclass
class FlagHistory:
    """Judges one file on as many days as are asked for; each day once."""

    facts: CaseFacts
    reader: Reader
    thresholds: Thresholds
    _days: dict[date, _Held] = field(default_factory=dict)

    def ended_on(self, rule: FlagRule, subject: str, since: date, until: date) -> date:
        """The first day from `since` to `until` on which the flag does not hold; `until` if there is none.

        A flag that by what is known now was never true ends on the day it began; one of a day to come, too.
        """
        flag = (rule, subject, since)
        if since >= until or flag not in self._held(since):
            return since
        held = since
        for day in (*self._turns(since, until), until):
            if flag not in self._held(day):
                return self._first_without(flag, held, day)
            held = day
        return until

    def _turns(self, since: date, until: date) -> list[date]:
        """The days between on which something happened."""
        days = {event.on for event in self.facts.events}
        days |= {day for task in self.facts.tasks for day in (task.done_on, task.cancelled_on) if day}
        return sorted(day for day in days if since < day < until)

    def _first_without(self, flag: tuple[FlagRule, str, date], held: date, ended: date) -> date:
        """Between two days nothing happens, so the flag ends once."""
        while (days := (ended - held).days) > 1:
            middle = held + timedelta(days=days // 2)
            if flag in self._held(middle):
                held = middle
            else:
                ended = middle
        return ended

    def _held(self, day: date) -> _Held:
        if day not in self._days:
            verdict = judge(self.facts, self.reader, day, self.thresholds)
            found = flags_of(verdict, day, self.thresholds)
            self._days[day] = frozenset((flag.rule, flag.subject, flag.since) for flag in found)
        return self._days[day]
