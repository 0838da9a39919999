"""The time of an attempt in plain words."""

from collections.abc import Mapping
from datetime import timedelta

from tracker.assessment.time_ledger import Credit, TimeLedger

SERVICE = "Skillmark"
UNKNOWN = "A lead"


def length_words(length: timedelta) -> str:
    """A length as people say it: 20 minutes, 1 minute 30 seconds."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    parts = [_counted(count, unit) for count, unit in ((minutes, "minute"), (seconds, "second")) if count]
    return " ".join(parts) or "0 seconds"


def time_lines(time: TimeLedger, names: Mapping[int, str]) -> tuple[str, ...]:
    """What a deadline follows from, a sentence each: the limit, what is added for all, the learner's own, every credit.

    names: of those who gave credits, by their ids.
    """
    lines = [f"The time limit is {length_words(time.limit)}."]
    if time.extra:
        lines.append(f"The assignment adds {length_words(time.extra)} for everybody.")
    if time.own:
        lines.append(f"Your own extra time of {100 * (time.factor - 1):.0f}\u00a0% adds {length_words(time.own)}.")
    return (*lines, *(_credit_line(credit, names) for credit in time.credits))


def _credit_line(credit: Credit, names: Mapping[int, str]) -> str:
    giver = SERVICE if credit.giver_id is None else names.get(credit.giver_id, UNKNOWN)
    return f"{giver} added {length_words(credit.length)}: {credit.reason}"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
