"""How the service is, in words, for admins."""

from flask import Blueprint, render_template
from flask_login import login_required

from tracker.services.people import check_admin
from tracker.web.health import get_health
from tracker.web.people import me

bp = Blueprint("admin_health", __name__)


@bp.get("/admin/health")
@login_required
def show() -> str:
    """Its stores, its disk, and what runs beside it."""
    check_admin(me())
    return render_template("admin/health.html", health=get_health())
