"""The whole province as rows, table by table: the same for a seed and a day."""

from datetime import date, timedelta
from random import Random

from models.changes.demo import Province
from models.rules.limits import Rulebook
from seed.minhchau import asking, meetings, money, work
from seed.minhchau.file import recorded_at
from seed.minhchau.files import files
from seed.minhchau.people import person_rows
from seed.minhchau.rows import accused_rows, describe, detail_rows, event_rows


def province(rulebook: Rulebook, today: date, seed: int) -> Province:
    """Everything the demo holds on `today`; nothing of it is younger than the day before."""
    rng = Random(seed)
    made = files(rulebook, today, rng)
    for file in made:
        money.fill(file, rulebook, today, rng)
        describe(file, rng)
    sessions = work.session_rows(rulebook, today)
    tasks = work.task_rows(sessions, made, rulebook, today)
    return Province(
        persons=person_rows(today - timedelta(days=400)),
        cases=[
            {"code": file.code, "origin": file.origin or None, "created_at": recorded_at(file.began_on)}
            for file in made
        ],
        details=[row for file in made for row in detail_rows(file)],
        events=[row for file in made for row in event_rows(file)],
        accused=[row for file in made for row in accused_rows(file)],
        money=[row for file in made for row in money.money_rows(file, today)],
        sessions=sessions,
        tasks=[{name: value for name, value in row.items() if name != "cooperating"} for row in tasks],
        cooperating=list(work.cooperating_rows(tasks)),
        steps=list(meetings.step_rows(tasks)),
        agenda=list(meetings.agenda_rows(sessions)),
        attendance=list(meetings.attendance_rows(sessions)),
        conclusions=list(meetings.conclusion_rows(tasks, sessions)),
        requests=asking.request_rows(made, rulebook, today),
    )
