"""Forgotten passwords: asking for a new one, and the link in the mail that follows."""

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import mails, resets
from tracker.web.forms import with_error
from tracker.web.inputs import AddressInput, NewPasswordInput
from tracker.web.limits import RESET, TRIES, limiter

bp = Blueprint("passwords", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/password/forgotten")
def forgotten() -> str:
    """The form to ask for a new password."""
    return _forgotten_page(AddressInput())


@bp.post("/password/forgotten")
@limiter.limit(TRIES)
@limiter.limit(RESET, deduct_when=lambda response: response.status_code == 302)
def ask() -> Page:
    """Ask for a new password; the answer is the same whether the address has an account or not."""
    sent = AddressInput()
    if not sent.validate_on_submit():
        return _forgotten_page(sent), 400
    resets.ask(sent.email.data, now=g.now)
    return redirect(url_for(".asked"))


@bp.get("/password/asked")
def asked() -> str:
    """That a mail is on its way, or waits to be passed on."""
    return render_template("passwords/asked.html", leaves_machine=mails.leaves_machine())


@bp.get("/password/new/<reset_token>")
def open_link(reset_token: str) -> str:
    """The page that the link in the mail leads to; it changes nothing by itself."""
    return _new_page(reset_token, NewPasswordInput())


@bp.post("/password/new/<reset_token>")
@limiter.limit(TRIES)
def save(reset_token: str) -> Page:
    """Set the new password; signing in comes next."""
    sent = NewPasswordInput()
    if not sent.validate_on_submit():
        return _new_page(reset_token, sent), 400
    try:
        reset = resets.set_password(reset_token, password=sent.password.data, now=g.now)
    except BadInput as error:
        return _new_page(reset_token, with_error(sent, error, "password")), 400
    session["email"] = reset.email
    flash("Your new password is set, and all browsers are signed out. Sign in with it.")
    if reset.has_lasting:
        flash("Tokens and linked accounts work as before. If somebody else knew your password, look at them: Account.")
    return redirect(url_for("accounts.sign_in"))


def _forgotten_page(form: AddressInput) -> str:
    return render_template("passwords/forgotten.html", form=form, leaves_machine=mails.leaves_machine())


def _new_page(token: str, form: NewPasswordInput) -> str:
    return render_template("passwords/new.html", form=form, token=token, email=resets.get_email(token, now=g.now))
