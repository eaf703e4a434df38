"""Is it alive, is it ready: for supervisors and balancers, without sign-in and without a word about content."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from models.db import DBAPIError, Schema, engine, schema_of
from models.errors import DatabaseDown

NOT_STORED = {"Cache-Control": "no-store"}


def database_state() -> str:
    """`ok`, `down`, or how the schema differs: `empty`, `behind`, `ahead`."""
    try:
        state = schema_of(engine())
    except (DatabaseDown, DBAPIError):
        return "down"
    return "ok" if state is Schema.CURRENT else state.value


async def healthz(_request: Request) -> JSONResponse:
    """Alive: 200 as long as this process answers; a database that is down is said, and no reason to be restarted."""
    return JSONResponse({"status": "ok", "database": await run_in_threadpool(database_state)}, headers=NOT_STORED)


async def readyz(_request: Request) -> JSONResponse:
    """Ready to serve people: 200, else 503."""
    database = await run_in_threadpool(database_state)
    ready = database == "ok"
    answer = {"status": "ok" if ready else "not ready", "database": database}
    return JSONResponse(answer, 200 if ready else 503, headers=NOT_STORED)
