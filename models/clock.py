"""The only wall clock. Read once at the edge, then passed down."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PROVINCE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today in the province."""
    return now().astimezone(PROVINCE).date()


def local(at: datetime) -> datetime:
    """The instant `at` as the province's wall clock shows it."""
    return at.astimezone(PROVINCE)
