"""The audit trail, for admins."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask_login import login_required

from tracker.services import audit_trail
from tracker.services.deeds import DEEDS
from tracker.web.admin_inputs import EventsInput
from tracker.web.forms import sound
from tracker.web.people import me
from tracker.web.row_ids import row_id

bp = Blueprint("audit", __name__)


@bp.get("/admin/audit")
@login_required
def index() -> str:
    """Who did what to whom, newest first; `before` goes on from one event."""
    sent = EventsInput(request.args)
    sent.validate()
    before = request.args.get("before", type=row_id)
    page = audit_trail.list_events(**_wanted(sent), before=before, admin=me())
    asked = {name: text for name, text in request.args.items() if name in sent.data and text}
    return render_template("admin/audit.html", page=page, form=sent, asked=asked, deeds=DEEDS)


def _wanted(sent: EventsInput) -> dict[str, Any]:
    """What is to be listed."""
    wanted = sound(sent)
    if "since" in wanted:
        wanted["since"] = _start_of(wanted["since"])
    if "until" in wanted:
        wanted["until"] = _start_of(wanted["until"] + timedelta(days=1))
    return wanted


def _start_of(day: date) -> datetime:
    """When a day begins where the reader is."""
    return datetime.combine(day, time(), ZoneInfo(me().zone)).astimezone(UTC)
