"""The committee's own numbers, which no law sets."""

from typing import NamedTuple


class Thresholds(NamedTuple):
    """Days, and numbers of returns, from which something is signalled (docs/sources.md#stalled-rules)."""

    due_soon_days: int = 10
    no_news_amber_days: int = 30
    no_news_red_days: int = 90
    suspended_review_days: int = 90
    procuracy_returns: int = 2
    panel_returns: int = 1
    detention_days: int = 10
