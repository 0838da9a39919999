"""The last step of every way of signing in: open the session, or ask for the second factor's code first."""

from contextlib import suppress
from dataclasses import asdict

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.errors import BadInput, Conflict, NotVouched, SignInNeeded
from tracker.services import accounts, identities, second_factor
from tracker.services.identities import Vouched
from tracker.services.sessions import Renewal
from tracker.web.forms import with_error
from tracker.web.inputs import CodeInput
from tracker.web.limits import SIGN_IN, limiter
from tracker.web.people import begin_session, my_token, next_page

bp = Blueprint("entry", __name__)

Page = str | tuple[str, int] | Response

TICKET = "ticket"
"""Where this browser's cookie holds the ticket between the password and the code."""

COMES_BY = "comes by"
"""Where it holds, until then, the account elsewhere by which its person comes in."""

TOO_LATE = "Please sign in once more: a code is asked for within five minutes, and a few times only."


def enter(user_id: int, *, to: str, vouched: Vouched | None = None, password_hash: str | None = None) -> Response:
    """Let in somebody who has just proved who they are, and take them to this page of the site.

    Every way of signing in ends here. Whoever has a second factor gets a ticket, and no session before its code.

    vouched: the account elsewhere by which they come; it signs them in from then on. password_hash: what their password
    was checked against. Raises: NotVouched, Conflict; SignInRefused when the password was changed since.
    """
    if current_user.is_authenticated:
        accounts.sign_out(my_token(), now=g.now)
    ticket = second_factor.ask(user_id, now=g.now, password_hash=password_hash)
    if ticket is None:
        _begin(user_id, vouched=vouched, password_hash=password_hash)
        return redirect(to)
    session.clear()
    session[TICKET] = ticket
    if vouched:
        session[COMES_BY] = asdict(vouched)
    return redirect(url_for("entry.ask_code", next=to))


def stay(renewal: Renewal) -> None:
    """Go on under a new token when what this browser's person just did changed their role, and nobody signed it out."""
    with suppress(SignInNeeded):
        begin_session(renewal.new_token)


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
    try:
        _begin(user_id, vouched=Vouched(**session[COMES_BY]) if COMES_BY in session else None)
    except (NotVouched, Conflict) as error:
        return _begin_anew(str(error))
    return redirect(next_page())


def _ticket() -> str:
    ticket: str = session.get(TICKET, "")
    return ticket


def _begin_anew(why: str = TOO_LATE) -> Response:
    """Back to the first step."""
    session.pop(TICKET, None)
    session.pop(COMES_BY, None)
    flash(why)
    return redirect(url_for("accounts.sign_in", next=request.args.get("next")))


def _begin(user_id: int, *, vouched: Vouched | None, password_hash: str | None = None) -> None:
    if vouched:
        identities.keep(vouched, user_id=user_id, now=g.now)
    token = accounts.open_session(
        user_id,
        now=g.now,
        address=request.remote_addr or "",
        browser=request.user_agent.string,
        password_hash=password_hash,
    )
    begin_session(token)
