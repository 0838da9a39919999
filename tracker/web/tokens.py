"""One's own tokens: what lets programs ask in one's name."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.errors import BadInput, Conflict
from tracker.services import tokens
from tracker.services.tokens import Made, Scope
from tracker.web.again import again, prove_again
from tracker.web.forms import check_form, with_error
from tracker.web.inputs import TokenInput
from tracker.web.limits import TOKENS, limiter, whoever_asks
from tracker.web.people import me

bp = Blueprint("tokens", __name__, url_prefix="/account/tokens")

Page = str | tuple[str, int] | Response


@bp.get("")
@login_required
def index() -> Page:
    """My tokens, and the form for a new one."""
    return _page(_new_form())


@bp.post("")
@login_required
@limiter.limit(TOKENS, key_func=whoever_asks)
def add() -> Page:
    """Make a token. It is in this answer and nowhere else, so it is not redirected."""
    sent = again(TokenInput())
    if not sent.validate_on_submit():
        return _page(sent), 400
    try:
        prove_again(sent)
        made = tokens.make_token(
            me().id,
            name=sent.name.data,
            scopes=[Scope(scope) for scope in sent.scopes.data],
            days=int(sent.days.data),
            now=g.now,
        )
    except BadInput as error:
        return _page(with_error(sent, error, "name")), 400
    except Conflict as error:
        sent.name.errors = [str(error)]
        return _page(sent), 409
    return _page(_new_form(), made)


@bp.post("/<token_id>/revoke")
@login_required
def revoke(token_id: str) -> Page:
    """Make one of my tokens work no more."""
    check_form()
    revoked = tokens.revoke(token_id, user_id=me().id, now=g.now)
    flash(f"The token {revoked.name} does not work any more.")
    return redirect(url_for(".index"))


def _new_form() -> TokenInput:
    return again(TokenInput(formdata=None))


def _page(form: TokenInput, made: Made | None = None) -> str:
    return render_template("tokens/index.html", tokens=tokens.list_tokens(me().id, now=g.now), form=form, made=made)
