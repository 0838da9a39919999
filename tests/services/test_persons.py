"""What leads see of a member at each thing they may see; the member sees the same; and who looked is noted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.builders import an_attempt_at, answer, item_at, right_answer, take, wrong_answer
from tests.conftest import NOON, Cast, add_person
from tracker.assessment.assignment import AssignedTerms, Release
from tracker.assessment.attempt import REVIEW, Attempt, Signal
from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.scoring.levels import level_of
from tracker.services import assignments, attempts, bank, cohorts, looks, members, next_steps, notes
from tracker.services.members import AnswerSheet, Mirror
from tracker.services.persons import SeenPerson
from tracker.storage import attempts as stored_attempts
from tracker.storage import looks as stored_looks
from tracker.storage import sql
from tracker.storage.cohort_tables import Cohort, Membership, Role

HOUR = timedelta(hours=1)
LATER = NOON + 3 * HOUR
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Guild:
    """Lena's cohort with Ada in it, who agreed to all; and Omar's."""

    id: str
    foreign_id: str
    cast: Cast

    def seen(self, now: datetime = LATER) -> SeenPerson:
        """Ada as Lena sees her."""
        return members.open_member(self.id, member_id=self.cast.ada, lead_id=self.cast.lena, now=now).person

    def mirror(self, now: datetime = LATER) -> Mirror:
        """What Ada sees of the cohort."""
        found = cohorts.open_cohort(self.id, user_id=self.cast.ada, now=now)
        assert isinstance(found, Mirror)
        return found

    def answers(self, attempt: Attempt, *, reader_id: int | None = None, now: datetime = LATER) -> AnswerSheet:
        """What Ada answered, as Lena sees it, or somebody else."""
        return members.open_answers(
            self.id, attempt.id, member_id=self.cast.ada, reader_id=reader_id or self.cast.lena, now=now
        )

    def log(self) -> list[tuple[str, str, datetime]]:
        """Who looked at Ada, at what and when, as she reads it."""
        found = looks.open_log(self.id, user_id=self.cast.ada, page=1).page.looks
        return [(look.looker.name if look.looker else "", look.what, look.at) for look in found]


@pytest.fixture
def guild(cast: Cast) -> Guild:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON, sees=Sees.ANSWERS)
    foreign = cohorts.create_cohort("Foreign", lead_id=cast.omar, now=NOON, sees=Sees.ANSWERS)
    for made, lead_id in ((cohort, cast.lena), (foreign, cast.omar)):
        cohorts.join(cohorts.invite(made.public_id, lead_id=lead_id, now=NOON), user_id=cast.ada, now=NOON)
    agree(cast.ada, Sees.ANSWERS)
    return Guild(cohort.public_id, foreign.public_id, cast)


def agree(user_id: int, sees: Sees) -> None:
    """Let somebody agree to that much in every cohort."""
    with sql.writing() as session:
        session.execute(update(Membership).where(Membership.user_id == user_id).values(agreed_to=sees))


def want(sees: Sees) -> None:
    """Let every cohort want to see that much."""
    with sql.writing() as session:
        session.execute(update(Cohort).values(sees=sees))


def take_assigned(
    cohort_id: str, lead_id: int, learner_id: int, *, release: Release = Release.AT_ONCE, wrong: int = 0
) -> Attempt:
    """Take the tools quiz under a new assignment within ten minutes, the first so many answers wrong."""
    assignment = assignments.make_assignment(
        cohort_id,
        lead_id=lead_id,
        assessment_slug="tools",
        opens_at=None,
        closes_at=NOON + HOUR,
        attempts_allowed=2,
        release=release,
        now=NOON,
    )
    terms = AssignedTerms(assignment.public_id, number=1, closes_at=assignment.closes_at, release=release)
    started = attempts.try_to_start(bank.get_assessment("tools"), learner_id=learner_id, now=NOON, terms=terms)
    assert started
    attempt = started
    while attempt.position != REVIEW:
        item = item_at(attempt, attempt.position)
        attempt = answer(attempt, wrong_answer(item) if attempt.position < wrong else right_answer(item))
    return attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=NOON + 10 * MINUTE)


def numbers_in(value: Any) -> list[Any]:
    """Every value, low and high of a score that is told somewhere in a seen person."""
    scores = [cell.score for area in value.areas for cell in (area.cell, *area.topics)]
    scores += [moment.score for area in value.areas for moment in area.moments]
    return [number for score in scores for number in (score.value, score.low, score.high) if number is not None]


# what is seen at each


def test_levels_are_words_with_the_levels_of_the_interval_and_never_a_number(guild: Guild) -> None:
    take("databases", learner_id=guild.cast.ada, now=NOON)
    agree(guild.cast.ada, Sees.SCORES)
    with_numbers = next(area for area in guild.seen().areas if area.slug == "databases").cell.score
    agree(guild.cast.ada, Sees.LEVELS)

    person = guild.seen()

    seen = next(area for area in person.areas if area.slug == "databases")
    assert numbers_in(person) == []
    assert (person.overall, person.radar, [area.chart for area in person.areas]) == (None, None, [None] * 5)
    assert (with_numbers.value, with_numbers.low, with_numbers.high) != (None, None, None)
    assert seen.cell.score.level == level_of(with_numbers.value or 0)
    assert (seen.cell.score.lowest, seen.cell.score.highest) == (
        level_of(with_numbers.low or 0),
        level_of(with_numbers.high or 0),
    )
    assert seen.cell.last_answered == NOON
    assert [moment.at for moment in seen.moments] == [NOON]


def test_scores_add_numbers_the_radar_and_the_course_of_an_area(guild: Guild) -> None:
    for days in range(2):
        take("databases", learner_id=guild.cast.ada, now=NOON + timedelta(days=days))
    agree(guild.cast.ada, Sees.SCORES)

    person = guild.seen(NOON + timedelta(days=2))

    area = next(area for area in person.areas if area.slug == "databases")
    assert person.overall
    assert person.overall.value == area.cell.score.value
    assert person.radar
    assert area.chart
    assert [moment.score.value for moment in area.moments] == [dot.score.value for dot in reversed(area.chart.dots)]


@pytest.mark.parametrize("sees", [Sees.LEVELS, Sees.SCORES])
def test_below_answers_no_quiz_is_named_that_this_cohort_did_not_assign(guild: Guild, sees: Sees) -> None:
    take("databases", learner_id=guild.cast.ada, now=NOON)
    assigned = take_assigned(guild.id, guild.cast.lena, guild.cast.ada)
    agree(guild.cast.ada, sees)

    (told,) = guild.seen().attempts

    assert (told.id, told.number, told.shows_answers) == (assigned.id, 1, False)


def test_with_answers_seen_own_quizzes_are_told_but_never_what_was_noticed_of_them(guild: Guild) -> None:
    own = attempts.start_attempt("databases", learner_id=guild.cast.ada, now=NOON)
    stored_attempts.add_signal(own.id, Signal("left", NOON, 0, 5), learner_id=guild.cast.ada)
    attempts.finish_attempt(own.id, learner_id=guild.cast.ada, seq=1, now=NOON)

    (told,) = guild.seen().attempts

    assert (told.id, told.number, told.noticed, told.shows_answers) == (own.id, None, None, True)


def test_what_another_cohort_assigned_stays_unseen(guild: Guild) -> None:
    foreign = take_assigned(guild.foreign_id, guild.cast.omar, guild.cast.ada)

    assert guild.seen().attempts == ()
    with pytest.raises(NotFound):
        guild.answers(foreign)


def test_of_what_was_assigned_signals_are_counted_and_the_share_of_its_time_is_told(guild: Guild) -> None:
    take_assigned(guild.id, guild.cast.lena, guild.cast.ada)

    (told,) = guild.seen().attempts

    assert told.noticed
    assert (told.noticed.left, told.noticed.pasted, told.noticed.late) == (0, 0, 0)
    assert 0 < told.percent_used < 100


def test_steps_are_those_that_the_member_is_shown_and_seeing_them_stores_nothing(guild: Guild) -> None:
    take("databases", learner_id=guild.cast.ada, now=NOON, wrong=range(20))

    seen = guild.seen()

    assert next_steps.list_shown(guild.cast.ada) == []
    shown = next_steps.get_steps(guild.cast.ada, now=LATER)
    assert [(step.kind, step.topic_name) for step in seen.steps] == [
        (step.kind, shown.roadmap.topic(step.topic_id).name if step.topic_id else "") for step in shown.steps
    ]


def test_of_whom_nothing_is_known_there_is_a_step_and_nothing_else(guild: Guild) -> None:
    person = guild.seen()

    assert [(step.kind, step.topic_name) for step in person.steps] == [("start", "")]
    assert not any(area.cell.score.is_enough or area.moments for area in person.areas)
    assert (person.attempts, person.open_attempts) == ((), ())


# the mirror


@pytest.mark.parametrize("sees", [*Sees])
def test_a_member_sees_of_themselves_exactly_what_the_lead_sees(guild: Guild, sees: Sees) -> None:
    take("databases", learner_id=guild.cast.ada, now=NOON)
    take("databases", learner_id=guild.cast.ada, now=NOON + HOUR)
    take_assigned(guild.id, guild.cast.lena, guild.cast.ada, wrong=3)
    attempts.start_attempt("language", learner_id=guild.cast.ada, now=LATER)
    want(sees)

    assert guild.mirror().person == guild.seen()
    assert guild.seen().sees == sees


@pytest.mark.parametrize("sees", [*Sees])
def test_what_is_seen_is_the_lesser_of_what_is_wanted_and_what_was_agreed_to(guild: Guild, sees: Sees) -> None:
    want(Sees.SCORES)
    agree(guild.cast.ada, sees)

    assert guild.seen().sees == sees.at_most(Sees.SCORES)


# the answers


def test_a_lead_reads_what_was_answered_with_its_key_and_its_time(guild: Guild) -> None:
    attempt = take_assigned(guild.id, guild.cast.lena, guild.cast.ada, wrong=3)

    sheet = guild.answers(attempt)

    assert [one.mark == 1 for one in sheet.items] == [False] * 3 + [True] * (len(attempt.form) - 3)
    assert [one.explanation.answer for one in sheet.items if one.explanation] == [
        attempt.answers[position] for position in range(len(attempt.form))
    ]
    assert guild.answers(attempt, reader_id=guild.cast.ada).items == sheet.items


@pytest.mark.parametrize("sees", [Sees.LEVELS, Sees.SCORES])
def test_nobody_reads_answers_where_less_is_seen(guild: Guild, sees: Sees) -> None:
    attempt = take("databases", learner_id=guild.cast.ada, now=NOON)
    agree(guild.cast.ada, sees)

    for reader_id in (guild.cast.lena, guild.cast.ada):
        with pytest.raises(NotFound):
            guild.answers(attempt, reader_id=reader_id)
    assert guild.log() == []


@pytest.mark.parametrize("release", [Release.AFTER_DEADLINE, Release.NEVER])
def test_answers_that_are_not_released_are_not_read(guild: Guild, release: Release) -> None:
    attempt = take_assigned(guild.id, guild.cast.lena, guild.cast.ada, release=release)

    with pytest.raises(NotFound):
        guild.answers(attempt, now=NOON + 30 * MINUTE)

    assert guild.seen(LATER).attempts[0].shows_answers == (release is Release.AFTER_DEADLINE)


def test_answers_of_an_open_quiz_are_not_read(guild: Guild) -> None:
    attempt = attempts.start_attempt("databases", learner_id=guild.cast.ada, now=NOON)

    with pytest.raises(NotFound):
        guild.answers(attempt, now=NOON)


def test_the_answers_of_somebody_else_are_not_read_under_a_members_name(guild: Guild) -> None:
    ben = add_person("ben@example.org", "Ben")
    attempt = take("databases", learner_id=ben, now=NOON)

    with pytest.raises(NotFound):
        guild.answers(attempt)


def test_a_lead_is_not_told_the_keys_of_what_they_have_open_themselves(guild: Guild) -> None:
    attempt = take("databases", learner_id=guild.cast.ada, now=NOON)
    stored_attempts.add(an_attempt_at(item_at(attempt, 0), item_at(attempt, 2), learner_id=guild.cast.lena))

    sheet = guild.answers(attempt, now=NOON)

    assert [one.number for one in sheet.items if one.is_held] == [1, 3]
    assert all((one.explanation, one.mark) == (None, None) for one in sheet.items if one.is_held)
    assert not any(one.is_held for one in guild.answers(attempt, reader_id=guild.cast.ada, now=NOON).items)


def test_what_the_members_own_open_quiz_asks_is_told_to_neither(guild: Guild) -> None:
    attempt = take("databases", learner_id=guild.cast.ada, now=NOON)
    stored_attempts.add(an_attempt_at(item_at(attempt, 0), learner_id=guild.cast.ada))

    for reader_id in (guild.cast.ada, guild.cast.lena):
        sheet = guild.answers(attempt, reader_id=reader_id, now=NOON)
        assert [one.number for one in sheet.items if one.is_held] == [1]


# what ends takes effect at once


def test_who_has_left_is_seen_no_more(guild: Guild) -> None:
    attempt = take("databases", learner_id=guild.cast.ada, now=NOON)
    cohorts.leave(guild.id, user_id=guild.cast.ada, now=NOON)

    for look in (guild.seen, lambda: guild.answers(attempt), lambda: guild.answers(attempt, reader_id=guild.cast.ada)):
        with pytest.raises(NotFound):
            look()


@pytest.mark.parametrize("who", ["omar", "vera", "ada"])
def test_nobody_but_a_lead_opens_a_member(guild: Guild, who: str) -> None:
    with pytest.raises(NotFound):
        members.open_member(guild.id, member_id=guild.cast.ada, lead_id=getattr(guild.cast, who), now=LATER)
    assert guild.log() == []


def test_a_lead_is_no_member_to_be_looked_at(guild: Guild) -> None:
    with pytest.raises(NotFound):
        members.open_member(guild.id, member_id=guild.cast.lena, lead_id=guild.cast.lena, now=LATER)
    with pytest.raises(NotFound):
        looks.open_log(guild.id, user_id=guild.cast.lena, page=1)


# looks


def test_a_look_is_noted_once_in_ten_minutes_for_each_thing_looked_at(guild: Guild) -> None:
    attempt = take("databases", learner_id=guild.cast.ada, now=NOON)
    guild.seen(LATER)
    guild.seen(LATER + 9 * MINUTE)
    guild.answers(attempt, now=LATER + 9 * MINUTE)
    guild.seen(LATER + 10 * MINUTE)

    assert guild.log() == [
        ("Lena", "page", LATER + 10 * MINUTE),
        ("Lena", "answers", LATER + 9 * MINUTE),
        ("Lena", "page", LATER),
    ]


def test_ones_own_look_is_not_noted(guild: Guild) -> None:
    attempt = take("databases", learner_id=guild.cast.ada, now=NOON)

    guild.answers(attempt, reader_id=guild.cast.ada)
    guild.mirror()

    assert guild.log() == []


def test_the_looks_at_somebody_else_are_not_in_the_log(guild: Guild) -> None:
    ben = add_person("ben@example.org", "Ben")
    cohorts.join(cohorts.invite(guild.id, lead_id=guild.cast.lena, now=NOON), user_id=ben, now=NOON)

    members.open_member(guild.id, member_id=ben, lead_id=guild.cast.lena, now=LATER)

    assert guild.log() == []


def test_the_log_is_paged_newest_first(guild: Guild) -> None:
    cohort_id = guild.mirror().membership.cohort_id
    for minute in range(60):
        at = NOON + minute * MINUTE
        stored_looks.add_for_each(
            cohort_id, user_ids=[guild.cast.ada], looker_id=guild.cast.lena, what="page", after=at, now=at
        )

    pages = [looks.open_log(guild.id, user_id=guild.cast.ada, page=page).page for page in (1, 2, 3)]

    assert [(len(page.looks), page.has_more) for page in pages] == [(50, True), (10, False), (0, False)]
    assert pages[0].looks[0].at == NOON + 59 * MINUTE
    newest = guild.mirror().looks
    assert (len(newest.looks), newest.has_more) == (looks.NEWEST, True)


# notes


def test_leads_read_each_others_notes_and_delete_only_their_own(guild: Guild) -> None:
    ada, lena = guild.cast.ada, guild.cast.lena
    cora = add_person("cora@example.org", "Cora")
    cohorts.join(cohorts.invite(guild.id, lead_id=lena, now=NOON), user_id=cora, now=NOON)
    with sql.writing() as session:
        session.execute(update(Membership).where(Membership.user_id == cora).values(role=Role.LEAD))
    notes.add_note(guild.id, member_id=ada, lead_id=lena, text="Asks good questions.", now=NOON)

    (note,) = members.open_member(guild.id, member_id=ada, lead_id=cora, now=LATER).notes

    assert (note.text, note.author and note.author.name) == ("Asks good questions.", "Lena")
    with pytest.raises(NotFound):
        notes.remove_note(guild.id, note.public_id, member_id=ada, lead_id=cora)
    notes.remove_note(guild.id, note.public_id, member_id=ada, lead_id=lena)
    assert members.open_member(guild.id, member_id=ada, lead_id=lena, now=LATER).notes == []


def test_another_cohorts_leads_do_not_read_a_note_and_the_person_is_given_all(guild: Guild) -> None:
    cast = guild.cast
    notes.add_note(guild.id, member_id=cast.ada, lead_id=cast.lena, text="Is quick.", now=NOON)
    notes.add_note(guild.foreign_id, member_id=cast.ada, lead_id=cast.omar, text="Is kind.", now=NOON)

    (note,) = members.open_member(guild.foreign_id, member_id=cast.ada, lead_id=cast.omar, now=LATER).notes

    assert note.text == "Is kind."
    given = notes.write_out(cast.ada, now=LATER)
    assert "Guild, 2026-11-02 12:00 UTC, by Lena:\nIs quick.\n" in given
    assert "Foreign, 2026-11-02 12:00 UTC, by Omar:\nIs kind.\n" in given
    assert "There are none." in notes.write_out(cast.lena, now=LATER)


@pytest.mark.parametrize("who", ["omar", "vera", "ada"])
def test_nobody_but_a_lead_keeps_notes(guild: Guild, who: str) -> None:
    with pytest.raises(NotFound):
        notes.add_note(guild.id, member_id=guild.cast.ada, lead_id=getattr(guild.cast, who), text="A note.", now=NOON)
    assert "There are none." in notes.write_out(guild.cast.ada, now=LATER)
