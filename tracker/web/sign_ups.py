"""Signing up: the form, and the link in the mail that follows."""

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import mails, sign_ups
from tracker.web.entry import enter
from tracker.web.forms import with_error
from tracker.web.inputs import ZONES, AddressInput, NewcomerInput, SignUpInput
from tracker.web.limits import SIGN_IN, SIGN_UP, TRIES, limiter
from tracker.web.people import asked_page, next_page

bp = Blueprint("sign_ups", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/sign-up")
def show() -> Page:
    """The form for a new account."""
    if current_user.is_authenticated:
        return redirect(next_page())
    return _ask_page(AddressInput() if mails.leaves_machine() else SignUpInput())


@bp.post("/sign-up")
@limiter.limit(TRIES)
@limiter.limit(SIGN_UP, deduct_when=lambda response: response.status_code == 302)
def ask() -> Page:
    """Ask for an account; the answer is the same whether the address has one or not."""
    return _ask_for_mail() if mails.leaves_machine() else _make_at_once()


@bp.get("/sign-up/asked")
def asked() -> str:
    """That a mail is on its way."""
    return render_template("sign_ups/asked.html")


@bp.get("/sign-up/confirm/<sign_up_token>")
def open_link(sign_up_token: str) -> str:
    """The page that the link in the mail leads to; it changes nothing by itself."""
    return _confirm_page(sign_up_token, NewcomerInput())


@bp.post("/sign-up/confirm/<sign_up_token>")
@limiter.limit(SIGN_IN)
def confirm(sign_up_token: str) -> Page:
    """Begin the account, and sign in."""
    sent = NewcomerInput()
    if not sent.validate_on_submit():
        return _confirm_page(sign_up_token, sent), 400
    try:
        user_id = sign_ups.confirm(
            sign_up_token, name=sent.name.data, zone=_zone(sent), password=sent.password.data, now=g.now
        )
    except BadInput as error:
        return _confirm_page(sign_up_token, with_error(sent, error, "password")), 400
    return enter(user_id, to=next_page())


def _ask_for_mail() -> Page:
    sent = AddressInput()
    if not sent.validate_on_submit():
        return _ask_page(sent), 400
    sign_ups.ask(sent.email.data, then=asked_page(), now=g.now)
    return redirect(url_for(".asked"))


def _make_at_once() -> Page:
    sent = SignUpInput()
    if not sent.validate_on_submit():
        return _ask_page(sent), 400
    try:
        sign_ups.make_at_once(
            email=sent.email.data, name=sent.name.data, zone=_zone(sent), password=sent.password.data, now=g.now
        )
    except BadInput as error:
        return _ask_page(with_error(sent, error, "password")), 400
    session["email"] = sent.email.data
    flash("Your account is ready if this address was new: sign in with the password you chose.")
    return redirect(url_for("accounts.sign_in", next=asked_page() or None))


def _zone(sent: NewcomerInput) -> str:
    return sent.zone.data if sent.zone.data in ZONES else "UTC"


def _ask_page(form: AddressInput) -> str:
    return render_template("sign_ups/show.html", form=form)


def _confirm_page(token: str, form: NewcomerInput) -> str:
    return render_template(
        "sign_ups/confirm.html", form=form, token=token, email=sign_ups.get_email(token, now=g.now), then=asked_page()
    )
