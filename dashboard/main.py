"""The script of every rerun: who is looking, then the page they asked for."""

import streamlit as st

from dashboard.components.frame import draw_frame, navigate, sign_in_again
from dashboard.components.guard import guarded
from dashboard.context import page_context, words_before_sign_in
from dashboard.web.page import FAVICON
from models import clock

st.set_page_config(page_title="Liêm", page_icon=FAVICON, layout="wide")

with guarded(words_before_sign_in()):
    ctx = page_context(now=clock.now())
    if ctx is None:
        sign_in_again()
    else:
        page = navigate(ctx)
        draw_frame(ctx)
        page.run()
