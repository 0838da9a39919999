"""One's own second factor: set it up, make new recovery codes, switch it off."""

import segno
from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import second_factor
from tracker.services.second_factor import State
from tracker.web.forms import check_form, with_error
from tracker.web.inputs import ProofInput
from tracker.web.limits import SIGN_IN, limiter
from tracker.web.people import me

bp = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

Page = str | tuple[str, int] | Response


@bp.get("")
@login_required
def show() -> Page:
    """How far I am with it, and the next step."""
    return _page(second_factor.open_state(me().id), ProofInput(formdata=None))


@bp.post("/key")
@login_required
def begin() -> Page:
    """Make a key for an authenticator app."""
    check_form()
    second_factor.begin(me().id, now=g.now)
    return redirect(url_for(".show"))


@bp.post("/drop")
@login_required
def drop() -> Page:
    """Forget the key that was made and not confirmed."""
    check_form()
    second_factor.drop(me().id)
    return redirect(url_for(".show"))


@bp.post("/confirm")
@login_required
@limiter.limit(SIGN_IN)
def confirm() -> Page:
    """Switch it on. The recovery codes are in this answer and nowhere else, so it is not redirected."""
    state, sent = _sent()
    if not sent.validate_on_submit():
        return _page(state, sent), 400
    try:
        codes = second_factor.confirm(me().id, password=_password(sent), code=sent.code.data, now=g.now)
    except BadInput as error:
        return _page(state, with_error(sent, error, "code")), 400
    return render_template("second_factor/codes.html", codes=codes, is_new=True)


@bp.post("/codes")
@login_required
@limiter.limit(SIGN_IN)
def renew_codes() -> Page:
    """Make new recovery codes. They are in this answer and nowhere else, so it is not redirected."""
    state, sent = _sent()
    if not sent.validate_on_submit():
        return _page(state, sent), 400
    try:
        codes = second_factor.renew_codes(me().id, password=_password(sent), code=sent.code.data, now=g.now)
    except BadInput as error:
        return _page(state, with_error(sent, error, "code")), 400
    return render_template("second_factor/codes.html", codes=codes, is_new=False)


@bp.post("/switch-off")
@login_required
@limiter.limit(SIGN_IN)
def switch_off() -> Page:
    """Ask me for no code any more."""
    state, sent = _sent()
    if not sent.validate_on_submit():
        return _page(state, sent), 400
    try:
        second_factor.switch_off(me().id, password=_password(sent), code=sent.code.data, now=g.now)
    except BadInput as error:
        return _page(state, with_error(sent, error, "code")), 400
    flash("The second factor is off. Remove Skillmark from your authenticator app.")
    return redirect(url_for(".show"))


def _sent() -> tuple[State, ProofInput]:
    """What was sent; who has no password is not asked for it."""
    state, sent = second_factor.open_state(me().id), ProofInput()
    if not state.has_password:
        del sent.password
    return state, sent


def _password(sent: ProofInput) -> str:
    return sent.password.data if "password" in sent else ""


def _page(state: State, form: ProofInput) -> str:
    if not state.has_password and "password" in form:
        del form.password
    picture = _picture(state.setup.address) if state.setup else None
    return render_template("second_factor/show.html", state=state, form=form, picture=picture)


def _picture(address: str) -> Markup:
    """A QR code, dark on light whatever the theme: scanners want it so."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, dark="#000", light="#fff", omitsize=True))  # noqa: S704 -- drawn by us
