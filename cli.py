"""The `liem` command: it only puts the packages' commands together and turns refusals into one clear line."""

import secrets
import sys
import tempfile
import traceback
from pathlib import Path

import typer

from models.db import DBAPIError, is_full
from models.errors import NO_ROOM, LiemError, is_no_room
from models.rules.words import Refusal, Words, words
from models.settings import Settings, settings
from models.text import translator

app = typer.Typer(
    name="liem",
    help="Supervised cases of a provincial steering committee: list, statutory clocks, scan, dashboard, reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def build() -> typer.Typer:
    """The whole command, with the commands of every package."""
    from dashboard.commands import register as dashboard
    from dashboard.person_commands import register as people
    from exports.commands import register as exports
    from exports.lookup import register as lookup
    from jobs.audit_commands import register as audit
    from jobs.backup_commands import register as backups
    from jobs.commands import register as jobs
    from seed.commands import register as seed
    from seed.demo import register as demo

    for register in (dashboard, people, demo, seed, jobs, audit, backups, lookup, exports):
        register(app)
    return app


def main() -> None:
    """Run the command: exit 0 done and clean, 1 done but look, refused or failed, 2 wrong usage; never a traceback."""
    try:
        code = build()(standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt, BrokenPipeError):
        code = 1
    except Exception as error:
        code = _told(error)
    sys.exit(code or 0)


def _told(error: Exception) -> int:
    """Say in one line what ended the command; the exit code."""
    match error:
        case typer.Exit():
            return error.exit_code
        case typer.TyperException():
            _show(error)
            return 2
        case LiemError():
            _say(error.words)
            return error.exit_code
        case Refusal():
            _say(error.words)
            return 2
        case UnicodeEncodeError():
            _say(words("A word of the command is not readable as text: write it in UTF-8."))
            return 2
        case DBAPIError() if is_full(error):
            _say(NO_ROOM)
        case OSError() if is_no_room(error):
            _say(NO_ROOM)
        case DBAPIError():
            error.hide_parameters = True  # the details name statements, not what people wrote
            _say(_database_failed(error))
        case _:
            _say(_program_failed(error))
    return 1


def _database_failed(error: DBAPIError) -> Words:
    return words(
        "The database failed in the middle of the command: {why}. What was not finished was not kept. "
        "See whether the database runs, then give the command again. Details: {file}",
        why=_first_line(error.orig or error),
        file=_details(error),
    )


def _program_failed(error: Exception) -> Words:
    return words(
        "The command failed by a fault of the program ({kind}). What was not finished was not kept. "
        "Send the administrator the file with the details: {file}",
        kind=type(error).__name__,
        file=_details(error),
    )


def _show(error: typer.TyperException) -> None:
    """What is wrong with the call, as Typer shows it: usage, then the mistake."""
    show = getattr(error, "show", None)
    if show:
        show()
    else:
        print(f"liem: {error.format_message()}", file=sys.stderr)


def _say(sentence: Words) -> None:
    """One line on standard error, in the language of this installation."""
    line = " ".join(translator(_language()).words(sentence).split())
    print(f"liem: {line}", file=sys.stderr)


def _language() -> str:
    """The language of this installation; the default one if it is the settings that cannot be used."""
    try:
        return settings().language
    except LiemError:
        return str(Settings.model_fields["language"].default)


def _details(error: Exception) -> str:
    """The file in the temporary folder that keeps the trace of `error`, readable by its owner only; a dash if none."""
    mark = f"liem-error-{secrets.token_hex(3).upper()}-"
    try:
        handle, name = tempfile.mkstemp(prefix=mark, suffix=".txt")
    except OSError:
        return "–"
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(error)))
    except OSError:
        Path(name).unlink()
        return "–"
    return name


def _first_line(error: BaseException) -> str:
    """What went wrong, without the rows that databases quote in the lines below."""
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")


if __name__ == "__main__":
    main()
