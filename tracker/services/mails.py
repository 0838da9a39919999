"""Mails: queued with the change they tell of, sent by `flask jobs run`, never within a request.

What was sent is noted afterwards, so a crash in between sends it twice rather than never: with the same Message-ID.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from tracker import metrics
from tracker.errors import NotFound
from tracker.services import audit, cohorts, people
from tracker.services.accounts import Person
from tracker.storage import accounts, mails, post
from tracker.storage.cohort_tables import Cohort
from tracker.storage.post import NotSent, PostAway, Send
from tracker.storage.tables import Mail

MOST_AT_ONCE = 20
MOST_TRIES = 17
"""The pauses between so many tries are three days together."""

LONGEST_PAUSE = timedelta(hours=6)
LISTED = 100

State = Literal["waits", "sent", "written", "tried", "given up", "too late"]


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail as the leads of its cohort see it. text: only while it must be passed on by somebody."""

    id: int
    address: str
    subject: str
    state: State
    due_at: datetime
    sent_at: datetime | None
    problem: str | None
    text: str


@dataclass(frozen=True, slots=True)
class AccountQueue:
    """The mails of no cohort, newest first, without their texts. older: as in `Queue`."""

    mails: Sequence[Queued]
    older: int | None
    leaves_machine: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """The mails of a cohort, newest first. older: from which on the older ones are; None when there are no more."""

    cohort: Cohort
    mails: Sequence[Queued]
    older: int | None
    leaves_machine: bool


def send_due(now: datetime) -> int:
    """Send some of the mails that are due; what cannot be sent waits, longer each time. Returns: how many it sent."""
    due = mails.list_due(now=now, most_tries=MOST_TRIES, most=MOST_AT_ONCE)
    if not due:
        return 0
    with ExitStack() as stack:
        try:
            send = stack.enter_context(post.opened())
        except PostAway as error:
            _put_off(due, str(error), now)
            return 0
        return _send_all(due, send, now)


def count_waiting(now: datetime) -> int:
    """Tell the counts how many mails are due. Returns: 0, for that is no work that was done."""
    waiting, _since = mails.get_backlog(now=now, most_tries=MOST_TRIES)
    metrics.mails_waiting.set(waiting)
    return 0


def forget_links(now: datetime) -> int:
    """Delete the links that are over from their mails. Returns: from how many."""
    return mails.forget_links(now=now)


def list_mails(cohort_id: str, *, lead_id: int, now: datetime, before: int | None = None) -> Queue:
    """The mails of a cohort, for its leads, from before one of them on. Raises: NotFound, also to everybody else."""
    cohort = cohorts.get_led(cohort_id, lead_id=lead_id)
    found = mails.list_of(cohort.id, before=before, most=LISTED + 1)
    shown = found[:LISTED]
    return Queue(
        cohort=cohort,
        mails=[_queued(mail, now) for mail in shown],
        older=shown[-1].id if len(found) > LISTED else None,
        leaves_machine=post.leaves_machine(),
    )


def list_account_mails(admin: Person, *, now: datetime, before: int | None = None) -> AccountQueue:
    """The mails to accounts, for admins, from before one of them on. Raises: NotFound, also to everybody else."""
    people.check_admin(admin)
    found = mails.list_of(None, before=before, most=LISTED + 1)
    shown = found[:LISTED]
    return AccountQueue(
        mails=[replace(_queued(mail, now), text="") for mail in shown],
        older=shown[-1].id if len(found) > LISTED else None,
        leaves_machine=post.leaves_machine(),
    )


def open_account_mail(mail_id: int, *, admin: Person, now: datetime) -> Queued:
    """One mail to an account with its text, if an admin may have to pass it on: that they read it is written down.

    Raises: NotFound, also to everybody else.
    """
    people.check_admin(admin)
    mail = mails.find_of_no_cohort(mail_id)
    if mail is None:
        raise NotFound
    queued = _queued(mail, now)
    if mail.expires_at and mail.expires_at <= now:
        queued = replace(queued, text="")
    if queued.text:
        _record_reading(mail, admin=admin, now=now)
    return queued


def leaves_machine() -> bool:
    """Whether mails are sent; otherwise somebody must pass them on."""
    return post.leaves_machine()


def pause_after(tries: int) -> timedelta:
    """How long a mail waits after so many tries in vain: a minute, then four times as long, six hours at most."""
    return min(timedelta(minutes=4 ** min(tries - 1, 5)), LONGEST_PAUSE)


def _record_reading(mail: Mail, *, admin: Person, now: datetime) -> None:
    """Write down that an admin read a mail to an account: with whoever has its address, if anybody has."""
    user = accounts.find_user_by_email(mail.address)
    subject = f"user:{user.id}" if user else f"mail:{mail.id}"
    audit.record("mail.read", actor_id=admin.id, subject=subject, now=now, mail=mail.id)


def _send_all(due: Sequence[Mail], send: Send, now: datetime) -> int:
    """Send one after the other until the server is away; what comes behind is tried in the next round."""
    sent = 0
    for mail in due:
        try:
            send(mail, now)
        except NotSent as error:
            _put_off([mail], str(error), now)
            if isinstance(error, PostAway):
                break
        else:
            mails.note_sent(mail.id, now=now, keeps_text=not post.leaves_machine())
            metrics.mails_sent.inc()
            sent += 1
    return sent


def _put_off(unsent: Sequence[Mail], problem: str, now: datetime) -> None:
    metrics.mails_failed.inc(len(unsent))
    mails.note_unsent([(mail.id, now + pause_after(mail.tries + 1)) for mail in unsent], problem=problem)


def _queued(mail: Mail, now: datetime) -> Queued:
    state = _state(mail, now)
    return Queued(
        id=mail.id,
        address=mail.address,
        subject=mail.subject,
        state=state,
        due_at=mail.due_at,
        sent_at=mail.sent_at,
        problem=mail.problem,
        text=mail.text if state in {"written", "given up"} else "",
    )


def _state(mail: Mail, now: datetime) -> State:
    if mail.sent_at:
        return "written" if mail.text else "sent"
    if mail.expires_at and mail.expires_at <= now:
        return "too late"
    if mail.tries >= MOST_TRIES:
        return "given up"
    return "tried" if mail.tries else "waits"
