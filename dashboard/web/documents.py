"""The address of an attached document: its content, for those who may read the file it belongs to."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.web.page import missing_page
from dashboard.web.session import LANGUAGE_COOKIE
from models import clock, store
from models.changes.attachments import note_download
from models.db import transaction
from models.errors import NotFound
from models.queries.people import SignedIn
from models.rules.access import Viewer
from models.settings import settings
from models.tables import Attachment
from models.text import LANGUAGES, translator


async def document(request: Request) -> Response:
    """The document as a download: never shown inside the page, never guessed to be something else."""
    who: SignedIn = request.scope["signed_in"]
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    t = translator(chosen if chosen in LANGUAGES else settings().language)
    try:
        row, content = await run_in_threadpool(_read, who.viewer, request.path_params["number"])
    except NotFound:
        return missing_page(t)
    except store.ContentLost as error:
        return PlainTextResponse(t.words(error.words), 410)
    name = row.file_name
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=row.media_type, headers=headers)


def _read(viewer: Viewer, number: int) -> tuple[Attachment, bytes]:
    """The content is read before the download is noted: what was not handed out is not noted as read."""
    with transaction() as session:
        row = note_download(session, viewer, number, now=clock.now())
        return row, store.get(row.sha256)
