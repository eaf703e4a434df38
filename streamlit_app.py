"""The ASGI application: Streamlit's pages behind our gate, with our own routes. Started by `liem serve`."""

from pathlib import Path

import streamlit as st

from dashboard.web.routes import MIDDLEWARE, ROUTES, lifespan

app = st.App(
    Path(__file__).resolve().parent / "dashboard" / "main.py",
    routes=ROUTES,
    middleware=MIDDLEWARE,
    lifespan=lifespan,
)
