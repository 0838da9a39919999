"""Practice: choose what, answer one item a page without a clock, see it explained."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import practice
from tracker.web.inputs import PracticeInput
from tracker.web.people import me

bp = Blueprint("practice", __name__)


@bp.get("/practice")
@login_required
def index() -> str:
    """What is due today, and everything that can be practised."""
    return render_template("practice/index.html", overview=practice.get_overview(me().id, now=g.now, zone=me().zone))


@bp.get("/practice/<scope_slug>")
@login_required
def ask(scope_slug: str) -> str:
    """The item to answer now."""
    turn = practice.get_turn(scope_slug, learner_id=me().id, now=g.now, zone=me().zone)
    return render_template("practice/ask.html", turn=turn, shown_at=int(g.now.timestamp()))


@bp.post("/practice/<scope_slug>/answers")
@login_required
def answer(scope_slug: str) -> Response:
    """Take one answer, then show it explained."""
    sent = PracticeInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    scope = practice.get_scope(scope_slug)
    number = practice.submit_answer(
        sent.item.data,
        learner_id=me().id,
        seq=sent.seq.data,
        sent=[] if sent.is_unknown.data else request.form.getlist("answer"),
        seconds=max(0.0, g.now.timestamp() - sent.shown_at.data),
        now=g.now,
    )
    return redirect(url_for(".explain", scope_slug=scope.slug, item_version=sent.item.data, number=number))


@bp.get("/practice/<scope_slug>/answers/<item_version>/<int:number>")
@login_required
def explain(scope_slug: str, item_version: str, number: int) -> str:
    """One answer with its item explained."""
    found = practice.get_explained(scope_slug, item_version, number, learner_id=me().id, now=g.now)
    return render_template("practice/explain.html", found=found, number=number)
