"""Signing in with an account elsewhere, and linking such accounts to one's own."""

import hmac
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from tracker.errors import BadInput, Conflict, NotVouched
from tracker.services import identities, links
from tracker.services.identities import Vouched
from tracker.web import provider
from tracker.web.again import again, prove_again
from tracker.web.entry import enter
from tracker.web.forms import check_form, with_error
from tracker.web.inputs import AgainInput
from tracker.web.limits import SIGN_IN, limiter
from tracker.web.people import asked_page, me, next_page

bp = Blueprint("identities", __name__)

Page = str | tuple[str, int] | Response

AWAY = "away"
"""Where this browser's cookie holds what must fit when its person comes back from the provider."""

VOUCHED = "vouched"
"""Where it holds the account elsewhere that its person is asked to link."""

LONGEST_AWAY = timedelta(minutes=10)
LONGEST_NEXT = 1000
"""A longer page to go on to does not fit into the cookie."""


@bp.get("/sign-in/oidc")
@limiter.limit(SIGN_IN)
def begin() -> Page:
    """Go to the provider to sign in. A link, since a form may lead to this site only."""
    provider.get_provider()
    if current_user.is_authenticated:
        return redirect(next_page())
    return _depart(linking=None)


@bp.get("/account/identities/link")
@login_required
@limiter.limit(SIGN_IN)
def begin_link() -> Page:
    """Go to the provider to link one's account there; nothing is linked before one says so here."""
    provider.get_provider()
    return _depart(linking=me().id)


@bp.get("/sign-in/oidc/callback")
@limiter.limit(SIGN_IN)
def arrive() -> Page:
    """Come back from the provider: sign in, or see what is to be linked."""
    provider.get_provider()
    left = session.pop(AWAY, {})
    try:
        vouched = _vouched(left)
        if left["linking"] is not None:
            session[VOUCHED] = asdict(vouched)
            return redirect(url_for(".confirm"))
        user_id = identities.sign_in(vouched, now=g.now)
        return enter(user_id, to=left["next"] or url_for("home.show"), vouched=vouched)
    except (NotVouched, Conflict) as error:
        return _turn_back(error, then=left.get("next", ""))


@bp.get("/account/identities")
@login_required
def index() -> Page:
    """One's own accounts elsewhere."""
    issuer = provider.get_provider().issuer
    return render_template("identities/index.html", identities=identities.list_own(me().id, issuer=issuer))


@bp.get("/account/identities/new")
@login_required
def confirm() -> Page:
    """Which account elsewhere is to be linked."""
    provider.get_provider()
    if VOUCHED not in session:
        return redirect(url_for(".index"))
    return _confirm_page(again(AgainInput(formdata=None)))


@bp.post("/account/identities")
@login_required
@limiter.limit(SIGN_IN)
def link() -> Page:
    """Link it."""
    name = provider.get_provider().name
    if VOUCHED not in session:
        return redirect(url_for(".index"))
    sent = again(AgainInput())
    if not sent.validate_on_submit():
        return _confirm_page(sent), 400
    try:
        prove_again(sent)
    except BadInput as error:
        return _confirm_page(with_error(sent, error, "password")), 400
    try:
        identities.link(Vouched(**session.pop(VOUCHED)), user_id=me().id, now=g.now)
    except (NotVouched, Conflict) as error:
        flash(str(error))
    else:
        flash(f"From now on you can sign in with {name}.")
    return redirect(url_for(".index"))


@bp.post("/account/identities/<int(max=2147483647):identity_id>/unlink")
@login_required
def unlink(identity_id: int) -> Page:
    """Sign in with it no more."""
    check_form()
    name = provider.get_provider().name
    identities.unlink(identity_id, user_id=me().id, now=g.now)
    flash(f"That account at {name} does not sign you in any more.")
    return redirect(url_for(".index"))


def _confirm_page(form: AgainInput) -> str:
    return render_template("identities/confirm.html", vouched=Vouched(**session[VOUCHED]), form=form)


def _depart(*, linking: int | None) -> Response:
    """Go to the provider. linking: who wants to link an account there, if anybody."""
    asked = asked_page()
    try:
        departure = provider.depart(links.to_come_back())
    except NotVouched as error:
        return _turn_back(error, then=asked)
    session[AWAY] = {
        "state": departure.state,
        "nonce": departure.nonce,
        "code_verifier": departure.code_verifier,
        "at": g.now.timestamp(),
        "next": asked if len(asked) <= LONGEST_NEXT else "",
        "linking": linking,
    }
    return redirect(departure.url)


def _vouched(left: dict[str, Any]) -> Vouched:
    """Whom the provider vouches for, when it is who left for there. Raises: NotVouched."""
    if not left or not hmac.compare_digest(left["state"].encode(), request.args.get("state", "").encode()):
        raise NotVouched("That did not work: it was begun elsewhere, or is done already. Please begin once more.")
    if g.now - datetime.fromtimestamp(left["at"], UTC) > LONGEST_AWAY:
        raise NotVouched("That did not work: it took more than ten minutes. Please begin once more.")
    if left["linking"] is not None and not (current_user.is_authenticated and me().id == left["linking"]):
        raise NotVouched("Nothing was linked: you are not signed in as before. Sign in, and begin once more.")
    if "code" not in request.args:
        raise NotVouched(f"That did not work: it was refused or called off at {provider.get_provider().name}.")
    return provider.arrive(
        request.args["code"],
        nonce=left["nonce"],
        code_verifier=left["code_verifier"],
        redirect_uri=links.to_come_back(),
    )


def _turn_back(error: Exception, *, then: str) -> Response:
    """Say what went wrong where one can go on."""
    flash(str(error))
    if current_user.is_authenticated:
        return redirect(url_for(".index"))
    return redirect(url_for("accounts.sign_in", next=then or None))
