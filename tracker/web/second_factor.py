"""One's own second factor: set it up, make new recovery codes, switch it off."""

import segno
from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import second_factor
from tracker.web.again import sent_again, with_code
from tracker.web.forms import check_form, with_error
from tracker.web.inputs import AgainInput
from tracker.web.limits import SIGN_IN, limiter
from tracker.web.people import me

bp = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

Page = str | tuple[str, int] | Response


@bp.get("")
@login_required
def show() -> Page:
    """How far I am with it, and the next step."""
    return _page(with_code(AgainInput(formdata=None)))


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
    sent = with_code(AgainInput())
    if not sent.validate_on_submit():
        return _page(sent), 400
    try:
        codes = second_factor.confirm(me().id, **sent_again(sent), now=g.now)
    except BadInput as error:
        return _page(with_error(sent, error, "code")), 400
    return render_template("second_factor/codes.html", codes=codes, is_new=True)


@bp.post("/codes")
@login_required
@limiter.limit(SIGN_IN)
def renew_codes() -> Page:
    """Make new recovery codes. They are in this answer and nowhere else, so it is not redirected."""
    sent = with_code(AgainInput())
    if not sent.validate_on_submit():
        return _page(sent), 400
    try:
        codes = second_factor.renew_codes(me().id, **sent_again(sent), now=g.now)
    except BadInput as error:
        return _page(with_error(sent, error, "code")), 400
    return render_template("second_factor/codes.html", codes=codes, is_new=False)


@bp.post("/switch-off")
@login_required
@limiter.limit(SIGN_IN)
def switch_off() -> Page:
    """Ask me for no code any more."""
    sent = with_code(AgainInput())
    if not sent.validate_on_submit():
        return _page(sent), 400
    try:
        second_factor.switch_off(me().id, **sent_again(sent), now=g.now)
    except BadInput as error:
        return _page(with_error(sent, error, "code")), 400
    flash("The second factor is off. Remove Skillmark from your authenticator app.")
    return redirect(url_for(".show"))


def _page(form: AgainInput) -> str:
    state = second_factor.open_state(me().id)
    picture = _picture(state.setup.address) if state.setup else None
    return render_template("second_factor/show.html", state=state, form=form, picture=picture)


def _picture(address: str) -> Markup:
    """A QR code, dark on light whatever the theme: scanners want it so."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, dark="#000", light="#fff", omitsize=True))  # noqa: S704 -- drawn by us
