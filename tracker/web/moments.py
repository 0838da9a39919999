"""Moments as people read them: in their own time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_login import current_user

from tracker.web.people import me


def init(app: Flask) -> None:
    """Give templates the filters `local` and `local_day`."""
    app.add_template_filter(local)
    app.add_template_filter(local_day)


def local(moment: datetime) -> str:
    """Day and time in the reader's zone, as `22 Nov 2026, 15:47`."""
    return f"{local_day(moment)}, {moment.astimezone(_zone()):%H:%M}"


def local_day(moment: datetime) -> str:
    """The day in the reader's zone, as `22 Nov 2026`."""
    there = moment.astimezone(_zone())
    return f"{there.day} {there:%b %Y}"


def _zone() -> ZoneInfo:
    return ZoneInfo(me().zone) if current_user.is_authenticated else ZoneInfo("UTC")
