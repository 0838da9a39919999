"""Accommodations: extra time of a person, a multiple of every limit, for each attempt that they start from then on."""

from collections.abc import Sequence
from datetime import datetime

from tracker.errors import BadInput, Conflict
from tracker.services import audit
from tracker.services.accounts import get_by_address
from tracker.storage import accommodations
from tracker.storage.tables import Accommodation

PERCENTS = (0, 25, 50, 100, 200)
"""How much more time can be set."""


def is_self_set() -> bool:
    """Whether people set their extra time themselves; otherwise a lead or an admin does."""
    return accommodations.is_self_set()


def get_factor(user_id: int) -> float:
    """How much time a person gets, as a multiple of the limit."""
    return 1 + (accommodations.find_percent(user_id) or 0) / 100


def list_accommodations(user_id: int) -> Sequence[Accommodation]:
    """What was set for a person, newest first; the first counts."""
    return accommodations.list_of(user_id)


def percent_of(known: Sequence[Accommodation]) -> int:
    """How much more time counts, of what was set for a person."""
    return known[0].percent if known else 0


def set_own(user_id: int, *, percent: int, now: datetime) -> None:
    """Set one's own extra time. Raises: Conflict where others set it; BadInput."""
    if not is_self_set():
        raise Conflict("Extra time is set by a lead of your cohort or an admin here. Please ask one of them.")
    _add(user_id, percent, set_by=user_id, reason="", now=now)


def set_for(user_id: int, *, percent: int, set_by: int, reason: str, now: datetime) -> None:
    """Set the extra time of somebody whose lead one is. Raises: Conflict where people set it themselves; BadInput."""
    if is_self_set():
        raise Conflict("People set their extra time themselves here. Nothing was changed.")
    _add(user_id, percent, set_by=set_by, reason=_checked(reason), now=now)


def set_by_command(email: str, *, percent: int, reason: str, now: datetime) -> None:
    """Set the extra time of who has this address, for whoever runs the service. Raises: BadInput, NotFound."""
    _add(get_by_address(email).id, percent, set_by=None, reason=_checked(reason), now=now)


def _add(user_id: int, percent: int, *, set_by: int | None, reason: str, now: datetime) -> None:
    if percent not in PERCENTS:
        offered = ", ".join(map(str, PERCENTS))
        raise BadInput({"percent": [f"Extra time is one of {offered} percent. Nothing was changed."]})
    accommodations.add(user_id=user_id, percent=percent, set_by=set_by, reason=reason, now=now)
    audit.record("extra-time.set", actor_id=set_by, subject=f"user:{user_id}", now=now, percent=percent)


def _checked(reason: str) -> str:
    if not reason.strip():
        raise BadInput({"reason": ["Say why: the person sees it. Nothing was changed."]})
    return reason.strip()
