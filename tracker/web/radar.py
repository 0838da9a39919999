"""My skill radar, and each of its areas and topics in depth."""

from flask import Blueprint, g, render_template
from flask_login import login_required

from tracker.services import bank, radar
from tracker.web.people import me

bp = Blueprint("radar", __name__)


@bp.get("/radar")
@login_required
def show() -> str:
    """My radar, its table, its history and my next steps."""
    return render_template("radar/show.html", view=radar.get_radar(me().id, now=g.now))


@bp.get("/radar/<area_slug>")
@login_required
def area(area_slug: str) -> str:
    """One area: its topics, its history and where to learn."""
    return render_template("radar/area.html", view=radar.get_area_view(area_slug, learner_id=me().id, now=g.now))


@bp.get("/radar/<area_slug>/<topic_slug>")
@login_required
def topic(area_slug: str, topic_slug: str) -> str:
    """One topic: its score, what it is made of and where to learn."""
    view = radar.get_topic_view(area_slug, topic_slug, learner_id=me().id, now=g.now)
    return render_template("radar/topic.html", view=view, quiz=bank.topic_assessment_slug(view.skill.topic.id))
