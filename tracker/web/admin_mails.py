"""The mails to accounts, for admins: where none leaves this machine, somebody passes them on."""

from flask import Blueprint, g, render_template, request
from flask_login import login_required

from tracker.services import mails
from tracker.web.people import me
from tracker.web.row_ids import row_id

bp = Blueprint("admin_mails", __name__)


@bp.get("/admin/mails")
@login_required
def index() -> str:
    """The mails of no cohort, newest first; `before` goes on from one of them."""
    queue = mails.list_account_mails(me(), now=g.now, before=request.args.get("before", type=row_id))
    return render_template("admin_mails/index.html", queue=queue)


@bp.get("/admin/mails/<int(max=2147483647):mail_id>")
@login_required
def show(mail_id: int) -> str:
    """One mail with its text, if somebody has to pass it on."""
    return render_template("admin_mails/show.html", mail=mails.open_account_mail(mail_id, admin=me(), now=g.now))
