"""One sentence that is still there after the page has run again."""

import streamlit as st

KEY = "flash"


def flash(sentence: str, kind: str = "success") -> None:
    """Say `sentence` on the next run of the page; `kind` is success, info, warning or error."""
    st.session_state[KEY] = [kind, sentence]


def show_flash() -> None:
    """Say what was kept, once."""
    kept = st.session_state.pop(KEY, None)
    if kept is None:
        return
    kind, sentence = kept
    icons = {"success": ":material/check_circle:", "info": ":material/info:", "warning": ":material/warning:"}
    say = {"success": st.success, "info": st.info, "warning": st.warning}.get(kind, st.error)
    say(sentence, icon=icons.get(kind, ":material/error:"))
