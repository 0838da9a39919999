"""Erasing: nothing is left of who goes, in any table, collection or file; others keep what is theirs."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask, current_app
from pyotp import TOTP
from sqlalchemy import select

from tests.builders import an_attempt
from tests.conftest import NOON, PASSWORD, Cast, add_admin, add_author, add_person
from tests.services.full_life import CANARY, EMAIL, NAME, Life, count_documents, live
from tests.web.stored import COLLECTIONS, COUNTS, everything
from tracker import clock
from tracker.config import Config
from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import attempts, audit_trail, cohorts, erasing, second_factor
from tracker.services.erasing import AGAIN_AFTER, BEGUN_AFTER
from tracker.storage import attempts as stored_attempts
from tracker.storage import cohorts as stored_cohorts
from tracker.storage import documents, erasures, exports, mails, personal_documents, post, rewriting, sql
from tracker.storage.audit_tables import AuditEvent
from tracker.storage.cohort_tables import Assignment, Cohort, Export, Note
from tracker.storage.mails import Letter
from tracker.storage.sql import Base
from tracker.storage.tables import ItemReport, Mail, User

LATER = NOON + AGAIN_AFTER


@pytest.fixture
def life(cast: Cast) -> Life:
    return live(friend_id=cast.lena, learner_id=cast.omar)


def erase(user_id: int) -> None:
    """Erase somebody for good, as the service and its jobs do."""
    erasing.erase(user_id, actor_id=user_id, now=NOON)
    sql.session().rollback()
    assert erasing.go_on(LATER) == 1
    sql.session().rollback()
    sql.session().expire_all()


def rows() -> str:
    """Everything that the tables hold, as text."""
    with sql.db.engine.connect() as connection:
        return repr([connection.execute(select(table)).all() for table in Base.metadata.sorted_tables])


def all_documents() -> str:
    """Everything that the collections hold, as text; the counts of tries left out."""
    return repr([list(documents.collection(name).find()) for name in COLLECTIONS - COUNTS])


def files(config: Config) -> list[str]:
    """The files beside the databases that hold the canary."""
    found = (file for file in config.instance.rglob("*") if file.is_file() and "sqlite" not in file.name)
    return [file.name for file in found if CANARY.casefold().encode() in file.read_bytes().lower()]


def test_of_who_is_erased_no_row_no_document_and_no_file_says_anything(life: Life, config: Config) -> None:
    assert CANARY in rows()
    assert CANARY in all_documents()
    assert len(files(config)) == 3

    erase(life.id)

    assert CANARY.casefold() not in rows().casefold()
    assert CANARY.casefold() not in all_documents().casefold()
    assert files(config) == []


def test_no_row_points_at_them_but_by_their_number_in_what_stays_for_good(life: Life) -> None:
    erase(life.id)

    pointing = [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "users" for key in column.foreign_keys)
        if sql.session().scalar(select(column).where(column == life.id).limit(1)) is not None
    ]
    assert pointing == []
    assert not re.search(rf"(?<![\w.-]){life.id}(?![\w.])", _without_times(all_documents()))
    assert [event.details for event in sql.session().scalars(_about(life.id))] == [None, None]


def _about(user_id: int) -> Any:
    return select(AuditEvent).where(AuditEvent.subject == f"user:{user_id}").order_by(AuditEvent.seq)


def _without_times(text: str) -> str:
    """Without what only looks like a small id."""
    return re.sub(r"datetime\.datetime\([^)]*\)|'(?:seq|position|then|number|n|mark|schema)': \d+", "", text)


def test_the_audit_trail_is_whole_and_says_that_it_was_done(life: Life) -> None:
    erase(life.id)

    assert sql.session().scalars(_about(life.id)).all()[-1].action == "person.erased"
    assert audit_trail.verify().fault == ""


def test_others_keep_what_is_theirs(life: Life, cast: Cast) -> None:
    erase(life.id)

    session = sql.session()
    kept = session.scalars(select(Mail.text).order_by(Mail.id)).all()
    assert kept == ["somebody who left invites you", "Hello Ben"]
    assert [report.replied_by for report in session.scalars(select(ItemReport))] == ["somebody who left"]
    assert [(note.text, note.author_id) for note in session.scalars(select(Note))] == [("Asks well.", None)]
    assert session.scalars(select(Assignment.made_by)).all() == [None]
    (credit,) = stored_attempts.get(life.helped_id, learner_id=cast.omar).time.credits
    assert (credit.giver_id, credit.reason) == (None, "The alarm rang.")


def test_they_are_in_no_cohort_at_once_and_one_that_they_were_alone_in_is_gone(life: Life, cast: Cast) -> None:
    assert len(stored_cohorts.list_memberships_in(life.joined.id)) == 3

    erasing.erase(life.id, actor_id=life.id, now=NOON)

    assert {one.user_id for one in stored_cohorts.list_memberships_in(life.joined.id)} == {cast.lena, cast.omar}
    assert {one.user_id for one in stored_cohorts.list_memberships_in(life.led.id)} == {cast.lena, cast.omar}
    assert sql.session().scalar(select(Cohort).where(Cohort.id == life.own.id)) is None
    assert sql.session().scalars(select(Export)).all() == []


def test_what_was_told_of_a_group_stays_and_its_part_of_them_is_nobodys(life: Life) -> None:
    before = documents.collection("group_tellings").find_one({})

    erase(life.id)

    after = documents.collection("group_tellings").find_one({})
    assert before
    assert after
    assert after["figure"] == before["figure"]
    (group,) = after["groups"]
    nobody = group[0][0]
    assert nobody < 0
    assert group == [[nobody, 7], [1001, 7], [1002, 7], [1003, 7], [1004, 7]]
    assert (after["known"], after["exposed"]) == ([[nobody, 8]], [[nobody, 9]])
    people = documents.collection("group_people").find_one({})
    assert people
    assert people["learners"] == [nobody, 1001, 1002, 1003, 1004]
    assert documents.collection("group_figures").count_documents({}) == 0


# what is under way


def test_what_was_written_while_they_went_is_gone_a_quarter_of_an_hour_later(life: Life) -> None:
    erasing.erase(life.id, actor_id=life.id, now=NOON)
    stored_attempts.add(an_attempt(id="b" * 32, learner_id=life.id))
    sql.session().rollback()

    assert erasing.go_on(LATER - timedelta(seconds=1)) == 0
    assert count_documents(life.id) == 1
    sql.session().rollback()
    assert erasing.go_on(LATER) == 1

    assert count_documents(life.id) == 0
    assert erasing.go_on(LATER) == 0


def test_an_answer_to_an_attempt_that_is_gone_leaves_nothing(life: Life) -> None:
    erasing.erase(life.id, actor_id=life.id, now=NOON)

    with pytest.raises(NotFound):
        attempts.submit_response(
            life.open_id,
            learner_id=life.id,
            item_version="v1",
            position=0,
            seq=2,
            sent=["a"],
            then=None,
            arrived_at=NOON,
        )

    assert count_documents(life.id) == 0


@pytest.mark.parametrize("step", ["forget_author", "remove", "sweep"])
def test_one_that_was_interrupted_is_gone_on_with(life: Life, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    for module in (personal_documents, erasures, exports):
        if hasattr(module, step):
            monkeypatch.setattr(module, step, fail)
    with pytest.raises(RuntimeError):
        erasing.erase(life.id, actor_id=life.id, now=NOON)
    monkeypatch.undo()
    sql.session().rollback()

    assert erasing.go_on(NOON + BEGUN_AFTER) == 0
    sql.session().rollback()
    assert erasing.go_on(LATER) == 1

    assert CANARY.casefold() not in (rows() + all_documents()).casefold()


def test_two_erasures_at_once_are_one(life: Life, app: Flask) -> None:
    barrier = Barrier(2)

    def run(_number: int) -> str:
        with app.app_context():
            barrier.wait()
            try:
                erasing.erase(life.id, actor_id=life.id, now=NOON)
            except NotFound:
                return "gone"
            return "erased"

    with ThreadPoolExecutor(2) as pool:
        came = sorted(pool.map(run, range(2)))

    assert came in (["erased", "erased"], ["erased", "gone"])
    assert count_documents(life.id) == 0
    assert [one.user_id for one in erasures.list_all()] == [life.id]
    assert erasures.find_user(life.id) is None


def test_after_a_restore_they_are_erased_again(life: Life) -> None:
    erase(life.id)
    come_back(life.id, EMAIL, NAME)
    stored_attempts.add(an_attempt(id="b" * 32, learner_id=life.id))

    assert erasing.erase_again(successor=None, now=LATER) == 1

    assert erasures.find_user(life.id) is None
    assert count_documents(life.id) == 0


def come_back(user_id: int, email: str, name: str, *, is_admin: bool = False) -> None:
    """Let somebody be there again who was erased, as after a backup was restored."""
    with sql.writing() as session:
        session.add(
            User(
                id=user_id,
                email=email,
                name=name,
                zone="UTC",
                password_hash="",
                is_admin=is_admin,
                is_author=False,
                created_at=NOON,
            )
        )


def test_who_led_others_alone_in_a_backup_hands_over_before_they_are_erased_again(cast: Cast) -> None:
    erase(cast.lena)
    come_back(cast.lena, "lena@example.org", "Lena")
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    cohorts.join(cohorts.invite(cohort.public_id, lead_id=cast.lena, now=NOON), user_id=cast.ada, now=NOON)
    before = everything()

    with pytest.raises(Conflict, match="Nobody else leads Guild"):
        erasing.erase_again(successor=None, now=LATER)
    assert everything() == before

    erasing.erase_again(successor="omar@example.org", now=LATER)

    assert [lead.user_id for lead in stored_cohorts.list_leads(cohort.id)] == [cast.omar]
    assert erasures.find_user(cast.lena) is None


def test_who_is_the_only_admin_of_a_backup_is_not_erased_again(cast: Cast) -> None:
    erase(cast.omar)
    come_back(cast.omar, "omar@example.org", "Omar", is_admin=True)

    with pytest.raises(Conflict, match="The only admin"):
        erasing.erase_again(successor=None, now=LATER)
    assert erasures.find_user(cast.omar)


def test_erasing_again_that_cannot_end_is_gone_on_with(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    erase(cast.ada)
    monkeypatch.setattr(erasures, "empty_log", lambda: False)

    erasing.erase_again(successor=None, now=LATER)
    sql.session().expire_all()
    assert [one.done_at for one in erasures.list_all()] == [None]

    monkeypatch.undo()
    assert erasing.go_on(LATER + AGAIN_AFTER) == 1


def test_the_embedded_store_is_to_write_its_files_anew(life: Life, config: Config) -> None:
    store = config.instance / "store"
    store.mkdir()
    try:
        erase(life.id)
        assert rewriting.is_wanted(store)
    finally:
        (store / rewriting.WANTED).unlink(missing_ok=True)
        store.rmdir()


# who may not


def test_a_wrong_password_or_address_erases_nobody(cast: Cast) -> None:
    before = everything()

    with pytest.raises(BadInput, match="not your password"):
        erasing.erase_own(cast.ada, typed="ada@example.org", password="another one", now=NOON)
    with pytest.raises(BadInput, match="not your address"):
        erasing.erase_own(cast.ada, typed="omar@example.org", password=PASSWORD, now=NOON)

    assert everything() == before


def test_who_has_a_second_factor_gives_a_code_too(cast: Cast) -> None:
    second_factor.begin(cast.ada, now=NOON)
    setup = second_factor.open_state(cast.ada).setup
    assert setup
    codes = second_factor.confirm(cast.ada, password=PASSWORD, code=TOTP(setup.key).at(NOON), now=NOON)

    with pytest.raises(BadInput, match="code is not right"):
        erasing.erase_own(cast.ada, typed="ada@example.org", password=PASSWORD, now=NOON)
    assert erasures.find_user(cast.ada)

    erasing.erase_own(cast.ada, typed="ada@example.org", password=PASSWORD, code=codes[0], now=NOON)
    assert erasures.find_user(cast.ada) is None


def test_the_last_admin_stays(cast: Cast) -> None:
    admin = add_admin("adam@example.org", "Adam")
    before = everything()

    assert erasing.find_hindrance(admin) == erasures.LAST_ADMIN
    with pytest.raises(Conflict, match="The only admin"):
        erasing.erase(admin, actor_id=admin, now=NOON)
    assert everything() == before

    add_admin("eve@example.org", "Eve")
    assert erasing.find_hindrance(admin) == ""
    erasing.erase(admin, actor_id=admin, now=NOON)
    assert erasures.find_user(admin) is None


def test_of_the_last_two_admins_one_stays(app: Flask) -> None:
    admins = [add_admin(f"{name}@example.org", name) for name in ("adam", "eve")]
    barrier = Barrier(2)

    def run(admin: int) -> bool:
        with app.app_context():
            barrier.wait()
            try:
                erasing.erase(admin, actor_id=admin, now=NOON)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, admins)) == [False, True]


def test_who_leads_others_alone_hands_over_first(cast: Cast) -> None:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    token = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    before = everything()

    with pytest.raises(Conflict, match="Nobody else leads Guild"):
        erasing.erase(cast.lena, actor_id=cast.lena, now=NOON)
    assert everything() == before

    erasing.erase_by_command("lena@example.org", successor="omar@example.org", now=NOON)

    leads = stored_cohorts.list_leads(cohort.id)
    assert [lead.user_id for lead in leads] == [cast.omar]
    assert {one.user_id for one in stored_cohorts.list_memberships_in(cohort.id)} == {cast.ada, cast.omar}


@pytest.mark.parametrize("name", ["a", "Password", "Guild"])
def test_who_has_a_common_word_as_their_name_takes_no_mail_of_others_along(cast: Cast, name: str) -> None:
    post.remove_written_before(clock.now() + timedelta(hours=1))
    person = add_person("al@example.org", name)
    letters = [
        Letter("account/reset/1", "ada@example.org", "A password", "Set a new password for an account here.", NOON),
        Letter("reminder/1/7", "ada@example.org", "Guild: until noon", "Hello Ada,\n\nGuild is a quiz.", NOON),
        Letter("lead/1/7/1", "ada@example.org", "You lead", "a b made you a lead of Guild.", NOON),
        Letter("invitation/1", "ada@example.org", "You are invited", f"{name.upper()} invites you to Guild.", NOON),
        Letter("account/reset/2", "al@example.org", "A password", "Set a new password here.", NOON),
    ]
    with sql.writing():
        mails.add(letters, now=NOON)
    with post.opened() as send:
        for mail in mails.list_due(now=NOON, most_tries=1, most=10):
            send(mail, NOON)

    erasing.erase(person, actor_id=person, now=NOON)

    texts = [letter.text for letter in letters[:3]] + ["somebody who left invites you to Guild."]
    assert sql.session().scalars(select(Mail.text).order_by(Mail.id)).all() == texts
    assert sorted(_written()) == sorted(texts)


def _written() -> list[str]:
    """The texts of the mails in the outbox."""
    outbox: Path = current_app.extensions["post"].outbox
    messages = [message_from_bytes(file.read_bytes(), policy=policy.SMTP) for file in outbox.glob("*.eml")]
    return ["\n".join(message.get_content().split("\r\n")).rstrip() for message in messages]


@pytest.mark.parametrize("is_author", [False, True])
def test_a_name_that_others_have_stays_theirs(cast: Cast, is_author: bool) -> None:
    other = (add_author if is_author else add_person)("other.vera@example.org", "Vera")
    with sql.writing() as session:
        session.add(
            ItemReport(
                public_id="1" * 32,
                user_id=cast.omar,
                item_id="i",
                item_version="v",
                answer=[],
                kind="typo",
                text="-",
                at=NOON,
                reply="Mended.",
                replied_by="Vera",
                replied_at=NOON,
            )
        )

    erasing.erase(other, actor_id=other, now=NOON)

    assert sql.session().scalars(select(ItemReport.replied_by)).all() == ["Vera"]
