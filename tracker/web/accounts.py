"""Sign in, sign out, and one's own account."""

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from flask_login import current_user, login_required, logout_user
from werkzeug.wrappers import Response

from tracker.errors import BadInput, SignInRefused
from tracker.services import accommodations, accounts, item_reports, mails
from tracker.web.entry import enter
from tracker.web.forms import with_error
from tracker.web.inputs import ExtraTimeInput, PasswordInput, ProfileInput, SignInInput
from tracker.web.limits import SIGN_IN, limiter
from tracker.web.people import me, my_token, next_page

bp = Blueprint("accounts", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/sign-in")
def sign_in() -> Page:
    """The form to sign in."""
    if current_user.is_authenticated:
        return redirect(next_page())
    return _sign_in_page(SignInInput(data={"email": session.pop("email", "")}))


@bp.post("/sign-in")
@limiter.limit(SIGN_IN)
def add_session() -> Page:
    """Sign in."""
    sent = SignInInput()
    if not sent.validate_on_submit():
        return _sign_in_page(sent), 400
    try:
        checked = accounts.check_password(email=sent.email.data, password=sent.password.data, now=g.now)
        return enter(checked.user_id, to=next_page(), password_hash=checked.password_hash)
    except SignInRefused as error:
        return _sign_in_page(with_error(sent, error, "password")), 401


@bp.post("/sign-out")
@login_required
def sign_out() -> Page:
    """End this browser's session."""
    accounts.sign_out(my_token(), now=g.now)
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
        accounts.change_password(
            me().id, token=my_token(), current=sent.current.data, new=sent.password.data, now=g.now
        )
    except BadInput as error:
        return _account_page(_profile_input(), with_error(sent, error, "password")), 400
    flash("Your password is changed. Other browsers were signed out.")
    return redirect(url_for(".show"))


def _sign_in_page(form: SignInInput) -> str:
    return render_template("accounts/sign_in.html", form=form, leaves_machine=mails.leaves_machine())


def _account_page(profile: ProfileInput, password: PasswordInput) -> str:
    known = accommodations.list_accommodations(me().id)
    return render_template(
        "accounts/show.html",
        profile=profile,
        password=password,
        reports=item_reports.list_own(me().id, now=g.now),
        accommodations=known,
        extra_time=ExtraTimeInput(formdata=None, data={"percent": str(accommodations.percent_of(known))}),
    )


def _profile_input() -> ProfileInput:
    return ProfileInput(formdata=None, data={"name": me().name, "zone": me().zone})
