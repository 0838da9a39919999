"""The only place that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware, in UTC, to the millisecond (what MongoDB keeps)."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
