"""Erasing people: by themselves, by a command for who asks in a letter, and again after a backup was restored.

First they can do nothing any more and are in no cohort; then their documents go, then their account with all that rests
on it. What was under way meanwhile may still write something of theirs, so a quarter of an hour later it is done once
more, with what takes long. Every step can be taken again, so what was interrupted is gone on with.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import accounts, audit, second_factor
from tracker.storage import accounts as stored_accounts
from tracker.storage import attempts as stored_attempts
from tracker.storage import audit as stored_audit
from tracker.storage import documents, erasures, exports, misses, personal_documents, post, reminders, rewriting
from tracker.storage.audit_tables import Erasure
from tracker.storage.fingerprints import fingerprint
from tracker.storage.leavers import SOMEBODY
from tracker.storage.tables import User

AGAIN_AFTER = timedelta(minutes=15)
"""What was under way when somebody was erased has ended by then: figures of a group take ten minutes at most."""

BEGUN_AFTER = timedelta(minutes=1)
"""An erasure that is not through after so long was interrupted."""

log = logging.getLogger(__name__)


def find_hindrance(user_id: int) -> str:
    """Why somebody cannot be erased now, in a sentence; empty when they can."""
    return erasures.find_hindrance(user_id)


def erase_own(user_id: int, *, typed: str, password: str, code: str = "", now: datetime) -> None:
    """Erase whoever asks for it themselves, once they have typed their address and shown once more who they are.

    Raises: BadInput; TooManyMisses; Conflict, naming what stands in the way.
    """
    user = stored_accounts.get_user(user_id)
    if accounts.normal_address(typed) != user.email:
        raise BadInput({"typed": ["This is not your address."]})
    second_factor.prove_again(user_id, password=password, code=code, now=now)
    erase(user_id, actor_id=user_id, now=now)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an address or an id names, and how many attempts they have."""

    name: str
    address: str
    attempts: int


def find_named(who: str) -> Named:
    """Whoever has this address or id, to be asked about before they are erased. Raises: NotFound."""
    user = _get(who)
    return Named(name=user.name, address=user.email, attempts=stored_attempts.count(user.id))


def erase_by_command(who: str, *, successor: str | None, now: datetime) -> int:
    """Erase whoever has this address or id. Returns: their id.

    successor: the address of who leads the cohorts then that nobody else leads. Raises: NotFound, Conflict.
    """
    user = _get(who)
    _make_way(user.id, successor=successor, now=now)
    erase(user.id, actor_id=None, now=now)
    return user.id


def erase(user_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Erase somebody; what was under way meanwhile goes a quarter of an hour later. Raises: NotFound, Conflict."""
    erasures.begin(user_id, now=now)
    audit.record("person.erased", actor_id=actor_id, subject=f"user:{user_id}", now=now)
    _forget(user_id)
    log.warning("Person %s was erased", user_id)


def go_on(now: datetime) -> int:
    """Go on with erasures that were interrupted, and end those that are due. Returns: how many ended."""
    return sum(_go_on(begun, now) for begun in erasures.list_begun())


def erase_again(*, successor: str | None, now: datetime) -> int:
    """Erase everybody anew who was ever erased, as after a backup was restored. Returns: how many that were.

    successor: as in `erase_by_command`. What cannot end now is gone on with. Raises: NotFound; Conflict, before anybody
    is erased, for whoever may not be, though of several last admins only the last.
    """
    ids = [erased.user_id for erased in erasures.list_all()]
    back = [user_id for user_id in ids if erasures.find_user(user_id)]
    for user_id in back:
        _make_way(user_id, successor=successor, now=now)
    for user_id in ids:
        _erase_anew(user_id, is_back=user_id in back, now=now)
    return len(ids)


def _make_way(user_id: int, *, successor: str | None, now: datetime) -> None:
    """Let the successor lead what somebody leads alone. Raises: NotFound; Conflict when they cannot be erased then."""
    if successor and not stored_accounts.is_last_admin(user_id):
        erasures.hand_over(user_id, to=_get(successor).id, now=now)
    hindrance = erasures.find_hindrance(user_id)
    if hindrance:
        raise Conflict(hindrance)


def _erase_anew(user_id: int, *, is_back: bool, now: datetime) -> None:
    if is_back:
        erasures.begin(user_id, now=now)
    else:
        erasures.reopen(user_id, now=now)
    _forget(user_id)
    _end(user_id, now)


def _go_on(begun: Erasure, now: datetime) -> bool:
    """Do what is due of an erasure. Says whether it ended; one that fails holds no other up."""
    try:
        is_there = erasures.find_user(begun.user_id) is not None
        if is_there and begun.asked_at + BEGUN_AFTER <= now:
            _forget(begun.user_id)
        return begun.asked_at + AGAIN_AFTER <= now and _end(begun.user_id, now)
    except Exception as error:
        if documents.is_away(error):
            raise
        log.exception("Erasing person %s did not end; it is gone on with in a minute", begun.user_id)
        return False


def _forget(user_id: int) -> None:
    """Delete what is quickly deleted; the account, which knows the name to look for, last."""
    personal_documents.forget(user_id)
    user = erasures.find_user(user_id)
    if user:
        _forget_name(user)
        erasures.remove(user)
    exports.sweep()
    stored_audit.forget_details(user_id)


def _forget_name(user: User) -> None:
    """Delete what is found by somebody's name or address, and not in the tables that go with the account."""
    if erasures.is_only_one_called(user):
        personal_documents.forget_author(user.name)
    post.forget_person(user.name, user.email, called=SOMEBODY)
    misses.forget(user.email)


def _end(user_id: int, now: datetime) -> bool:
    """Delete what came meanwhile and what takes long, from the files too. Says whether all is gone.

    The embedded document store's files are written anew when it starts next.
    """
    personal_documents.forget(user_id)
    personal_documents.forget_giver(user_id, learner_ids=stored_accounts.list_ids())
    personal_documents.forget_in_groups(user_id, nobody=_nobody(user_id))
    reminders.forget_all(user_id)
    stored_audit.forget_details(user_id)
    rewriting.want()
    if not erasures.empty_log():
        return False
    erasures.finish(user_id, now=now)
    return True


def _nobody(user_id: int) -> int:
    """A number below 0 that stands for somebody in what was told of groups, and leads nobody back to them."""
    return -int(fingerprint(f"erased {user_id}")[:15], 16)


def _get(who: str) -> User:
    """Who has this address or id. Raises: NotFound."""
    user_id = accounts.read_id(who)
    user = accounts.find_by_address(who) if user_id is None else erasures.find_user(user_id)
    if user is None:
        raise NotFound(f"There is no account {who}. Nothing was erased.")
    return user
