"""The last step of every way of signing in: open the session, or ask for the second factor's code first."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.errors import BadInput, SignInNeeded
from tracker.services import accounts, second_factor
from tracker.web.forms import with_error
from tracker.web.inputs import CodeInput
from tracker.web.limits import SIGN_IN, limiter
from tracker.web.people import begin_session, me, my_token, next_page

bp = Blueprint("entry", __name__)

Page = str | tuple[str, int] | Response

TICKET = "ticket"
"""Where this browser's cookie holds the ticket between the password and the code."""


def enter(user_id: int, *, to: str) -> Response:
    """Let in somebody who has just proved who they are, and take them to this page of the site.

    Every way of signing in ends here. Whoever has a second factor gets a ticket, and no session before its code.
    """
    if current_user.is_authenticated:
        accounts.sign_out(my_token(), now=g.now)
    ticket = second_factor.ask(user_id, now=g.now)
    if ticket is None:
        _begin(user_id)
        return redirect(to)
    session.clear()
    session[TICKET] = ticket
    return redirect(url_for("entry.ask_code", next=to))


def stay() -> None:
    """Go on in a new session when this browser's has ended with what it just did: its person's role changed."""
    if accounts.find_person(my_token(), now=g.now) is None:
        _begin(me().id)


@bp.get("/sign-in/code")
def ask_code() -> Page:
    """The form for the code, between password and session."""
    if current_user.is_authenticated:
        return redirect(next_page())
    if not second_factor.is_asked(_ticket(), now=g.now):
        return _begin_anew()
    return render_template("accounts/code.html", form=CodeInput())


@bp.post("/sign-in/code")
@limiter.limit(SIGN_IN)
def check_code() -> Page:
    """Sign in with the code."""
    sent = CodeInput()
    if not sent.validate_on_submit():
        return render_template("accounts/code.html", form=sent), 400
    try:
        user_id = second_factor.redeem(_ticket(), code=sent.code.data, now=g.now)
    except BadInput as error:
        return render_template("accounts/code.html", form=with_error(sent, error, "code")), 401
    except SignInNeeded:
        return _begin_anew()
    _begin(user_id)
    return redirect(next_page())


def _ticket() -> str:
    ticket: str = session.get(TICKET, "")
    return ticket


def _begin_anew() -> Response:
    """Back to the first step: too late, or too often wrong."""
    session.pop(TICKET, None)
    flash("Please sign in once more: a code is asked for within five minutes, and a few times only.")
    return redirect(url_for("accounts.sign_in", next=request.args.get("next")))


def _begin(user_id: int) -> None:
    token = accounts.open_session(
        user_id, now=g.now, address=request.remote_addr or "", browser=request.user_agent.string
    )
    begin_session(token)
