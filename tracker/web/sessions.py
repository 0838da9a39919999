"""Where I am signed in, and signing out there."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.services import sessions
from tracker.web.browsers import browser_name
from tracker.web.forms import check_form
from tracker.web.people import me, my_token

bp = Blueprint("sessions", __name__, url_prefix="/account/sessions")
bp.add_app_template_filter(browser_name)


@bp.get("")
@login_required
def index() -> str:
    """My sessions, this browser's first."""
    mine = sessions.list_sessions(me().id, token=my_token(), now=g.now)
    return render_template("sessions/index.html", sessions=mine)


@bp.post("/<session_id>/end")
@login_required
def end(session_id: str) -> Response:
    """End one of them."""
    check_form()
    sessions.end(session_id, user_id=me().id, now=g.now)
    flash("That browser is signed out.")
    return redirect(url_for(".index"))


@bp.post("/end-others")
@login_required
def end_others() -> Response:
    """End all but this browser's."""
    check_form()
    sessions.end_others(me().id, token=my_token(), now=g.now)
    flash("All other browsers are signed out.")
    return redirect(url_for(".index"))
