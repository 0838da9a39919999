"""What a member lets the leads of their cohort see, at any time as much or as little as they want."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.sees import Sees
from tracker.errors import BadInput, NotFound
from tracker.services import audit
from tracker.storage import cohorts
from tracker.storage.cohort_tables import Cohort, Membership, Role


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the leads of a cohort see of a member now, and whether these may see that they could mentor."""

    cohort: Cohort
    seen: Sees
    may_mentor: bool

    @property
    def offered(self) -> tuple[Sees, ...]:
        """What a member can choose from: as much as the leads ask for, or less."""
        return tuple(sees for sees in Sees if self.cohort.sees.includes(sees))


def list_asking(member_id: int) -> Sequence[Cohort]:
    """The cohorts whose leads ask a member for more than they agreed to, by name."""
    return [membership.cohort for membership in cohorts.list_memberships_of(member_id) if membership.is_asked]


def open_agreement(public_id: str, *, member_id: int) -> Agreement:
    """What a member agreed to. Raises: NotFound, also to leads, who are not seen."""
    membership = _get_member(public_id, member_id)
    return Agreement(cohort=membership.cohort, seen=membership.seen, may_mentor=membership.may_mentor)


def agree(public_id: str, *, member_id: int, agreed_to: Sees, may_mentor: bool, now: datetime) -> None:
    """Let the leads see that much from the next request on. Raises: NotFound, BadInput for more than they ask for."""
    membership = _get_member(public_id, member_id)
    if not cohorts.agree(membership.cohort_id, user_id=member_id, agreed_to=agreed_to, may_mentor=may_mentor):
        raise BadInput({"agreed_to": ["The leads do not ask for that much any more. Nothing was changed."]})
    audit.record(
        "member.agreed",
        actor_id=member_id,
        subject=f"user:{member_id}",
        now=now,
        cohort=public_id,
        agreed_to=agreed_to,
        may_mentor=may_mentor,
    )


def _get_member(public_id: str, member_id: int) -> Membership:
    membership = cohorts.get_membership(public_id, user_id=member_id)
    if membership.role is Role.LEAD:
        raise NotFound
    return membership
