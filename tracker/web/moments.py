"""Moments as people read and type them, in their own time zone; and lengths of time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_login import current_user
from wtforms import DateTimeLocalField

from tracker.assessment.time_words import length_words
from tracker.web.people import me
from tracker.web.replies import utc


class MomentField(DateTimeLocalField):
    """Day and time typed in the sender's zone; its data is UTC. A time that occurs twice there means the first."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Give day and time, as in 2026-11-30T18:00.") from None
        if self.data is not None:
            self.data = _utc(self.data)


def init(app: Flask) -> None:
    """Give templates the filters `local`, `local_day`, `utc` and `in_words`."""
    app.add_template_filter(local)
    app.add_template_filter(local_day)
    app.add_template_filter(utc)
    app.add_template_filter(length_words, "in_words")


def local(moment: datetime) -> str:
    """Day and time in the reader's zone, as `22 Nov 2026, 15:47`."""
    return f"{local_day(moment)}, {moment.astimezone(_zone()):%H:%M}"


def local_day(moment: datetime) -> str:
    """The day in the reader's zone, as `22 Nov 2026`."""
    there = moment.astimezone(_zone())
    return f"{there.day} {there:%b %Y}"


def _utc(typed: datetime) -> datetime:
    """The moment when somebody's clock shows this. Raises: ValueError when it never does."""
    try:
        moment = typed.replace(tzinfo=_zone()).astimezone(UTC)
    except OverflowError:
        raise ValueError("This is too far away. Choose another.") from None
    if moment.astimezone(_zone()).replace(tzinfo=None) != typed:
        raise ValueError("Clocks are put forward then, so this time does not occur. Choose another.")
    return moment


def _zone() -> ZoneInfo:
    return ZoneInfo(me().zone) if current_user.is_authenticated else ZoneInfo("UTC")
