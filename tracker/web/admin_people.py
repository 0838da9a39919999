"""People, for admins: find somebody, give and take roles, disable. Nobody sets anybody's password."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.errors import BadInput
from tracker.services import accommodations, people
from tracker.services.people import Role
from tracker.web.admin_inputs import PeopleInput
from tracker.web.forms import check_form
from tracker.web.inputs import MemberTimeInput
from tracker.web.people import me
from tracker.web.row_ids import row_id

bp = Blueprint("admin_people", __name__, url_prefix="/admin/people")

PERSON = "/<int(max=2147483647):user_id>"
ROLE = f"{PERSON}/<any(admin, author):role>"


@bp.get("")
@login_required
def index() -> str:
    """The people whose name or address fits, whoever came last first; `before` goes on from one of them."""
    sent = PeopleInput(request.args)
    wanted = sent.wanted.data if sent.validate() else ""
    found = people.list_people(wanted, before=request.args.get("before", type=row_id), admin=me())
    return render_template("admin/people.html", found=found, form=sent, wanted=wanted)


@bp.get(PERSON)
@login_required
def show(user_id: int) -> str:
    """Somebody, and what can be done about their account."""
    opened = people.open_person(user_id, admin=me(), now=g.now)
    percent = accommodations.percent_of(opened.accommodations)
    extra_time = MemberTimeInput(formdata=None, data={"percent": str(percent)})
    return render_template("admin/person.html", opened=opened, extra_time=extra_time)


@bp.post(f"{ROLE}/give")
@login_required
def give_role(user_id: int, role: str) -> Response:
    """Make somebody an admin or an author."""
    check_form()
    people.give_role(user_id, Role(role), admin=me(), now=g.now)
    return _back(user_id, f"They are an {role} now. They sign in again to begin.")


@bp.post(f"{ROLE}/take")
@login_required
def take_role(user_id: int, role: str) -> Response:
    """Let somebody be an admin or an author no more."""
    check_form()
    people.take_role(user_id, Role(role), admin=me(), now=g.now)
    return _back(user_id, f"They are no {role} any more.")


@bp.post(f"{PERSON}/disable")
@login_required
def disable(user_id: int) -> Response:
    """Let somebody do nothing any more."""
    check_form()
    people.disable(user_id, admin=me(), now=g.now)
    return _back(user_id, "The account is disabled. They are signed out, and nothing of theirs is lost.")


@bp.post(f"{PERSON}/enable")
@login_required
def enable(user_id: int) -> Response:
    """Let somebody sign in again."""
    check_form()
    people.enable(user_id, admin=me(), now=g.now)
    return _back(user_id, "The account works again, as it did before.")


@bp.post(f"{PERSON}/sign-out")
@login_required
def sign_out(user_id: int) -> Response:
    """End all of somebody's sessions."""
    check_form()
    people.sign_out(user_id, admin=me(), now=g.now)
    return _back(user_id, "They are signed out everywhere.")


@bp.post(f"{PERSON}/reset")
@login_required
def send_reset(user_id: int) -> Response:
    """Send somebody the mail with which they set a new password."""
    check_form()
    if not people.send_reset(user_id, admin=me(), now=g.now):
        return _back(user_id, "No second mail was sent: one went there within the last 20 minutes, and its link works.")
    return _back(user_id, "The mail is on its way. Its link works for an hour.")


@bp.post(f"{PERSON}/second-factor")
@login_required
def remove_second_factor(user_id: int) -> Response:
    """Ask somebody who has lost their phone for no code any more."""
    check_form()
    people.remove_second_factor(user_id, admin=me(), now=g.now)
    return _back(user_id, "They sign in without a code now, and can set it up again.")


@bp.post(f"{PERSON}/extra-time")
@login_required
def set_extra_time(user_id: int) -> Response:
    """Set somebody's extra time."""
    sent = MemberTimeInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    people.set_extra_time(user_id, percent=int(sent.percent.data), reason=sent.reason.data, admin=me(), now=g.now)
    return _back(user_id, "The extra time is saved. It counts from the next attempt on.")


def _back(user_id: int, told: str) -> Response:
    flash(told)
    return redirect(url_for(".show", user_id=user_id))
