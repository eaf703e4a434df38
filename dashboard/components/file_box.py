"""A box to drop files into, with our words instead of the widget's English ones."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.components.markup import says
from dashboard.web import on_its_way
from models.settings import settings
from models.text import Translator

BOX = "[data-testid=stFileUploaderDropzone]"
HINT = "[data-testid=stFileUploaderDropzoneInstructions] span"


def file_box(
    t: Translator, label: str, *, key: str, several: bool = False, limit_mb: int | None = None
) -> Sequence[UploadedFile]:
    """The files chosen, none at first; `limit_mb`: of one file, the setting of the Import page for None."""
    limit = limit_mb or settings().max_upload_mb
    button, hint = t("Choose a file"), t("or drop it here; up to {n} MB", n=limit)
    st.html(f"<style>{says(f'{BOX} button p', button)}{says(HINT, hint)}</style>")
    if several:
        return st.file_uploader(label, accept_multiple_files=True, max_upload_size=limit, key=key)
    one = st.file_uploader(label, max_upload_size=limit, key=key)
    return [one] if one else []


def is_on_its_way() -> bool:
    """Whether a file was chosen on this page and has not come yet: the page does not know of it before."""
    run = get_script_run_ctx()
    return run is not None and on_its_way.anything(run.session_id)
