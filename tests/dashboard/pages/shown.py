"""What a reader finds on a page: its figures, its links, the codes in its tables."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from models.rules.access import Viewer
from tests.dashboard.pages import opening

TODAY = date(2026, 11, 20)  # a Friday


@dataclass(frozen=True)
class Shown:
    """A page after its first run."""

    app: AppTest

    @property
    def html(self) -> str:
        """All HTML that the page drew itself."""
        return "\n".join(opening.pieces(self.app))

    @property
    def text(self) -> str:
        """Everything the page says, in words."""
        return re.sub(r"\s+", " ", opening.said(self.app))

    @property
    def warnings(self) -> list[str]:
        """Sentences in place of the page."""
        return [element.value for element in (*self.app.warning, *self.app.error)]

    def figure(self, name: str) -> str:
        """The value of the figure marked so."""
        found = re.findall(rf'data-figure="{re.escape(name)}" data-value="([^"]*)"', self.html)
        assert found, f"{name} is not on the page"
        return str(found[0])

    def links(self, path: str = "/") -> list[str]:
        """Addresses that the page leads to, below `path`."""
        found = [address.replace("&amp;", "&") for address in re.findall(r'href="([^"]*)"', self.html)]
        return [address for address in found if address.startswith(path)]

    def codes(self) -> list[str]:
        """Codes of the rows of its table of files."""
        return re.findall(r'data-code="([^"]*)"', self.html)


def opened(name: str, viewer: Viewer, *, today: date = TODAY, **asked: Any) -> Shown:
    """The page `name` as `viewer` sees it; `asked` is what `opening.opened` takes and the filters of the address."""
    return Shown(opening.opened(name, viewer, today=today, **asked))
