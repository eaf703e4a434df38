"""The database goes down under a running service and its jobs, and comes back: calm meanwhile, no restart after."""

import logging
import re
from datetime import UTC, date, datetime

import httpx
import pytest

from jobs import schedule
from jobs.flag_stalled import judge_and_keep
from models import clock
from models.db import engine, read_session, transaction
from models.enums import RunState
from models.errors import DatabaseDown
from models.queries.runs import last_runs
from models.rules.access import SYSTEM
from models.settings import settings
from seed.reference_data import prepare
from tests import cast, databases, make
from tests.serving import serving

PASSWORD = "Mật khẩu thử nghiệm 1"
NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)


def signed_in(site: httpx.Client) -> int:
    """Sign in as a person would; the status of the answer, 303 when it worked."""
    page = site.get("/login")
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    fields |= {"username": "thuky", "password": PASSWORD}
    return site.post("/login", data=fields, headers={"Origin": str(site.base_url).rstrip("/")}).status_code


def calm(answer: httpx.Response) -> bool:
    """A page or a redirect for people, without a word about the program."""
    return answer.status_code < 600 and not re.search('Traceback|psycopg|sqlalchemy|File "', answer.text)


def test_the_service_and_the_jobs_outlive_a_database_that_goes_and_comes_back(tmp_path, monkeypatch, caplog):
    with databases.cluster_folder() as folder:
        with databases.served(folder) as url:
            monkeypatch.setenv("LIEM_DATABASE_URL", url)
            settings.cache_clear()
            engine.cache_clear()
            prepare(url, now=databases.PREPARED_AT)
            with transaction() as session:
                role = cast.SECRETARIAT.role
                make.account(session, login="thuky", role=role, password=PASSWORD, created_at=clock.now())
                make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
            schedule.catch_up(SYSTEM, clock=lambda session: NOW)
            service = serving(url, tmp_path / "log")
            server = service.__enter__()
        try:
            with httpx.Client(base_url=server.url, timeout=60) as site:
                assert site.get("/readyz").json()["database"] == "down" and site.get("/healthz").status_code == 200
                assert calm(site.get("/login")) and calm(site.get("/"))
                with pytest.raises(DatabaseDown):
                    judge_and_keep(SYSTEM, today=date(2026, 6, 11), now=NOW)
                with caplog.at_level(logging.ERROR, "liem.jobs"):
                    schedule.look()
                assert "does not answer" in caplog.text
                with databases.served(folder):
                    assert site.get("/readyz").status_code == 200
                    assert signed_in(site) == 303 and site.get("/").status_code == 200
                    schedule.look()
                    with read_session() as session:
                        runs = last_runs(session, SYSTEM)
                    assert len(runs) > 5 and {run.state for run in runs} == {RunState.DONE}
                    engine().dispose()
        finally:
            service.__exit__(None, None, None)
            engine.cache_clear()
            settings.cache_clear()
    assert "Traceback" not in (tmp_path / "log").read_text()
