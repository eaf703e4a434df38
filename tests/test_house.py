"""The rules of the house that no tool checks: who is asked, who may, what is documented."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import models.changes
import models.queries
from models.rules.access import GRANTS, Action, Viewer, may
from models.rules.deeds import DEEDS
from models.settings import ROOT, Settings
from tests import cast

# models.queries.workbook is read by the import and the export only, after they have asked who may.
# Questions about no file and no person: the law, the calendar, the data's version, sign-in before anybody is known,
# and the SQL from which the questions are put together.
ASKED_BY_NOBODY = {
    "models.queries._visible": {"sees", "visible_cases", "visible_ids"},
    "models.queries.facts": {"known"},
    "models.queries.reference": {
        *("calendar", "rulebook", "changed_since", "current_limits", "limit_history", "days_of", "day_history"),
        *("special_days", "offence_lines"),
        *("years", "missing_years", "calendar_problem", "administrators_steps", "administrators_years"),
        *("differing_steps", "differing_years"),
    },
    "models.queries.judged": {
        *("data_version", "thresholds", "reader", "scan_state", "is_fresh", "row_of"),
        *("stamp", "stands"),  # by what rules, and the condition that a stored verdict is still right
    },
    "models.queries.limits": {"longest_days", "unproved_rules"},
    # what the index of the search holds, for the one who keeps it; what it finds is asked by a viewer
    "models.queries.search_texts": {
        *("subjects", "file_subjects", "task_subjects", "request_subjects", "session_subjects", "agency_subjects"),
        "all_file_ids",
    },
    "models.queries.search_rows": {"on_sqlite", "row_of", "search_rows"},
    "models.queries.search": {"matching_files"},  # a condition on files that a viewer may see already
    "models.queries.restrictions": {"secrets_registered"},  # that there are secrets, not which
    "models.queries.supervision": {"supervised_since"},  # of a file that is open for a change, or asked for by a viewer
    "models.queries.tasks": {"sessions", "committee_sessions", "end_of", "status_on", "seen"},
}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def public_functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            yield name, function


CHANGES = [
    pytest.param(function, id=f"{module.__name__}.{name}")
    for module in modules(models.changes)
    for name, function in public_functions(module)
    if "session" in inspect.signature(function).parameters and not module.__name__.rpartition(".")[2].startswith("_")
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_told_who_asks_and_when(change: Callable[..., object]) -> None:
    parameters = inspect.signature(change).parameters
    told = [parameter for parameter in parameters.values() if parameter.annotation is Viewer]
    assert told or change.__name__ in KNOWN_WITHOUT_VIEWER, "a change takes a viewer, or is listed here with its reason"


# Changes that happen before anybody is known, or that only the machinery makes.
KNOWN_WITHOUT_VIEWER = {
    "holds_files": "a question: whether the demo may fill the database",
    "is_loaded": "a question: whether the reference data is there",
    "take_turns": "a lock: one import at a time",
    "add_row": "the writing half of changes that have asked who may",
    "rebuild": "the index of the search: derived from all facts, found in by who may see them",
    "fill_if_empty": "the same, after a migration",
    "bring_up_to_date": "the same, at the end of every transaction",
    "out_of_step": "the same, looked at",
    "sign_in": "makes the viewer known",
    "enter_code": "makes the viewer known, after the password",
    "begin_at_provider": "before anybody is known",
    "come_back": "the same",
    "count_address": "counts tries of nobody in particular",
    "forgive_address": "the same, taken back",
    "end_own_sign_ins": "takes the account that is signed in",
    "note_wrong_password": "takes the account that is signed in",
    "offer_secret": "takes the account that is signed in",
    "show_second_factor": "takes the account that is signed in",
    "confirm_secret": "takes the account that is signed in",
    "renew_recovery_codes": "takes the account that is signed in",
    "remove_second_factor": "takes the account that is signed in",
    "revoke": "the ending half of changes that have asked who may",
    "unknown_sign_in": "records a try by nobody",
    "sign_out": "ends the sign-in that its token names",
    "touch": "keeps the sign-in that its token names awake",
    "change_own_password": "takes the account that is signed in",
    "choose_language": "takes the account that is signed in",
}


QUERIES = [
    pytest.param(function, id=f"{module.__name__}.{name}")
    for module in modules(models.queries)
    for name, function in public_functions(module)
    if module.__name__ != "models.queries.workbook"
    and "session" in inspect.signature(function).parameters
    and name not in ASKED_BY_NOBODY.get(module.__name__, set())
]


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_about_files_is_told_who_asks(query: Callable[..., object]) -> None:
    parameters = inspect.signature(query).parameters.values()
    assert any(parameter.annotation is Viewer for parameter in parameters) or query.__name__ in NOT_ABOUT_FILES


# Queries about accounts, runs and papers' proof that carry no content of a file.
NOT_ABOUT_FILES = {
    "account_named", "credentials_of", "viewer_named", "viewer_of", "viewer_of_token",  # they make the viewer known
    "has_second_factor", "code_step", "waits_until",  # the same, on the way there
    "own_account", "why_ended",  # of the browser that asks
    "database_now", "missing_or_failed",  # the watch itself, for everybody to see
    "file_rows",  # rows of files that were already asked for as a viewer
    "plain_rows",  # runs a question that its caller asks as a viewer
    "names_of_accounts",  # beside changes that the viewer may see
}  # fmt: skip


def test_no_query_or_page_selects_files_around_the_one_place_that_decides_who_sees_them() -> None:
    """`select(Case)` alone would read every file; a query starts from sees(), visible_ids() or the judged files."""
    for path in sorted((ROOT / "models" / "queries").glob("*.py")):
        source = path.read_text()
        # the index of the search holds every file; `search` finds in it what its viewer may see; seals are hashes
        if path.name in ("_visible.py", "search_texts.py", "sealed.py") or "Case" not in source:
            continue
        uses_cases = any(isinstance(node, ast.Name) and node.id == "Case" for node in ast.walk(ast.parse(source)))
        guards = (
            "sees(",
            "visible_ids(",
            "visible_cases(",
            "sees_task(",
            "sees_request(",
            "judged(",
            "may(",
            "lines_of_files(",
        )
        assert not uses_cases or any(guard in source for guard in guards), path.name


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_what_no_line_grants_is_refused(viewer: Viewer) -> None:
    granted = GRANTS.get(viewer.role, frozenset())
    assert {action for action in Action if may(viewer, action)} == granted
    assert (viewer in cast.OUTSIDERS) != may(viewer, Action.READ_FILES)
    assert (viewer in cast.READERS) == may(viewer, Action.READ_ALL)


def test_an_administrator_reads_no_file_and_a_member_records_nothing() -> None:
    assert not may(cast.ADMINISTRATOR, Action.READ_FILES)
    assert not may(cast.MEMBER, Action.RECORD)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    text = (ROOT / "docs" / "settings.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith(f"| `LIEM_{name.upper()}`")]
    assert len(rows) == 1, f"docs/settings.md: one row about LIEM_{name.upper()}"
    assert field.description and field.description in rows[0], f"docs/settings.md: describe LIEM_{name.upper()}"


def test_no_text_of_the_project_names_the_place_it_was_written_in() -> None:
    places = ("/".join(("", "work", "main")), "/".join(("", "work", "shared")), "".join(("..", "/shared")))
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = inside[0].startswith(".") and inside[0] not in (".ci", ".streamlit")
        if not path.is_file() or hidden or inside[0] == "var" or "__pycache__" in inside:
            continue
        if path.suffix in (".py", ".md", ".toml", ".txt", ".in", ".ini", ".yml", ".po", ".csv", ".css", ".html", ""):
            text = Path(path).read_text(errors="ignore")
            assert not any(place in text for place in places), path


# Ways to run a text as a program. What is unpickled comes from a process of our own; what a reader of workbooks hands
# over is unpickled by a class that makes plain values only.
RUN_A_TEXT = {"eval", "exec", "compile", "__import__", "system", "popen", "getoutput", "getstatusoutput"}
UNPICKLED = {"seed/read.py", "seed/sheets.py", "jobs/shared_scan.py"}


def test_no_text_is_run_as_a_program_or_as_a_query() -> None:
    for path in sorted(path for place in PROGRAM for path in (ROOT / place).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                modules_ = {getattr(node, "module", ""), *(alias.name for alias in node.names)}
                assert not modules_ & {"marshal", "shelve", "yaml", "dill"}, name
                assert "pickle" not in modules_ or name in UNPICKLED, name
            if not isinstance(node, ast.Call):
                continue
            called, of = getattr(node.func, "id", getattr(node.func, "attr", "")), getattr(node.func, "value", None)
            plain = of is None or getattr(of, "id", "") in ("os", "subprocess", "builtins")
            assert not (called in RUN_A_TEXT and plain), f"{name}: {called}"
            assert all(word.arg != "shell" for word in node.keywords), f"{name}: {called}"
            if called == "text" and of is None and node.args:  # a query in SQL's own words is written out in the code
                assert isinstance(node.args[0], ast.Constant | ast.Name), f"{name}: text({ast.unparse(node.args[0])})"


PROGRAM = ("models", "seed", "jobs", "exports", "dashboard")
ACTS = {"record": 2, "_record": 2, "note": 0, "_note": 2, "_say": 2, "_change": 3, "_replace": 5, "_recorded": 2}


def acts() -> set[str]:
    """Every act that a change says in the audit chain, as far as it is written where it is said."""
    said = set()
    for path in sorted((ROOT / "models" / "changes").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = node.args[ACTS[name] : ACTS[name] + 1] if name in ACTS else []
                said |= {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return said


def test_every_act_of_the_audit_chain_has_its_words() -> None:
    assert len(acts()) > 60
    assert sorted(acts() - set(DEEDS)) == [], "say it in models/rules/deeds.py"
