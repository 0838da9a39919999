"""What goes by itself: each thing when its time has come, and not before."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.conftest import NOON, Cast
from tracker.config import Keep
from tracker.services import audit, cohorts, retention
from tracker.storage import mails, post, sql
from tracker.storage import retention as stored
from tracker.storage.audit_tables import AuditEvent
from tracker.storage.cohort_tables import Invitation, Look
from tracker.storage.identity_tables import Miss, PendingSignUp, Ticket
from tracker.storage.mails import Letter
from tracker.storage.sql import Base
from tracker.storage.tables import Mail, SignIn, User

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _sign_in(cast: Cast) -> SignIn:
    return SignIn(token_hash=uuid4().hex, public_id=uuid4().hex, user_id=cast.ada, started_at=NOON, seen_at=NOON)


def _ticket(cast: Cast) -> Ticket:
    return Ticket(token_hash="t", purpose="reset", user_id=cast.ada, made_at=NOON, expires_at=NOON + HOUR)


def _pending(_cast: Cast) -> PendingSignUp:
    return PendingSignUp(token_hash="p", email="e@example.org", made_at=NOON, expires_at=NOON + DAY)


def _mail(_cast: Cast) -> Mail:
    return Mail(key="m", address="e@example.org", subject="S", text="", made_at=NOON, due_at=NOON, sent_at=NOON)


def _unsent(_cast: Cast) -> Mail:
    return Mail(
        key="m",
        address="e@example.org",
        subject="S",
        text="T",
        made_at=NOON,
        due_at=NOON,
        sent_at=None,
        expires_at=NOON + 10 * DAY,
    )


def _invitation(cast: Cast) -> Invitation:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    return Invitation(
        public_id="i",
        cohort_id=cohort.id,
        created_by=cast.lena,
        token_hash="i",
        address="e@example.org",
        created_at=NOON,
        expires_at=NOON + 14 * DAY,
    )


def _look(cast: Cast) -> Look:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    return Look(cohort_id=cohort.id, user_id=cast.ada, looker_id=cast.lena, what="page", at=NOON)


def _miss(_cast: Cast) -> Miss:
    return Miss(account_hash="m", count=3, at=NOON)


@pytest.mark.parametrize(
    ("make", "kept_for"),
    [
        (_sign_in, 12 * HOUR),
        (_ticket, HOUR),
        (_pending, DAY),
        (_miss, DAY),
        (_mail, 30 * DAY),
        (_unsent, 40 * DAY),
        (_invitation, 44 * DAY),
        (_look, 365 * DAY),
    ],
)
def test_it_goes_when_its_time_has_come_and_not_before(
    cast: Cast, make: Callable[[Cast], Base], kept_for: timedelta
) -> None:
    row = make(cast)
    with sql.writing() as session:
        session.add(row)

    retention.clean_up(NOON + kept_for)
    assert _count(type(row)) == 1

    assert retention.clean_up(NOON + kept_for + timedelta(seconds=1)) == 1
    assert _count(type(row)) == 0
    assert _count(User) == 4


def _count(table: type[Base]) -> int:
    return sql.session().scalars(select(func.count()).select_from(table)).one()


def test_the_audit_trail_forgets_from_where_and_keeps_the_rest(cast: Cast) -> None:
    audit.record("test.done", actor_id=cast.ada, subject=f"user:{cast.ada}", now=NOON)
    (before,) = sql.session().scalars(select(AuditEvent))
    known = (before.hash, before.action)

    retention.clean_up(NOON + 91 * DAY)

    sql.session().expire_all()
    (event,) = sql.session().scalars(select(AuditEvent))
    assert (event.details, event.salt) == (None, None)
    assert (event.hash, event.action) == known


def test_files_of_the_outbox_go_too(cast: Cast) -> None:
    with sql.writing():
        mails.add([Letter("a", "e@example.org", "S", "T", due_at=NOON)], now=NOON)
    with post.opened() as send:
        for mail in mails.list_due(now=NOON, most_tries=1, most=1):
            send(mail, NOON)
    from tracker import clock

    assert post.remove_written_before(clock.now() - 30 * DAY) == 0
    assert post.remove_written_before(clock.now() + HOUR) == 1


def test_many_go_some_at_a_time(cast: Cast) -> None:
    many = [
        {
            "key": str(number),
            "address": "e@example.org",
            "subject": "",
            "text": "",
            "made_at": NOON,
            "due_at": NOON,
            "sent_at": NOON,
            "tries": 0,
        }
        for number in range(stored.AT_ONCE + 1)
    ]
    with sql.writing() as session:
        session.execute(sql.insert(Mail), many)

    assert list(stored.remove(stored.mails(NOON + DAY))) == [stored.AT_ONCE, 1]


def test_the_page_tells_the_settings_that_hold(cast: Cast) -> None:
    keep = stored.get_keep()
    told = {rule.what: rule.how_long for rule in retention.list_rules()}

    assert keep == Keep(mails_days=30, looks_days=365, audit_details_days=90)
    assert told["Mails to you"] == "30 days after they were sent"
    assert told["Who looked at your results"] == "365 days"
