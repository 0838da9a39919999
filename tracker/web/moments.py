"""Moments as people read and type them, in their own time zone; and lengths of time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_login import current_user
from wtforms import DateTimeLocalField

from tracker.assessment.age_words import age_words
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
    """Give templates filters of moments and lengths, and the test `occurring_twice`."""
    app.add_template_filter(local)
    app.add_template_filter(wall_time)
    app.add_template_test(occurs_twice, "occurring_twice")
    app.add_template_filter(local_day)
    app.add_template_filter(ago)
    app.add_template_filter(utc)
    app.add_template_filter(length_words, "in_words")


def local(moment: datetime) -> str:
    """Day and time in the reader's zone, as `22 Nov 2026, 15:47`."""
    return wall_time(moment.astimezone(_zone()))


def local_day(moment: datetime) -> str:
    """The day in the reader's zone, as `22 Nov 2026`."""
    return _day(moment.astimezone(_zone()))


def wall_time(moment: datetime) -> str:
    """Day and time in the moment's own zone, as `22 Nov 2026, 15:47`."""
    return f"{_day(moment)}, {moment:%H:%M}"


def ago(moment: datetime) -> str:
    """How long before this request it was, as `3 weeks ago`."""
    return age_words(moment, g.now)


def occurs_twice(moment: datetime) -> bool:
    """Whether the reader's clock shows this time twice, being put back in between."""
    there = moment.astimezone(_zone())
    return there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset()


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


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
