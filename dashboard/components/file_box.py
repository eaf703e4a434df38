"""A box to drop files into, with our words instead of the widget's English ones."""

import json
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

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
    st.html(f"<style>{_says(f'{BOX} button p', button)}{_says(HINT, hint)}</style>")
    if several:
        return st.file_uploader(label, accept_multiple_files=True, max_upload_size=limit, key=key)
    one = st.file_uploader(label, max_upload_size=limit, key=key)
    return [one] if one else []


def _says(selector: str, text: str) -> str:
    """CSS that shows `text` in place of what stands in the element."""
    content = json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
    return f"{selector} {{ font-size: 0 }} {selector}::after {{ content: {content}; font-size: .95rem }}"
