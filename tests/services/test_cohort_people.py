"""A cohort's people: invited by list, let in, made leads, taken out."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NOON, Cast, add_person
from tests.services.watching import watched_statements
from tests.web.stored import everything
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import agreements, cohort_people, cohort_settings, cohorts, join_requests, leads, mails
from tracker.services.address_list import read_addresses
from tracker.services.cohort_people import MOST_LISTED, PERSONAL_LIFE, Invited, People
from tracker.storage import sql
from tracker.storage.tables import Mail

UNKNOWN = "f" * 32


@pytest.fixture
def guild(cast: Cast) -> str:
    """Lena's cohort, whose leads see scores: Ada is in it and agreed to levels, Vera waits to be let in."""
    cohort_id = cohorts.create_cohort("Guild", lead_id=cast.lena, sees=Sees.SCORES, now=NOON).public_id
    token = cohorts.invite(cohort_id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    change(cohort_id, cast, joining=Joining.APPROVED)
    cohorts.join(token, user_id=cast.vera, now=NOON)
    cohorts.create_cohort("Foreign", lead_id=cast.omar, now=NOON)
    return cohort_id


def change(cohort_id: str, cast: Cast, *, sees: Sees = Sees.SCORES, joining: Joining = Joining.OPEN) -> bool:
    return cohort_settings.change_settings(
        cohort_id, lead_id=cast.lena, name="Guild", sees=sees, joining=joining, now=NOON
    )


def people(cohort_id: str, cast: Cast, page: int = 1) -> People:
    return cohort_people.open_people(cohort_id, lead_id=cast.lena, page=page, now=NOON)


def names(cohort_id: str, cast: Cast) -> list[str]:
    """The members that Lena sees."""
    return [member.user.name for member in people(cohort_id, cast).members]


def invite(cohort_id: str, cast: Cast, text: str) -> Invited:
    return cohort_people.invite_addresses(cohort_id, read_addresses(text), lead_id=cast.lena, now=NOON)


# who may

ACTS: dict[str, Callable[[str, int, Cast], object]] = {
    "people": lambda cohort, who, _cast: cohort_people.open_people(cohort, lead_id=who, page=1, now=NOON),
    "invite": lambda cohort, who, _cast: cohort_people.invite_addresses(
        cohort, read_addresses("new@example.org"), lead_id=who, now=NOON
    ),
    "let in": lambda cohort, who, cast: join_requests.let_in(cohort, person_id=cast.vera, lead_id=who, now=NOON),
    "refuse": lambda cohort, who, cast: join_requests.refuse(cohort, person_id=cast.vera, lead_id=who, now=NOON),
    "make a lead": lambda cohort, who, cast: leads.make_lead(cohort, member_id=cast.ada, lead_id=who, now=NOON),
    "step back": lambda cohort, who, _cast: leads.step_back(cohort, lead_id=who, agreed_to=Sees.LEVELS, now=NOON),
    "settings": lambda cohort, who, _cast: cohort_settings.open_settings(cohort, lead_id=who),
    "change": lambda cohort, who, _cast: cohort_settings.change_settings(
        cohort, lead_id=who, name="X", sees=Sees.ANSWERS, joining=Joining.OPEN, now=NOON
    ),
    "archive": lambda cohort, who, _cast: cohort_settings.archive(cohort, lead_id=who, now=NOON),
    "restore": lambda cohort, who, _cast: cohort_settings.restore(cohort, lead_id=who, now=NOON),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_leads_do_is_not_found_by_members_by_who_waits_and_by_outsiders(guild: str, cast: Cast, act: str) -> None:
    before = everything()

    for who in (cast.ada, cast.vera, cast.omar):
        for cohort in (guild, UNKNOWN):
            with pytest.raises(NotFound):
                ACTS[act](cohort, who, cast)

    assert everything() == before


# invited by list


def test_everybody_on_a_list_gets_a_mail_with_a_link_of_their_own_for_one_person(guild: str, cast: Cast) -> None:
    change(guild, cast, joining=Joining.OPEN)

    invited = invite(guild, cast, "one@example.org\ntwo@example.org")

    assert invited.addresses == ("one@example.org", "two@example.org")
    sent = sql.session().scalars(select(Mail).order_by(Mail.address)).all()
    assert [mail.address for mail in sent] == ["one@example.org", "two@example.org"]
    tokens = [re.findall(r"/invitations/(\S+)", mail.text)[0] for mail in sent]
    assert len(set(tokens)) == 2
    assert "Lena invites you to the cohort Guild" in sent[0].text
    assert cohorts.join(tokens[0], user_id=cast.omar, now=NOON).is_member
    with pytest.raises(NotFound):
        cohorts.join(tokens[0], user_id=cast.vera + 1000, now=NOON)
    assert [live.address for live in people(guild, cast).mailed] == ["two@example.org"]


ENDINGS: dict[str, Callable[[str, Cast, str], object]] = {
    "stopped": lambda guild, cast, _token: cohorts.revoke_invitation(
        guild, invitation_id=people(guild, cast).mailed[0].public_id, lead_id=cast.lena, now=NOON
    ),
    "used": lambda _guild, cast, token: cohorts.join(token, user_id=cast.omar, now=NOON),
    "over": lambda _guild, _cast, _token: mails.forget_links(NOON + PERSONAL_LIFE),
}


@pytest.mark.parametrize(("ending", "at"), [("stopped", NOON), ("used", NOON), ("over", NOON + PERSONAL_LIFE)])
@pytest.mark.parametrize("was_written", [True, False])
def test_the_mail_of_an_invitation_that_lets_nobody_in_holds_no_link_and_is_not_sent(
    guild: str, cast: Cast, ending: str, at: datetime, *, was_written: bool
) -> None:
    invite(guild, cast, "new@example.org")
    mail = sql.session().scalars(select(Mail)).one()
    token = re.findall(r"/invitations/(\S+)", mail.text)[0]
    if was_written:
        mails.send_due(NOON)

    ENDINGS[ending](guild, cast, token)

    assert token not in str(everything())
    assert mails.send_due(at) == 0
    shown = mails.list_mails(guild, lead_id=cast.lena, now=at).mails[0]
    assert shown.state == ("written" if was_written else "too late")


def test_the_mail_of_an_invitation_that_works_keeps_its_link(guild: str, cast: Cast) -> None:
    invite(guild, cast, "new@example.org")

    assert mails.forget_links(NOON) == 0

    assert "/invitations/" in sql.session().scalars(select(Mail.text)).one()


def test_invitations_to_an_archived_cohort_are_sent_once_it_is_restored(guild: str, cast: Cast) -> None:
    invite(guild, cast, "new@example.org")
    cohort_settings.archive(guild, lead_id=cast.lena, now=NOON)
    assert mails.send_due(NOON) == 0

    cohort_settings.restore(guild, lead_id=cast.lena, now=NOON)

    assert mails.send_due(NOON) == 1


def test_who_needs_no_invitation_is_told_and_gets_none(guild: str, cast: Cast) -> None:
    invite(guild, cast, "new@example.org")
    before = everything()

    invited = invite(guild, cast, "ada@example.org\nvera@example.org\nnew@example.org\nnew@example.org")

    assert invited.addresses == ()
    assert invited.known.inside == {"ada@example.org"}
    assert invited.known.waiting == {"vera@example.org"}
    assert invited.known.invited == {"new@example.org"}
    assert invited.repeated == ("new@example.org",)
    assert everything() == before


def test_an_account_outside_the_cohort_is_treated_like_any_address(guild: str, cast: Cast) -> None:
    invited = invite(guild, cast, "omar@example.org\nnobody@example.org")

    assert invited.addresses == ("omar@example.org", "nobody@example.org")
    assert not invited.known.all


def test_with_a_wrong_line_nobody_is_invited(guild: str, cast: Cast) -> None:
    before = everything()

    with pytest.raises(BadInput, match=r"Line 2, two: .* Nobody was invited"):
        invite(guild, cast, "one@example.org\ntwo")

    assert everything() == before


def test_of_many_wrong_lines_the_first_are_named_and_the_others_counted(guild: str, cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        invite(guild, cast, "no address\n" * 100)

    assert len(refused.value.fields["pasted"]) == 22
    assert "And 80 more lines." in refused.value.fields["pasted"]


# let in


def test_who_is_let_in_is_seen_at_what_they_agreed_to(guild: str, cast: Cast) -> None:
    assert [request.user.name for request in people(guild, cast).requests] == ["Vera"]

    assert join_requests.let_in(guild, person_id=cast.vera, lead_id=cast.lena, now=NOON)

    assert names(guild, cast) == ["Ada", "Vera"]
    assert agreements.open_agreement(guild, member_id=cast.vera).seen is Sees.LEVELS
    assert not join_requests.let_in(guild, person_id=cast.vera, lead_id=cast.lena, now=NOON)


def test_who_was_refused_or_took_it_back_waits_no_more(guild: str, cast: Cast) -> None:
    assert [request.cohort.name for request in join_requests.list_own(cast.vera)] == ["Guild"]

    join_requests.take_back(guild, user_id=cast.vera)

    assert join_requests.list_own(cast.vera) == []
    assert not join_requests.refuse(guild, person_id=cast.vera, lead_id=cast.lena, now=NOON)
    assert names(guild, cast) == ["Ada"]
    with pytest.raises(NotFound):
        join_requests.take_back(guild, user_id=cast.vera)


def test_a_lead_of_another_cohort_lets_nobody_in_here(guild: str, cast: Cast) -> None:
    own = cohorts.list_memberships(cast.omar)[0].cohort.public_id
    before = everything()

    assert not join_requests.let_in(own, person_id=cast.vera, lead_id=cast.omar, now=NOON)
    assert not join_requests.refuse(own, person_id=cast.vera, lead_id=cast.omar, now=NOON)

    assert everything() == before


# leads


def test_a_member_who_is_made_a_lead_does_what_leads_do_and_is_told(guild: str, cast: Cast) -> None:
    leads.make_lead(guild, member_id=cast.ada, lead_id=cast.lena, now=NOON)

    opened = cohort_people.open_people(guild, lead_id=cast.ada, page=1, now=NOON)
    assert ({lead.user.name for lead in opened.leads}, opened.members) == ({"Lena", "Ada"}, [])
    (mail,) = sql.session().scalars(select(Mail)).all()
    assert (mail.address, mail.subject) == ("ada@example.org", "You lead Guild now")
    with pytest.raises(NotFound):
        leads.make_lead(guild, member_id=cast.ada, lead_id=cast.lena, now=NOON)


def test_a_lead_steps_back_while_another_stays_and_is_seen_at_what_they_agreed_to(guild: str, cast: Cast) -> None:
    leads.make_lead(guild, member_id=cast.ada, lead_id=cast.lena, now=NOON)

    leads.step_back(guild, lead_id=cast.lena, agreed_to=Sees.LEVELS, now=NOON)

    assert agreements.open_agreement(guild, member_id=cast.lena).seen is Sees.LEVELS
    with pytest.raises(NotFound):
        people(guild, cast)
    with pytest.raises(Conflict, match="You lead this cohort alone"):
        leads.step_back(guild, lead_id=cast.ada, agreed_to=Sees.LEVELS, now=NOON)
    with pytest.raises(Conflict, match="You lead this cohort alone"):
        cohorts.leave(guild, user_id=cast.ada, now=NOON)


def test_a_lead_leaves_while_another_stays(guild: str, cast: Cast) -> None:
    leads.make_lead(guild, member_id=cast.ada, lead_id=cast.lena, now=NOON)

    cohorts.leave(guild, user_id=cast.lena, now=NOON)

    assert cohorts.list_memberships(cast.lena) == []
    assert cohorts.get_led(guild, lead_id=cast.ada).name == "Guild"


# what leads see


def test_whoever_is_asked_for_more_is_seen_as_before_until_they_agree(guild: str, cast: Cast) -> None:
    assert change(guild, cast, sees=Sees.ANSWERS)
    assert agreements.open_agreement(guild, member_id=cast.ada).seen is Sees.LEVELS

    agreements.agree(guild, member_id=cast.ada, agreed_to=Sees.SCORES, may_mentor=True, now=NOON)

    agreement = agreements.open_agreement(guild, member_id=cast.ada)
    assert (agreement.seen, agreement.may_mentor) == (Sees.SCORES, True)
    settings = cohort_settings.open_settings(guild, lead_id=cast.lena)
    assert [settings.count_seen_at(sees) for sees in Sees] == [1, 1, 0]


def test_when_leads_ask_for_less_nobody_is_asked_and_all_are_seen_less(guild: str, cast: Cast) -> None:
    agreements.agree(guild, member_id=cast.ada, agreed_to=Sees.SCORES, may_mentor=False, now=NOON)

    assert not change(guild, cast, sees=Sees.LEVELS)

    agreement = agreements.open_agreement(guild, member_id=cast.ada)
    assert (agreement.seen, agreement.offered) == (Sees.LEVELS, (Sees.LEVELS,))


def test_whoever_agreed_before_leads_asked_for_less_is_asked_anew(guild: str, cast: Cast) -> None:
    agreements.agree(guild, member_id=cast.ada, agreed_to=Sees.SCORES, may_mentor=False, now=NOON)
    change(guild, cast, sees=Sees.LEVELS)

    assert change(guild, cast, sees=Sees.SCORES)

    assert agreements.open_agreement(guild, member_id=cast.ada).seen is Sees.LEVELS


def test_nobody_agrees_to_more_than_the_leads_ask_for_and_no_outsider_to_anything(guild: str, cast: Cast) -> None:
    before = everything()

    with pytest.raises(BadInput, match="do not ask for that much"):
        agreements.agree(guild, member_id=cast.ada, agreed_to=Sees.ANSWERS, may_mentor=True, now=NOON)
    for who in (cast.omar, cast.vera, cast.lena):
        with pytest.raises(NotFound):
            agreements.agree(guild, member_id=who, agreed_to=Sees.LEVELS, may_mentor=True, now=NOON)
        with pytest.raises(NotFound):
            agreements.open_agreement(guild, member_id=who)

    assert everything() == before


# archived


def test_nobody_comes_into_an_archived_cohort_and_everybody_in_it_can_read(guild: str, cast: Cast) -> None:
    token = cohorts.invite(guild, lead_id=cast.lena, now=NOON)
    cohort_settings.archive(guild, lead_id=cast.lena, now=NOON)
    cohort_settings.archive(guild, lead_id=cast.lena, now=NOON + timedelta(days=1))
    before = everything()

    for refused in (
        lambda: cohorts.invite(guild, lead_id=cast.lena, now=NOON),
        lambda: invite(guild, cast, "new@example.org"),
        lambda: join_requests.let_in(guild, person_id=cast.vera, lead_id=cast.lena, now=NOON),
    ):
        with pytest.raises(Conflict, match="archived"):
            refused()
    with pytest.raises(NotFound):
        cohorts.join(token, user_id=cast.omar, now=NOON)

    assert everything() == before
    assert people(guild, cast).cohort.archived_at == NOON
    assert cohorts.list_memberships(cast.ada)[0].cohort.name == "Guild"

    cohort_settings.restore(guild, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.omar, now=NOON)


# many


def test_people_come_a_page_at_a_time_in_as_many_queries_for_many_as_for_few(guild: str, cast: Cast) -> None:
    def count(page: int) -> int:
        sql.session().rollback()
        sql.session().expunge_all()
        with watched_statements() as statements:
            people(guild, cast, page)
        return len([statement for statement in statements if statement.startswith("SELECT")])

    few = count(1)
    change(guild, cast, joining=Joining.OPEN)
    token = cohorts.invite(guild, lead_id=cast.lena, now=NOON)
    for number in range(MOST_LISTED):
        cohorts.join(token, user_id=add_person(f"{number}@example.org", f"M{number:03}"), now=NOON)

    assert (few, count(1), count(2)) == (6, 6, 6)
    first, second = people(guild, cast, 1), people(guild, cast, 2)
    assert (len(first.members), len(second.members), first.pages) == (MOST_LISTED, 1, 2)
    assert [people(guild, cast, page).page for page in (-1, 0, 3, 10**30)] == [1, 1, 2, 2]
