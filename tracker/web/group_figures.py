"""What a cohort's members answer and can do as a group, for its leads."""

from flask import Blueprint, g, render_template, request
from flask_login import login_required

from tracker.assessment.item_rules import RULES
from tracker.services import group_figures
from tracker.web.people import me

bp = Blueprint("group_figures", __name__, url_prefix="/cohorts/<cohort_id>/figures")


@bp.get("")
@login_required
def show(cohort_id: str) -> str:
    """The trend of each area, and which misconceptions are common."""
    figures = group_figures.open_figures(cohort_id, lead_id=me().id, now=g.now)
    return render_template("group_figures/show.html", figures=figures)


@bp.get("/<area_slug>")
@login_required
def items(cohort_id: str, area_slug: str) -> str:
    """How an area's items went."""
    page = request.args.get("page", 1, type=int)
    listing = group_figures.open_items(cohort_id, area_slug, page=page, lead_id=me().id, now=g.now)
    return render_template("group_figures/items.html", listing=listing, rules=RULES)
