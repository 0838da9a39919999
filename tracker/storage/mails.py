"""Mails in SQL: what is to be sent, and what became of it. There is one mail a key."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from tracker.storage import sql
from tracker.storage.cohort_tables import Cohort
from tracker.storage.tables import Mail

INVITATION = "invitation/"
"""How the key of a mail begins that takes an invitation to somebody; then comes the invitation's public id."""

LEAD = "lead/"
"""How the key of a mail begins that tells somebody that they lead a cohort."""

NAMING = {INVITATION: " invites you", LEAD: " made you a lead"}
"""The kinds of mails that begin with somebody's name, by the start of their keys: how they go on after it."""

ACCOUNT = "account/"
"""How the key of a mail begins that holds a link into an account, or to one."""

NO_LINK = "The link in this mail does not work any more, so its text was deleted."


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to queue, to be sent from due_at on and before expires_at.

    key: what it is for. cohort_id: whose leads see what becomes of it.
    """

    key: str
    address: str
    subject: str
    text: str
    due_at: datetime
    cohort_id: int | None = None
    expires_at: datetime | None = None


def add(letters: Sequence[Letter], *, now: datetime) -> int:
    """Queue mails within the writing transaction that is open; what has a key that is known stays as it is.

    Returns: how many are new.
    """
    if not letters:
        return 0
    rows = [{**asdict(letter), "made_at": now, "sent_at": None, "problem": None} for letter in letters]
    insert = sql.insert(Mail).on_conflict_do_nothing(index_elements=["key"]).returning(Mail.id)
    return len(sql.session().execute(insert, rows).all())


def list_keys_of(cohort_id: int, *, start: str, made_since: datetime) -> Sequence[str]:
    """The keys with this start of a cohort's mails that were queued since a moment."""
    wanted = select(Mail.key).where(Mail.cohort_id == cohort_id, Mail.key.startswith(start, autoescape=True))
    return sql.session().scalars(wanted.where(Mail.made_at > made_since)).all()


def expire(cohort_id: int, *, start: str, now: datetime) -> None:
    """Let no mail of a cohort with this start of its key be sent any more, within the open writing transaction."""
    unsent = update(Mail).where(Mail.cohort_id == cohort_id, Mail.key.startswith(start, autoescape=True))
    sql.session().execute(unsent.where(Mail.sent_at.is_(None)).values(expires_at=now))


def list_due(*, now: datetime, most_tries: int, most: int) -> Sequence[Mail]:
    """The mails to send now, who waits longest first; not those that were tried so often, or that have expired.

    Invitations to an archived cohort wait until it is restored.
    """
    due = select(Mail).where(*_is_due(now, most_tries)).order_by(Mail.due_at, Mail.id).limit(most)
    return sql.session().scalars(due).all()


def get_backlog(*, now: datetime, most_tries: int) -> tuple[int, datetime | None]:
    """How many mails are to be sent now, and since when the first of them waits."""
    with sql.db.engine.connect() as connection:
        counted = select(func.count(), func.min(Mail.due_at)).where(*_is_due(now, most_tries))
        count, oldest = connection.execute(counted).one()
    return count, oldest


def list_of(cohort_id: int | None, *, before: int | None, most: int) -> Sequence[Mail]:
    """The mails of a cohort or, with None, of no cohort, newest first, from before one of them on."""
    wanted = select(Mail).where(Mail.cohort_id == cohort_id).order_by(Mail.id.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(Mail.id < before)
    return sql.session().scalars(wanted).all()


def find_of_no_cohort(mail_id: int) -> Mail | None:
    """A mail that is no cohort's."""
    return sql.session().scalar(select(Mail).where(Mail.id == mail_id, Mail.cohort_id.is_(None)))


def note_sent(mail_id: int, *, now: datetime, keeps_text: bool) -> None:
    """A mail was sent; unless its text is to be kept, it is deleted."""
    deleted = {} if keeps_text else {"text": ""}
    with sql.writing() as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=now, problem=None, **deleted))


def note_unsent(put_off: Sequence[tuple[int, datetime]], *, problem: str) -> None:
    """Mails, by their ids, could not be sent: why, and when each is tried again."""
    with sql.writing() as session:
        for mail_id, due_at in put_off:
            changed = {"tries": Mail.tries + 1, "problem": problem, "due_at": due_at}
            session.execute(update(Mail).where(Mail.id == mail_id).values(changed))


def forget_invitation(public_id: str, *, now: datetime) -> None:
    """Let the mail of an invitation be sent no more and hold no link, within the caller's writing transaction."""
    sql.session().execute(
        update(Mail).where(Mail.key == INVITATION + public_id, _has_link()).values(text=NO_LINK, expires_at=now)
    )


def forget_account_links(address: str, *, now: datetime) -> None:
    """Let no mail to this address hold a link into its account, within the open writing transaction."""
    sql.session().execute(
        update(Mail)
        .where(Mail.key.startswith(ACCOUNT), Mail.address == address, _has_link())
        .values(text=NO_LINK, expires_at=now)
    )


def forget_person(name: str, address: str, *, called: str) -> None:
    """Delete the mails to somebody, and call them so in mails that others have got from them.

    It is for the writing transaction that is open.
    """
    session = sql.session()
    session.execute(delete(Mail).where(Mail.address == address))
    unnamed = called + func.substr(Mail.text, len(name) + 1)
    for kind, after in NAMING.items():
        theirs = Mail.text.istartswith(name + after, autoescape=True)
        session.execute(update(Mail).where(Mail.key.startswith(kind), theirs).values(text=unnamed))


def forget_links(*, now: datetime) -> int:
    """Let mails whose links are over hold none. Returns: how many did."""
    with sql.writing() as session:
        forgotten = session.execute(
            update(Mail)
            .where(or_(Mail.key.startswith(INVITATION), Mail.key.startswith(ACCOUNT)))
            .where(Mail.expires_at <= now, _has_link())
            .values(text=NO_LINK)
            .returning(Mail.id)
        )
        return len(forgotten.all())


def _is_due(now: datetime, most_tries: int) -> tuple[ColumnElement[bool], ...]:
    """That a mail is to be sent now."""
    is_unsent = and_(Mail.sent_at.is_(None), Mail.due_at <= now, Mail.tries < most_tries)
    return is_unsent, or_(Mail.expires_at.is_(None), Mail.expires_at > now), ~_invites_to_archived()


def _has_link() -> ColumnElement[bool]:
    return Mail.text.not_in(("", NO_LINK))


def _invites_to_archived() -> ColumnElement[bool]:
    is_archived = exists().where(Cohort.id == Mail.cohort_id, Cohort.archived_at.is_not(None))
    return and_(Mail.key.startswith(INVITATION), is_archived)
