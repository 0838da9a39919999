"""How long ago something was, in the words that a person would use."""

from datetime import datetime, timedelta

UNITS = (
    ("year", timedelta(days=365)),
    ("month", timedelta(days=30)),
    ("week", timedelta(days=7)),
    ("day", timedelta(days=1)),
)


def age_words(then: datetime, now: datetime) -> str:
    """How long before now, in whole years, months, weeks or days: `3 weeks ago`."""
    for name, unit in UNITS:
        count = (now - then) // unit
        if count >= 1:
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "today"
