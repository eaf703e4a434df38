"""Fill in and press what a page shows, as somebody would."""

from typing import Any

from streamlit.testing.v1 import AppTest


def field(app: AppTest, label: str) -> Any:
    """The field with this label, needed or not; the last one, for a dialog stands behind the page's own filters."""
    kinds = (app.text_input, app.text_area, app.selectbox, app.checkbox)
    return [each for kind in kinds for each in kind if each.label.removesuffix(" *") == label][-1]


def labels(app: AppTest) -> list[str]:
    """What the buttons say."""
    return [button.label for button in app.button]


def pressed(app: AppTest, label: str) -> AppTest:
    """The page after the first button with this label was pressed."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app
