"""The `liem` command: it only puts the packages' commands together and turns refusals into one clear line."""

import sys

import typer

from models.errors import LiemError
from models.rules.words import Refusal

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
    from exports.commands import register as exports
    from exports.lookup import register as lookup
    from jobs.commands import register as jobs
    from seed.commands import register as seed
    from seed.demo import register as demo

    for register in (dashboard, demo, seed, jobs, lookup, exports):
        register(app)
    return app


def main() -> None:
    """Run the command: exit 0 done and clean, 1 done but look or refused, 2 wrong usage; no traceback for a mistake."""
    try:
        code = build()(standalone_mode=False)
    except typer.Exit as error:
        code = error.exit_code
    except typer.TyperException as error:
        _show(error)
        code = 2
    except LiemError as error:
        print(f"liem: {error}", file=sys.stderr)
        code = error.exit_code
    except Refusal as error:
        print(f"liem: {_said(error)}", file=sys.stderr)
        code = 2
    except (typer.Abort, KeyboardInterrupt, BrokenPipeError):
        code = 1
    sys.exit(code or 0)


def _show(error: typer.TyperException) -> None:
    """What is wrong with the call, as Typer shows it: usage, then the mistake."""
    show = getattr(error, "show", None)
    if show:
        show()
    else:
        print(f"liem: {error.format_message()}", file=sys.stderr)


def _said(refusal: Refusal) -> str:
    """What the rules refused, in the language of this installation."""
    from models.settings import settings
    from models.text import translator

    return translator(settings().language).words(refusal.words)


if __name__ == "__main__":
    main()
