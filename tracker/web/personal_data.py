"""One's own data: what is kept, take all of it away, and be erased."""

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from flask_login import login_required, logout_user
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from tracker.errors import BadInput
from tracker.services import erasing, personal_data
from tracker.web.again import again, sent_again
from tracker.web.forms import with_error
from tracker.web.inputs import ErasureInput
from tracker.web.limits import PERSONAL_DATA, SIGN_IN, limiter, whoever_asks
from tracker.web.people import me

bp = Blueprint("personal_data", __name__, url_prefix="/account/data")

Page = str | tuple[str, int] | Response


@bp.get("")
@login_required
def show() -> Page:
    """What is kept, where and how long."""
    return _page(again(ErasureInput(formdata=None)))


@bp.get("/download")
@login_required
@limiter.limit(PERSONAL_DATA, key_func=whoever_asks)
def download() -> Page:
    """All of it as a ZIP."""
    return Response(
        FileWrapper(personal_data.write_out(me().id, now=g.now)),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="skillmark-data-{g.now:%Y-%m-%d}.zip"'},
        direct_passthrough=True,
    )


@bp.post("/erase")
@login_required
@limiter.limit(SIGN_IN)
def erase() -> Page:
    """Erase whoever is signed in."""
    sent = again(ErasureInput())
    if not sent.validate_on_submit():
        return _page(sent), 400
    try:
        erasing.erase_own(me().id, typed=sent.typed.data, **sent_again(sent), now=g.now)
    except BadInput as error:
        return _page(with_error(sent, error, "typed")), 400
    logout_user()
    session.clear()
    flash("Your account is erased with everything in it. Goodbye, and thank you for learning here.")
    return redirect(url_for("home.show"))


def _page(form: ErasureInput) -> str:
    return render_template("personal_data/show.html", data=personal_data.open_data(me().id), form=form)
