"""`liem scan` and `liem jobs run | list | once`."""

import json
import sys
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from jobs import flag_stalled
from jobs.deliver import Delivery, deliver
from jobs.ledger import Job, Outcome, rehearse, run
from models import clock
from models.changes.audit import record_settings
from models.changes.exports import note_taken_out
from models.db import engine, read_session, transaction
from models.enums import LATE_BUCKETS, Bucket, RunState
from models.errors import BadUsage, Forbidden, LiemError
from models.log import keep_log
from models.queries.people import viewer_named
from models.queries.restrictions import guarded
from models.queries.runs import due_at, last_runs, latest_due
from models.queries.told import ToldFile
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.words import words
from models.settings import effective, settings
from models.text import Translator, translator
from seed.reference_data import ensure_ready

As = Annotated[str, typer.Option("--as", metavar="NAME", help="Act as this account; default: the system operator.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to judge, YYYY-MM-DD; default: today.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]

jobs_app = typer.Typer(help="The scheduled jobs: run them, see them, run one now.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("scan")(scan)
    app.add_typer(jobs_app, name="jobs")


def scan(
    as_of: AsOf = "",
    as_json: Json = False,
    write: Annotated[bool, typer.Option("--write", help="Keep the verdicts, open and close flags.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Judge every file, also where the stored verdict stands.")
    ] = False,
    name: As = "",
) -> None:
    """Judge every open file for a day: one bucket each, and the buckets add up."""
    now = clock.now()
    day = _day(as_of)
    ensure_ready(engine(), now=now)
    viewer = _viewer(name)
    kept_instead = None
    if write:
        found, result = flag_stalled.judge_and_keep(_runner(viewer), today=day, now=now, full=full)
        kept_instead = result.did.get("superseded_by")
    else:
        with read_session() as session:
            found = flag_stalled.files(session, viewer, as_of=day, full=full, shared=True)
    codes = {file.code for file in found}
    with read_session() as session:
        is_guarded = not guarded(session, viewer).isdisjoint(codes)
    if is_guarded:
        with transaction() as session:
            note_taken_out(session, viewer, codes, file="liem scan", now=now)
    if as_json:
        print(flag_stalled.as_json(found, as_of=day))
    else:
        _print_scan(found, day, translator(settings().language))
    if kept_instead:
        raise LiemError(words("Not kept: the verdicts of {day}, a later day, are in force.", day=kept_instead))


@jobs_app.command("run")
def jobs_run() -> None:
    """Run the scheduled jobs until stopped; a missed run is caught up at once."""
    from jobs.schedule import run_forever

    ensure_ready(engine(), now=clock.now())
    with transaction() as session:
        record_settings(session, SYSTEM, effective(), now=clock.now())
    keep_log()
    run_forever()


@jobs_app.command("list")
def jobs_list(as_json: Json = False, name: As = "") -> None:
    """The jobs of this version: when each is due, and what its last run came to."""
    from jobs.schedule import jobs

    now = clock.now()
    ensure_ready(engine(), now=now)
    rows = [_job_row(job, _viewer(name), now) for job in jobs()]
    if as_json:
        return _print_json({"jobs": rows})
    t = translator(settings().language)
    for row in rows:
        last = row["last"]
        state = t("never run") if last is None else f"{last['slot']} {t.label(RunState(last['state']))}"
        due = t("next: {at}", at=datetime.fromisoformat(row["next"]))
        ran = t("last: {run}", run=state)
        print(f"{row['name']:<10} {row['at']}  {due}  {ran}")


@jobs_app.command("once")
def jobs_once(
    job_name: Annotated[str, typer.Argument(metavar="NAME", help="One of those that `liem jobs list` names.")],
    as_of: AsOf = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do; change and send nothing.")] = False,
    as_json: Json = False,
    name: As = "",
) -> None:
    """Run one job now, for a day; a day that is done is not run again."""
    from jobs.schedule import job_named

    job, day = job_named(job_name), _day(as_of)
    ensure_ready(engine(), now=clock.now())
    viewer = _viewer(name)
    keep_log()
    if dry_run:
        result = rehearse(job, day, _runner(viewer))
        outcome = Outcome(job.name, day.isoformat(), ran=False, did=result.did, failed=result.failed)
        _report(outcome, None, as_json, dry_run=True)
    else:
        outcome = run(job, day, viewer)
        _report(outcome, deliver(viewer, patient=False), as_json, dry_run=False)


def _report(outcome: Outcome, delivery: Delivery | None, as_json: bool, *, dry_run: bool) -> None:
    """Print what became of it. Exit 1 if something failed, a mail that was refused included."""
    failed = [*outcome.failed, *(delivery.failed if delivery else [])]
    did = dict(outcome.did)
    if delivery and (delivery.sent or delivery.waiting):
        did |= {"mails_sent": delivery.sent, "mails_waiting": delivery.waiting}
    said: dict[str, Any] = {"job": outcome.job, "slot": outcome.slot, "ran": outcome.ran, "did": did, "failed": failed}
    if dry_run:
        said["dry_run"] = True
    if as_json:
        _print_json(said)
    else:
        _print_outcome(outcome, did, failed, dry_run, translator(settings().language))
    if failed:
        raise typer.Exit(1)


def _print_outcome(
    outcome: Outcome, did: dict[str, Any], failed: list[dict[str, str]], dry_run: bool, t: Translator
) -> None:
    if dry_run:
        print(t("{job} {slot}: nothing was changed; it would do:", job=outcome.job, slot=outcome.slot))
    elif outcome.ran:
        print(t("{job} {slot}: done.", job=outcome.job, slot=outcome.slot))
    else:
        print(t("{job} {slot}: done before, or another process is at it.", job=outcome.job, slot=outcome.slot))
    for key, value in did.items():
        print(f"  {key}: {json.dumps(value, ensure_ascii=False)}")
    for item in failed:
        print(f"  {item['subject']}: {item['reason']}", file=sys.stderr)


def _print_scan(found: list[ToldFile], day: date, t: Translator) -> None:
    """The buckets with their sum, then the late files, the latest first, and those nobody can tell."""
    buckets = flag_stalled.told_buckets(found)
    print(t("State on {day}", day=day))
    for bucket in Bucket:
        print(f"  {buckets[bucket.value]:>6}  {t.label(bucket)}")
    print(f"  {sum(buckets.values()):>6}  " + t("Open files"))
    late = [verdict for verdict in found if verdict.bucket in LATE_BUCKETS]
    for verdict in sorted(late, key=lambda verdict: (-(verdict.days_late or 0), verdict.code)):
        mark = " (" + t("approximate date") + ")" if verdict.approximate else ""
        print(f"{verdict.code}  {t.words(verdict.why[0])}{mark}")
    for verdict in found:
        if verdict.bucket is Bucket.CANNOT_TELL:
            print(f"{verdict.code}  {t.label(verdict.bucket)}: {' '.join(t.words(why) for why in verdict.why)}")


def _job_row(job: Job[Any], viewer: Viewer, now: datetime) -> dict[str, Any]:
    with read_session() as session:
        last = next(iter(last_runs(session, viewer, job=job.name, limit=1)), None)
    every = timedelta(days=1 if job.weekday is None else 7)
    return {
        "name": job.name,
        "at": job.at.strftime("%H:%M"),
        "next": due_at(job.at, latest_due(job.at, now=now, weekday=job.weekday) + every).isoformat(),
        "last": last and {"slot": last.slot, "state": last.state.value, "did": last.did, "failed": last.failed},
    }


def _viewer(name: str) -> Viewer:
    """Who acts: the account `name`, else the local system operator. Raises NotFound, Forbidden."""
    if not name:
        return SYSTEM
    with read_session() as session:
        return viewer_named(session, name)


def _runner(viewer: Viewer) -> Viewer:
    """`viewer`, if it may run jobs. Raises Forbidden."""
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only the secretariat may run jobs."))
    return viewer


def _day(text: str) -> date:
    """The day `text` names, today in the province for none. Raises BadUsage."""
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadUsage(words("{given} is no day. Write it as 2026-11-21.", given=repr(text))) from None


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False))
