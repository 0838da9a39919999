"""The people of a cohort, for its leads: who is in it, who waits, whom they invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import BadInput
from tracker.services import cohort_letters, cohorts
from tracker.services.address_list import AddressList
from tracker.storage import cohorts as stored_cohorts
from tracker.storage import invitations, join_requests
from tracker.storage.cohort_tables import Cohort, Invitation, JoinRequest, Membership
from tracker.storage.invitations import Known
from tracker.storage.mails import Letter

LIVES = (1, 7, 14, 30)
MOST_USES = 1000
MOST_LISTED = 100
MOST_FAULTS = 20
PERSONAL_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of a list: who is invited now, who needed no invitation, and who was in it more than once."""

    addresses: tuple[str, ...]
    known: Known
    repeated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """A page of a cohort's people. links: invitations that were handed out. mailed: those that went to an address."""

    leadership: Membership
    leads: Sequence[Membership]
    members: Sequence[Membership]
    member_count: int
    page: int
    requests: Sequence[JoinRequest]
    links: Sequence[Invitation]
    mailed: Sequence[Invitation]

    @property
    def cohort(self) -> Cohort:
        """Whose people they are."""
        return self.leadership.cohort

    @property
    def open_invitations(self) -> int:
        """How many invitations still let somebody in."""
        return len(self.links) + len(self.mailed)

    @property
    def pages(self) -> int:
        """How many pages of members there are, at least one."""
        return _pages(self.member_count)


def open_people(public_id: str, *, lead_id: int, page: int, now: datetime) -> People:
    """A cohort's people, its members a page at a time. Raises: NotFound, also to all but its leads."""
    leadership = cohorts.get_leadership(public_id, lead_id=lead_id)
    cohort_id = leadership.cohort_id
    live = invitations.list_live(cohort_id, now=now)
    member_count = stored_cohorts.count_members(cohort_id)
    shown = min(max(1, page), _pages(member_count))
    return People(
        leadership=leadership,
        leads=stored_cohorts.list_leads(cohort_id),
        members=stored_cohorts.list_members(cohort_id, skip=(shown - 1) * MOST_LISTED, most=MOST_LISTED),
        member_count=member_count,
        page=shown,
        requests=join_requests.list_in(cohort_id),
        links=[invitation for invitation in live if invitation.address is None],
        mailed=[invitation for invitation in live if invitation.address is not None],
    )


def list_members(public_id: str, *, lead_id: int, after: int, most: int) -> Sequence[Membership]:
    """Some of a cohort's members, by their ids, those after this one. Raises: NotFound, also to all but its leads."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    return stored_cohorts.list_members_after(cohort.id, after=after, most=most)


def invite_addresses(public_id: str, listed: AddressList, *, lead_id: int, now: datetime) -> Invited:
    """Invite every address of a list by mail; with a line that is wrong, nobody.

    Raises: NotFound, Conflict, BadInput naming the lines.
    """
    lead = cohorts.get_leadership(public_id, lead_id=lead_id)
    if listed.faults:
        raise BadInput({"pasted": [*_first(listed.faults), "Nobody was invited."]})
    mailed = {address: _personal(lead, address, now) for address in listed.addresses}
    known = invitations.add_mailed(lead.cohort_id, mailed, now=now)
    new = tuple(address for address in listed.addresses if address not in known.all)
    return Invited(addresses=new, known=known, repeated=listed.repeated)


def _pages(member_count: int) -> int:
    return max(1, -(-member_count // MOST_LISTED))


def _first(faults: Sequence[str]) -> list[str]:
    others = len(faults) - MOST_FAULTS
    return [*faults[:MOST_FAULTS], *([f"And {others} more lines."] if others > 0 else [])]


def _personal(lead: Membership, address: str, now: datetime) -> tuple[Invitation, Letter]:
    """An invitation for one address, and the mail that takes it there."""
    cohort = lead.cohort
    invitation, token = cohorts.new_invitation(
        cohort, lead_id=lead.user_id, now=now, life=PERSONAL_LIFE, most_uses=1, address=address
    )
    letter = cohort_letters.write_invitation(
        invitation, token, address=address, cohort=cohort, lead_name=lead.user.name, now=now
    )
    return invitation, letter
