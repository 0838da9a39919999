"""The people of a cohort, for its leads: members, leads, who waits, and invitations."""

from collections.abc import Iterable
from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.assessment.sees import Sees
from tracker.errors import BadInput
from tracker.services import cohort_people, cohorts, join_requests, leads, links
from tracker.services.address_list import decode, read_addresses
from tracker.services.cohort_people import Invited
from tracker.services.sessions import Renewal
from tracker.web.cohort_inputs import AddressesInput, LinkInput, StepBackInput
from tracker.web.entry import stay
from tracker.web.forms import check_form
from tracker.web.limits import MAILED, limiter, whoever_asks
from tracker.web.mails import told_of
from tracker.web.people import me, my_token

bp = Blueprint("cohort_people", __name__, url_prefix="/cohorts/<cohort_id>")

Page = str | tuple[str, int] | Response

MOST_NAMED = 10


@bp.get("/people")
@login_required
def show(cohort_id: str) -> Page:
    """Who is in a cohort, who waits, whom its leads invited."""
    return _page(cohort_id, LinkInput(formdata=None), AddressesInput(formdata=None))


@bp.post("/invitations")
@login_required
def invite(cohort_id: str) -> Page:
    """Make an invitation link; it is shown once."""
    sent = LinkInput()
    if not sent.validate_on_submit():
        return _page(cohort_id, sent, AddressesInput(formdata=None)), 400
    life = timedelta(days=int(sent.days.data))
    token = cohorts.invite(cohort_id, lead_id=me().id, now=g.now, life=life, most_uses=sent.most_uses.data)
    flash(links.to_invitation(token), "invitation")
    return _back(cohort_id)


@bp.post("/invitations/mailed")
@login_required
@limiter.limit(MAILED, key_func=whoever_asks)
def invite_addresses(cohort_id: str) -> Page:
    """Invite a list of addresses by mail."""
    sent = AddressesInput()
    if not sent.validate_on_submit():
        return _page(cohort_id, LinkInput(formdata=None), sent), 400
    listed = read_addresses(_text(sent))
    try:
        invited = cohort_people.invite_addresses(cohort_id, listed, lead_id=me().id, now=g.now)
    except BadInput as error:
        sent.pasted.errors = error.fields["pasted"]
        return _page(cohort_id, LinkInput(formdata=None), sent), 400
    for sentence in _told(invited, cohort_id):
        flash(sentence)
    return _back(cohort_id)


@bp.post("/invitations/<invitation_id>/revoke")
@login_required
def revoke(cohort_id: str, invitation_id: str) -> Page:
    """Stop an invitation from working."""
    check_form()
    cohorts.revoke_invitation(cohort_id, invitation_id=invitation_id, lead_id=me().id, now=g.now)
    flash("The link does not work any more.")
    return _back(cohort_id)


@bp.post("/requests/<int(max=2147483647):person_id>/let-in")
@login_required
def let_in(cohort_id: str, person_id: int) -> Page:
    """Make a member of somebody who waits."""
    check_form()
    waited = join_requests.let_in(cohort_id, person_id=person_id, lead_id=me().id, now=g.now)
    flash("They are in." if waited else "They do not wait any more.")
    return _back(cohort_id)


@bp.post("/requests/<int(max=2147483647):person_id>/refuse")
@login_required
def refuse(cohort_id: str, person_id: int) -> Page:
    """Let somebody wait no more."""
    check_form()
    waited = join_requests.refuse(cohort_id, person_id=person_id, lead_id=me().id, now=g.now)
    flash("They were not let in." if waited else "They do not wait any more.")
    return _back(cohort_id)


@bp.post("/members/<int(max=2147483647):member_id>/remove")
@login_required
def remove(cohort_id: str, member_id: int) -> Page:
    """Take a member out."""
    check_form()
    cohorts.remove_member(cohort_id, member_id=member_id, lead_id=me().id, now=g.now)
    flash("The member was taken out of the cohort.")
    return _back(cohort_id)


@bp.post("/members/<int(max=2147483647):member_id>/lead")
@login_required
def make_lead(cohort_id: str, member_id: int) -> Page:
    """Let a member lead too."""
    check_form()
    made = leads.make_lead(cohort_id, member_id=member_id, lead_id=me().id, now=g.now)
    flash(f"{made.name} leads the cohort too.")
    flash(told_of(1, "mail about it", cohort_id=cohort_id))
    return _back(cohort_id)


@bp.post("/step-back")
@login_required
def step_back(cohort_id: str) -> Page:
    """Become a member again."""
    sent = StepBackInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
    renewal = Renewal(my_token())
    leads.step_back(cohort_id, lead_id=me().id, agreed_to=Sees(sent.sees.data), now=g.now, renewal=renewal)
    stay(renewal)
    flash("You are a member now. This is what the leads see of you.")
    return redirect(url_for("cohorts.show", cohort_id=cohort_id))


def _page(cohort_id: str, link_form: LinkInput, list_form: AddressesInput) -> str:
    page = request.args.get("page", 1, type=int)
    people = cohort_people.open_people(cohort_id, lead_id=me().id, page=page, now=g.now)
    return render_template("cohorts/people.html", people=people, link_form=link_form, list_form=list_form)


def _back(cohort_id: str) -> Response:
    return redirect(url_for("cohort_people.show", cohort_id=cohort_id))


def _text(sent: AddressesInput) -> str:
    """What was pasted or, with nothing pasted, what the file holds."""
    pasted: str = sent.pasted.data or ""
    file = sent.file.data
    return pasted if pasted.strip() or not file else decode(file.read())


def _told(invited: Invited, cohort_id: str) -> list[str]:
    """What became of a list, a sentence each."""
    count = len(invited.addresses)
    sentences = [told_of(count, "invitation", cohort_id=cohort_id) if count else "Nobody was invited."]
    for words, addresses in (
        ("In the cohort already", invited.known.inside),
        ("Waiting to be let in already", invited.known.waiting),
        ("Invited already", invited.known.invited),
        ("In the list more than once", invited.repeated),
    ):
        if addresses:
            sentences.append(f"{words}: {_named(addresses)}.")
    return sentences


def _named(addresses: Iterable[str]) -> str:
    names = sorted(addresses)
    others = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {others} more" if others > 0 else "")
