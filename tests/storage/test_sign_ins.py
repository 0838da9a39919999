"""Signed-in browsers in SQL: found, listed and ended."""

from datetime import timedelta

from tests.conftest import NOON, Cast
from tests.storage.sign_ins import HOUR, hashes, sign_in
from tracker.assessment.sees import Sees
from tracker.services import cohorts as cohort_services
from tracker.services import leads as lead_services
from tracker.storage import accounts, cohorts, leads, sign_ins, sql

MILLISECOND = timedelta(milliseconds=1)


def test_a_sign_in_is_found_with_its_person_by_its_tokens_hash(cast: Cast) -> None:
    sign_in(cast.ada, "ada's")
    sign_in(cast.omar, "omar's")

    found = sign_ins.find_sign_in("ada's", started_after=NOON - HOUR)

    assert found is not None
    assert found[0].user.id == cast.ada
    assert sign_ins.find_sign_in("nobody's", started_after=NOON - HOUR) is None


def test_a_sign_in_ends_at_the_very_edge_of_its_time(cast: Cast) -> None:
    sign_in(cast.ada)

    assert sign_ins.find_sign_in("t", started_after=NOON - MILLISECOND)
    assert sign_ins.find_sign_in("t", started_after=NOON) is None


def test_it_is_known_with_a_sign_in_whether_its_person_leads_a_cohort(cast: Cast) -> None:
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    token = cohort_services.invite(cohort.public_id, lead_id=cast.lena, now=NOON)
    cohort_services.join(token, user_id=cast.ada, now=NOON)
    for person_id in (cast.ada, cast.lena):
        sign_in(person_id, str(person_id))

    found = {
        person_id: sign_ins.find_sign_in(str(person_id), started_after=NOON - HOUR)
        for person_id in (cast.ada, cast.lena)
    }

    assert {person_id: held[1] for person_id, held in found.items() if held} == {cast.ada: False, cast.lena: True}


def test_using_a_sign_in_moves_only_when_it_was_seen(cast: Cast) -> None:
    sign_in(cast.ada)
    sign_ins.set_seen("t", NOON + HOUR)
    sql.session().expire_all()

    found = sign_ins.find_sign_in("t", started_after=NOON - HOUR)

    assert found is not None
    assert (found[0].started_at, found[0].seen_at) == (NOON, NOON + HOUR)


def test_somebodys_sign_ins_are_listed_the_one_used_last_first(cast: Cast) -> None:
    for token_hash in ("old", "used", "unused"):
        sign_in(cast.ada, token_hash, now=NOON - 2 * HOUR if token_hash == "old" else NOON)
    sign_in(cast.omar, "omar's")
    sign_ins.set_seen("used", NOON + HOUR)
    sql.session().expire_all()

    listed = sign_ins.list_sign_ins(cast.ada, started_after=NOON - HOUR)

    assert [held[0].token_hash for held in listed] == ["used", "unused"]


def test_ending_one_sign_in_leaves_the_others(cast: Cast) -> None:
    sign_in(cast.ada, "phone")
    sign_in(cast.ada, "laptop")

    sign_ins.remove_sign_in("phone")
    sign_ins.remove_sign_in("phone")

    assert hashes() == {"laptop"}


def test_one_of_ones_own_can_be_ended_and_none_of_somebody_else(cast: Cast) -> None:
    sign_in(cast.ada, "ada's")
    ((held, _leads),) = sign_ins.list_sign_ins(cast.ada, started_after=NOON - HOUR)

    assert not sign_ins.remove_own(cast.omar, public_id=held.public_id)
    assert hashes() == {"ada's"}
    assert sign_ins.remove_own(cast.ada, public_id=held.public_id)
    assert hashes() == set()


def test_all_of_ones_own_can_be_ended_but_one(cast: Cast) -> None:
    for token_hash in ("here", "there", "elsewhere"):
        sign_in(cast.ada, token_hash)
    sign_in(cast.omar, "omar's")

    sign_ins.remove_others(cast.ada, but="here")

    assert hashes() == {"here", "omar's"}


def test_signing_in_clears_away_only_what_ended_long_ago(cast: Cast) -> None:
    sign_in(cast.omar, "yesterday")
    later = NOON + 13 * HOUR

    sign_ins.add_sign_in(token_hash="today", user_id=cast.ada, now=later, ended_before=NOON)
    assert hashes() == {"yesterday", "today"}

    sign_ins.add_sign_in(token_hash="again", user_id=cast.ada, now=later, ended_before=NOON + MILLISECOND)
    assert hashes() == {"today", "again"}


def test_nobody_who_is_disabled_is_found_by_a_sign_in(cast: Cast) -> None:
    sign_in(cast.ada)
    accounts.get_user(cast.ada).disabled_at = NOON
    sql.session().commit()

    assert sign_ins.find_sign_in("t", started_after=NOON - HOUR) is None


# a change of role


def test_whoever_makes_a_first_cohort_is_signed_out_and_with_the_second_nobody_is(cast: Cast) -> None:
    sign_in(cast.lena, "before")
    sign_in(cast.ada, "ada's")

    cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    assert hashes() == {"ada's"}

    sign_in(cast.lena, "after")
    cohorts.add_cohort(name="Guild 2", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    assert hashes() == {"ada's", "after"}


def test_the_browser_that_is_renewed_goes_on_as_old_as_it_was_and_is_known_by_its_new_token_only(cast: Cast) -> None:
    for token_hash in ("here", "there"):
        sign_in(cast.ada, token_hash)

    cohorts.add_cohort(
        name="Guild", lead_id=cast.ada, sees=Sees.LEVELS, now=NOON + HOUR, renewed=("here", "here from now on")
    )

    assert hashes() == {"here from now on"}
    found = sign_ins.find_sign_in("here from now on", started_after=NOON - HOUR)
    assert found
    assert (found[0].started_at, found[0].user_id, found[1]) == (NOON, cast.ada, True)


def test_a_browser_that_was_signed_out_meanwhile_or_is_somebody_elses_is_not_renewed(cast: Cast) -> None:
    sign_in(cast.omar, "omar's")

    for token_hash in ("ended", "omar's"):
        cohort = cohorts.add_cohort(
            name="Guild", lead_id=cast.ada, sees=Sees.LEVELS, now=NOON, renewed=(token_hash, "new")
        )
        assert hashes() == {"omar's"}
        sql.session().delete(cohort)
        sql.session().commit()


def test_whoever_comes_to_lead_and_steps_back_is_signed_out_each_time(cast: Cast) -> None:
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    token = cohort_services.invite(cohort.public_id, lead_id=cast.lena, now=NOON)
    cohort_services.join(token, user_id=cast.ada, now=NOON)
    sign_in(cast.lena, "lena's")
    sign_in(cast.ada, "member")

    lead_services.make_lead(cohort.public_id, member_id=cast.ada, lead_id=cast.lena, now=NOON)
    assert hashes() == {"lena's"}

    sign_in(cast.ada, "lead")
    leads.make_member(cohort.id, user_id=cast.ada, agreed_to=Sees.LEVELS)
    assert hashes() == {"lena's"}


def test_whoever_leads_another_cohort_too_stays_signed_in_when_they_leave_one(cast: Cast) -> None:
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    token = cohort_services.invite(cohort.public_id, lead_id=cast.lena, now=NOON)
    cohort_services.join(token, user_id=cast.ada, now=NOON)
    lead_services.make_lead(cohort.public_id, member_id=cast.ada, lead_id=cast.lena, now=NOON)
    cohorts.add_cohort(name="Ada's own", lead_id=cast.ada, sees=Sees.LEVELS, now=NOON)
    sign_in(cast.ada, "ada's")

    assert leads.remove_lead(cohort.id, user_id=cast.ada)

    assert hashes() == {"ada's"}


def test_whoever_cannot_go_as_the_last_lead_stays_signed_in(cast: Cast) -> None:
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    sign_in(cast.lena, "lena's")

    assert not leads.remove_lead(cohort.id, user_id=cast.lena)

    assert hashes() == {"lena's"}
