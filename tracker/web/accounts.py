"""Sign up, sign in, sign out, and one's own account."""

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from flask_login import current_user, login_required, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from tracker.errors import BadInput, Conflict, SignInRefused
from tracker.services import accommodations, accounts, item_reports
from tracker.web.inputs import ZONES, ExtraTimeInput, PasswordInput, ProfileInput, SignInInput, SignUpInput
from tracker.web.limits import SIGN_IN, SIGN_UP, limiter
from tracker.web.people import begin_session, me, my_token, next_page

bp = Blueprint("accounts", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/sign-up")
def sign_up() -> Page:
    """The form for a new account."""
    if current_user.is_authenticated:
        return redirect(next_page())
    return render_template("accounts/sign_up.html", form=SignUpInput())


@bp.post("/sign-up")
@limiter.limit(SIGN_UP)
def add_account() -> Page:
    """Make an account and sign in."""
    sent = SignUpInput()
    if not sent.validate_on_submit():
        return render_template("accounts/sign_up.html", form=sent), 400
    try:
        person = accounts.sign_up(
            email=sent.email.data,
            name=sent.name.data,
            zone=sent.zone.data if sent.zone.data in ZONES else "UTC",
            password=sent.password.data,
            now=g.now,
        )
    except (BadInput, Conflict) as error:
        return render_template("accounts/sign_up.html", form=_with_error(sent, error, "email")), 400
    begin_session(accounts.open_session(person.id, now=g.now))
    return redirect(next_page())


@bp.get("/sign-in")
def sign_in() -> Page:
    """The form to sign in."""
    if current_user.is_authenticated:
        return redirect(next_page())
    return render_template("accounts/sign_in.html", form=SignInInput())


@bp.post("/sign-in")
@limiter.limit(SIGN_IN)
def add_session() -> Page:
    """Sign in."""
    sent = SignInInput()
    if not sent.validate_on_submit():
        return render_template("accounts/sign_in.html", form=sent), 400
    try:
        token = accounts.sign_in(email=sent.email.data, password=sent.password.data, now=g.now)
    except SignInRefused as error:
        return render_template("accounts/sign_in.html", form=_with_error(sent, error, "password")), 401
    begin_session(token)
    return redirect(next_page())


@bp.post("/sign-out")
@login_required
def sign_out() -> Page:
    """End this browser's session."""
    accounts.sign_out(my_token())
    logout_user()
    session.clear()
    return redirect(url_for("home.show"))


@bp.get("/account")
@login_required
def show() -> Page:
    """One's own account."""
    return _account_page(_profile_input(), PasswordInput(formdata=None))


@bp.post("/account/profile")
@login_required
def save_profile() -> Page:
    """Change name and time zone."""
    sent = ProfileInput()
    if not sent.validate_on_submit():
        return _account_page(sent, PasswordInput(formdata=None)), 400
    accounts.update_profile(me().id, name=sent.name.data, zone=sent.zone.data)
    flash("Your profile is saved.")
    return redirect(url_for(".show"))


@bp.post("/account/extra-time")
@login_required
def save_extra_time() -> Page:
    """Set one's own extra time."""
    sent = ExtraTimeInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    accommodations.set_own(me().id, percent=int(sent.percent.data), now=g.now)
    flash("Your extra time is saved. It counts for every attempt that you start from now on.")
    return redirect(url_for(".show"))


@bp.post("/account/password")
@login_required
@limiter.limit(SIGN_IN)
def save_password() -> Page:
    """Change the password."""
    sent = PasswordInput()
    if not sent.validate_on_submit():
        return _account_page(_profile_input(), sent), 400
    try:
        accounts.change_password(me().id, token=my_token(), current=sent.current.data, new=sent.password.data)
    except BadInput as error:
        return _account_page(_profile_input(), _with_error(sent, error, "password")), 400
    flash("Your password is changed. Other browsers were signed out.")
    return redirect(url_for(".show"))


def _account_page(profile: ProfileInput, password: PasswordInput) -> str:
    known = accommodations.list_accommodations(me().id)
    percent = known[0].percent if known else 0
    return render_template(
        "accounts/show.html",
        profile=profile,
        password=password,
        reports=item_reports.list_own(me().id, now=g.now),
        accommodations=known,
        extra_time=ExtraTimeInput(formdata=None, data={"percent": str(percent)}),
    )


def _profile_input() -> ProfileInput:
    return ProfileInput(formdata=None, data={"name": me().name, "zone": me().zone})


def _with_error(form: FlaskForm, error: Exception, field: str) -> FlaskForm:
    """The form with what the service said, at the field it is about."""
    named = error.fields if isinstance(error, BadInput) else {field: (str(error),)}
    for name, messages in named.items():
        form[name].errors = [*form[name].errors, *messages]
    return form
