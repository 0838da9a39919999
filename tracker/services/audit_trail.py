"""Reading the audit trail: for admins on a page, and from end to end to find what was tampered with."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.services.accounts import Person, find_by_address, read_id
from tracker.services.people import check_admin
from tracker.storage import accounts, audit
from tracker.storage.audit import Wanted
from tracker.storage.audit_tables import AuditEvent

LISTED = 50
NOBODY = 0
OF_PERSON = "user:"
"""How the subject of what was done to somebody begins; then comes their id."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An event as admins read it. details: None once they were forgotten."""

    event: AuditEvent
    person_id: int | None
    details: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, newest first. names: of the people in them. older: from before which event on the others are."""

    events: Sequence[Listed]
    names: Mapping[int, str]
    older: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found from the first event on. fault: what is wrong with the chain, at the first place; empty if sound.

    head: the hash that says all of it, to be noted elsewhere.
    """

    count: int
    first_at: datetime | None
    last_at: datetime | None
    head: str
    fault: str


def list_events(
    *,
    person: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None,
    admin: Person,
) -> Page:
    """What was done, for admins: by or to the person with this id or address, of one action, within some time.

    Raises: NotFound to everybody else.
    """
    check_admin(admin)
    person_id = _guess_id(person) if person else None
    wanted = Wanted(person_id=person_id, action=action, since=since, until=until)
    found = audit.list_events(wanted, before=before, most=LISTED + 1)
    listed = [_listed(event) for event in found[:LISTED]]
    known = {one.event.actor_id for one in listed} | {one.person_id for one in listed}
    names = accounts.list_names(person_id for person_id in known if person_id is not None)
    return Page(listed, names, older=listed[-1].event.seq if len(found) > LISTED else None)


def count_events() -> int:
    """How many events there should be."""
    newest = audit.find_newest()
    return newest.seq if newest else 0


def get_head() -> str:
    """The newest hash, which says all of the chain."""
    newest = audit.find_newest()
    return newest.hash if newest else audit.START


def verify(*, expected: Collection[str] = (), on_event: Callable[[], object] = lambda: None) -> Checked:
    """Follow the chain from the first event to the last, and look for hashes that were noted elsewhere.

    A chain whose end was cut off, or that was made anew throughout, is sound in itself: only a noted hash shows it.
    """
    missing = set(expected)
    count, head, first_at, last_at = 0, audit.START, None, None
    for event in audit.read_chain():
        fault = _fault_of(event, seq=count + 1, previous_hash=head)
        if fault:
            return Checked(count, first_at, last_at, head, fault)
        count, head, last_at = event.seq, event.hash, event.at
        first_at = first_at or event.at
        missing.discard(event.hash)
        on_event()
    lost = ", ".join(sorted(missing))
    return Checked(count, first_at, last_at, head, f"No event has the hash {lost} any more." if lost else "")


def _guess_id(typed: str) -> int:
    """Whose id or address this is; nobody's id when it is neither. Ids of those who are gone count too."""
    user_id = read_id(typed)
    if user_id is not None:
        return user_id
    user = find_by_address(typed)
    return user.id if user else NOBODY


def _fault_of(event: AuditEvent, *, seq: int, previous_hash: str) -> str:
    """What is wrong with an event that should come now; empty when nothing is."""
    if event.seq != seq:
        return f"Event {seq} is missing."
    if event.previous_hash != previous_hash:
        return f"Event {seq} does not follow the one before it."
    if event.hash != audit.hash_of(event):
        return f"Event {seq} was changed."
    if event.details is None and event.salt is None:
        return ""
    if event.details is None or event.salt is None or event.digest != audit.digest_of(event.salt, event.details):
        return f"The details of event {seq} were changed."
    return ""


def _listed(event: AuditEvent) -> Listed:
    number = event.subject.removeprefix(OF_PERSON)
    return Listed(
        event,
        person_id=int(number) if event.subject.startswith(OF_PERSON) and number.isdecimal() else None,
        details=None if event.details is None else json.loads(event.details),
    )
