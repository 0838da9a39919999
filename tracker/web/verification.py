"""Showing that the address of one's account is one's own."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.services import mails, verification
from tracker.web.forms import check_form
from tracker.web.limits import RESET, limiter, whoever_asks
from tracker.web.people import me

bp = Blueprint("verification", __name__)


@bp.get("/account/address")
@login_required
def show() -> str:
    """Whether one's address is known to be one's own, and the button to show it."""
    return render_template("verification/show.html", leaves_machine=mails.leaves_machine())


@bp.post("/account/address")
@login_required
@limiter.limit(RESET, key_func=whoever_asks)
def ask() -> Response:
    """Send a link to one's own address."""
    check_form()
    verification.ask(me().email, now=g.now)
    flash(
        f"A mail to {me().email} is on its way. Open the link in it within a day."
        if mails.leaves_machine()
        else "The link is written. Ask whoever runs Skillmark here for it, and open it within a day."
    )
    return redirect(url_for(".show"))


@bp.get("/account/address/<address_token>")
@login_required
def open_link(address_token: str) -> str:
    """The page that the link in the mail leads to; it changes nothing by itself."""
    verification.check_link(address_token, user_id=me().id, now=g.now)
    return render_template("verification/confirm.html", token=address_token)


@bp.post("/account/address/<address_token>")
@login_required
def confirm(address_token: str) -> Response:
    """Note that the address is one's own."""
    check_form()
    verification.confirm(address_token, user_id=me().id, now=g.now)
    flash("Thank you: we know now that this address is yours.")
    return redirect(url_for("accounts.show"))
