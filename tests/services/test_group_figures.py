"""Figures of a cohort as a group: what is told, what is kept back, and what nobody can work out from all of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from flask import Flask

from tests.builders import an_attempt_at
from tests.conftest import NOON, Cast
from tests.scoring.attacker import wins
from tests.services.group import (
    COPIED,
    COPIES,
    NUMBER,
    RIGHT,
    SINGLE,
    WRONG,
    another_guild,
    answer,
    answer_all,
    id_of,
    item,
    tell,
    told,
)
from tests.services.guild import Guild
from tracker import services
from tracker.assessment.assignment import AssignedTerms, Release
from tracker.assessment.group_figures import AnsweredItem
from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.services import agreements, cohorts, group_telling
from tracker.services.group_figures import open_figures, open_items
from tracker.storage import assignments, attempts, group_figures

DAY = timedelta(days=1)


def items_of(guild: Guild) -> dict[str, AnsweredItem]:
    """What was told of each item of the first area."""
    _, told_items = group_figures.list_items(id_of(guild), "language")
    return {one.item_id: one for one in told_items}


def test_of_five_people_a_misconceptions_share_is_told_and_of_four_nothing(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=5)
    answer_all(guild.member_ids[:2], COPIED)
    answer_all(guild.member_ids[2:4], RIGHT)
    of_four = tell(guild)
    answer(guild.member_ids[4], RIGHT, at=NOON + DAY)

    (one,) = tell(guild, now=NOON + DAY).misconceptions

    assert of_four.misconceptions == ()
    assert (one.slug, one.share.value, one.share.n, one.told_at) == (COPIES, 2 / 5, 5, NOON + DAY)


def test_the_newest_answer_counts_but_is_told_only_once_five_have_answered_anew(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=8)
    answer_all(guild.member_ids, COPIED)
    shares = [tell(guild).misconceptions[0].share]
    for number, member_id in enumerate(guild.member_ids[:5], 1):
        answer(member_id, RIGHT, at=NOON + number * DAY)
        shares.append(tell(guild, now=NOON + number * DAY).misconceptions[0].share)
    assert [share.end for share in shares] == ["most"] * 5 + [None]
    assert shares[-1].value == 3 / 8


def test_when_somebody_leaves_nothing_is_shown_and_then_what_they_were_part_of_is_withheld(
    small_app: Flask, cast: Cast
) -> None:
    guild = Guild(cast, members=8)
    answer_all(guild.member_ids, WRONG)
    tell(guild)
    before = open_figures(guild.id, lead_id=cast.lena, now=NOON)

    cohorts.leave(guild.id, user_id=guild.member_ids[0], now=NOON)

    at_once = open_figures(guild.id, lead_id=cast.lena, now=NOON)
    assert open_items(guild.id, "language", page=1, lead_id=cast.lena, now=NOON).items == ()
    tell(guild)
    after = open_figures(guild.id, lead_id=cast.lena, now=NOON)
    assert (before.made_at, before.withheld, len(before.topics)) == (NOON, 0, 1)
    assert (at_once.made_at, at_once.topics) == (None, ())
    assert (after.made_at, after.withheld, after.topics) == (NOON, 2, ())


def test_what_is_withheld_is_told_again_once_five_more_have_answered(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=8)
    answer_all(guild.member_ids, WRONG)
    tell(guild)
    cohorts.leave(guild.id, user_id=guild.member_ids[0], now=NOON)
    shown = []
    for number in range(5):
        answer(guild.add(f"Newcomer {number}"), COPIED)
        shown.append([one.share.n for one in tell(guild).misconceptions])
    assert shown == [[], [], [], [], [12]]


def test_a_second_cohort_without_one_of_them_is_told_nothing_that_would_give_them_away(
    small_app: Flask, cast: Cast
) -> None:
    guild = Guild(cast, members=8)
    answer_all(guild.member_ids, WRONG)
    tell(guild)
    without_one = another_guild(cast, members=guild.member_ids[1:])
    without_any = another_guild(cast, members=[guild.add(f"Other {number}") for number in range(5)])
    answer_all(range(max(guild.member_ids) + 1, max(guild.member_ids) + 6), WRONG)

    assert tell(without_one).misconceptions == ()
    assert len(tell(without_any).misconceptions) == 1


def test_whoever_is_left_behind_when_the_others_move_to_another_cohort_is_not_given_away(
    small_app: Flask, cast: Cast
) -> None:
    guild = Guild(cast, members=6)
    answer_all(guild.member_ids, WRONG)
    tell(guild)
    for member_id in guild.member_ids[1:]:
        cohorts.leave(guild.id, user_id=member_id, now=NOON)
    assert tell(another_guild(cast, members=guild.member_ids[1:], lead_id=cast.omar)).misconceptions == ()


def test_what_a_cohort_without_any_of_them_was_told_counts_if_another_one_lies_between(
    small_app: Flask, cast: Cast
) -> None:
    far = Guild(cast, members=5)
    between = another_guild(cast, members=far.member_ids, lead_id=cast.omar)
    common = [between.add(f"Common {number}") for number in range(5)]
    near = another_guild(cast, members=common, lead_id=cast.vera)
    answer_all([*far.member_ids, *common, near.add("One more")], WRONG)
    assert [len(tell(guild).misconceptions) for guild in (far, between, near)] == [1, 1, 0]


def test_people_whose_answers_another_cohort_sees_hide_nobody(small_app: Flask, cast: Cast) -> None:
    seeing = Guild(cast, members=5, sees=Sees.ANSWERS)
    guild = another_guild(cast, members=seeing.member_ids)
    shy = [guild.add(f"Shy {number}") for number in range(5)]
    answer_all([*seeing.member_ids, *shy[:4]], COPIED)
    assert tell(guild).misconceptions == ()

    answer(shy[4], RIGHT)

    assert [one.share.n for one in tell(guild).misconceptions] == [10]


def test_people_whose_answers_another_cohort_sees_are_not_given_away_to_this_one(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=7)
    another_guild(cast, members=guild.member_ids[:1], sees=Sees.ANSWERS)
    answer_all(guild.member_ids, COPIED)
    before = tell(guild).misconceptions
    answer(guild.member_ids[0], RIGHT, at=NOON + DAY)
    assert tell(guild, now=NOON + DAY).misconceptions == before


def test_when_so_many_show_their_answers_that_fewer_than_five_are_hidden_a_figure_is_withheld(
    small_app: Flask, cast: Cast
) -> None:
    guild = Guild(cast, members=0, sees=Sees.ANSWERS)
    member_ids = [guild.add(f"Shy {number}") for number in range(6)]
    answer_all(member_ids, COPIED)
    shown = [len(tell(guild).misconceptions)]
    for member_id in member_ids:
        agreements.agree(guild.id, member_id=member_id, agreed_to=Sees.ANSWERS, may_mentor=False, now=NOON)
        shown.append(len(tell(guild).misconceptions))
    assert shown == [1, 1, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("release", [Release.NEVER, Release.AT_ONCE])
def test_answers_that_are_not_released_or_are_of_another_cohort_are_hidden_although_their_people_show_answers(
    small_app: Flask, cast: Cast, release: Release
) -> None:
    guild = Guild(cast, members=6, sees=Sees.ANSWERS)
    terms = AssignedTerms("of another cohort", number=1, closes_at=NOON, release=release)
    answer_all(guild.member_ids, COPIED, assignment=terms)
    before = tell(guild).misconceptions
    again = replace(terms, number=2)
    answer(guild.member_ids[0], RIGHT, at=NOON + DAY, assignment=again)
    assert tell(guild, now=NOON + DAY).misconceptions == before

    answer_all(guild.member_ids[1:5], RIGHT, at=NOON + 2 * DAY, assignment=again)

    assert [one.share.end for one in tell(guild, now=NOON + 2 * DAY).misconceptions] == ["few"]


def test_answers_to_an_item_that_waits_for_a_release_are_hidden_from_an_attempt_that_is_seen_too(
    small_app: Flask, cast: Cast
) -> None:
    guild = Guild(cast, members=5, sees=Sees.ANSWERS)
    shy = [guild.add(f"Shy {number}") for number in range(4)]
    answer_all([*guild.member_ids, *shy], COPIED)
    assert tell(guild).misconceptions == ()

    waiting = AssignedTerms("of another cohort", number=1, closes_at=NOON, release=Release.NEVER)
    answer(guild.member_ids[0], COPIED, at=NOON + DAY, assignment=waiting)

    assert [one.share.n for one in tell(guild, now=NOON + DAY).misconceptions] == [9]


def test_answers_that_the_cohort_itself_assigned_are_seen_once_they_are_released(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=6, sees=Sees.ANSWERS)
    closes_at = NOON + 3 * DAY
    assigned = assignments.add(
        cohort_id=id_of(guild),
        assessment_slug="quiz",
        opens_at=NOON,
        closes_at=closes_at,
        attempts_allowed=2,
        release=Release.AFTER_DEADLINE,
        made_by=cast.lena,
        now=NOON,
    )
    terms = AssignedTerms(assigned.public_id, number=1, closes_at=closes_at, release=Release.AFTER_DEADLINE)
    answer_all(guild.member_ids, COPIED, assignment=terms)
    answer(guild.member_ids[0], RIGHT, at=NOON + DAY, assignment=replace(terms, number=2))
    told_on = [tell(guild, now=now).misconceptions[0].told_at for now in (NOON, NOON + DAY, NOON + 4 * DAY)]
    assert told_on == [NOON, NOON, NOON + 4 * DAY]


def test_beside_people_whose_answers_are_seen_no_unanimous_group_is_laid_open(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=5, sees=Sees.ANSWERS)
    shy = [guild.add(f"Shy {number}") for number in range(5)]
    answer_all(guild.member_ids, RIGHT)
    answer_all(shy, COPIED)

    (one,) = tell(guild).misconceptions

    told_items = items_of(guild)[SINGLE]
    shares = [one.share, told_items.right, *(option.share for option in told_items.options[:2])]
    assert [(share.value, share.end) for share in shares] == [(None, "blurred")] * 4
    assert one.share.low < 4 / 10 < 5 / 10 < one.share.high


def test_people_whose_answers_are_seen_anyway_hide_nobody(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=4, sees=Sees.ANSWERS)
    shy = [guild.add(f"Shy {number}", agreed_to=Sees.LEVELS) for number in range(4)]
    answer_all([*guild.member_ids, *shy], COPIED)
    assert tell(guild).misconceptions == ()

    fifth = guild.add("Shy 4", agreed_to=Sees.LEVELS)
    answer(fifth, RIGHT)

    assert [one.share.n for one in tell(guild).misconceptions] == [9]


def test_where_everybodys_answers_are_seen_five_people_are_enough_and_each_change_is_told(
    small_app: Flask, cast: Cast
) -> None:
    guild = Guild(cast, members=6, sees=Sees.ANSWERS)
    answer_all(guild.member_ids, RIGHT)
    answer_all(guild.member_ids[:3], COPIED, at=NOON + DAY)
    before = tell(guild, now=NOON + DAY).misconceptions[0].share
    answer(guild.member_ids[0], RIGHT, at=NOON + 2 * DAY)
    after = tell(guild, now=NOON + 2 * DAY).misconceptions[0].share
    assert (before.value, after.value) == (3 / 6, 2 / 6)


def test_an_item_is_told_by_first_answers_with_the_share_of_each_option(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=8)
    answer_all(guild.member_ids[:3], RIGHT)
    answer_all(guild.member_ids[3:6], COPIED)
    answer_all(guild.member_ids[6:], WRONG)
    answer_all(guild.member_ids[3:], RIGHT, at=NOON + DAY)
    tell(guild, now=NOON + DAY)

    one = items_of(guild)[SINGLE]

    assert (one.right.value, one.right.n, one.median_seconds) == (3 / 8, 8, 20)
    assert [(option.name, option.is_key, option.share.value) for option in one.options] == [
        ("a", False, 3 / 8),
        ("b", True, 3 / 8),
        ("c", False, 2 / 8),
    ]
    assert one.options[0].by_third == ()


def test_from_fifteen_people_on_options_are_told_by_third(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=15)
    for number, member_id in enumerate(guild.member_ids):
        able = number >= 5
        given = WRONG if number == 14 else RIGHT if number % 2 else COPIED
        answer(member_id, given, ("42",) if able else ("41",), items=[item(), item(NUMBER)])
    tell(guild)

    by_name = {option.name: option for option in items_of(guild)[SINGLE].options}

    assert [(third.value, third.n) for third in by_name["b"].by_third] == [(2 / 5, 5), (3 / 5, 5), (2 / 5, 5)]
    assert by_name["c"].by_third == ()


def test_a_rule_is_broken_only_when_the_whole_interval_is_beyond_its_limit(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=20)
    answer_all(guild.member_ids[:8], WRONG)
    tell(guild)
    few = items_of(guild)[SINGLE].rules
    answer_all(guild.member_ids[8:], WRONG)
    tell(guild)
    assert (few, items_of(guild)[SINGLE].rules) == ((), ())

    answer_all([guild.add(f"More {number}") for number in range(10)], WRONG)
    tell(guild)

    assert items_of(guild)[SINGLE].rules == ("facility low",)


def test_items_that_break_a_rule_come_before_those_of_earlier_topics(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=5)
    for member_id in guild.member_ids:
        answer(member_id, RIGHT, WRONG, items=[item(), item("language/oop/new")])
    whole, by_id = tell(guild), items_of(guild)
    broken = replace(by_id["language/oop/new"], rules=("facility low",))
    group_figures.put(id_of(guild), whole, {"language": [by_id[SINGLE], broken]})

    listed = open_items(guild.id, "language", page=1, lead_id=cast.lena, now=NOON).items

    assert [(one.item.id, one.figure.rules) for one in listed] == [
        ("language/oop/new", ("facility low",)),
        (SINGLE, ()),
    ]


def test_an_item_that_the_lead_may_still_be_asked_is_held(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=5)
    answer_all(guild.member_ids, RIGHT)
    tell(guild)
    (before,) = open_items(guild.id, "language", page=1, lead_id=cast.lena, now=NOON).items

    attempts.add(an_attempt_at(item(), learner_id=cast.lena))

    (after,) = open_items(guild.id, "language", page=1, lead_id=cast.lena, now=NOON).items
    assert (before.is_held, after.is_held) == (False, True)


def test_a_trend_has_a_point_a_month_and_claims_a_change_only_when_it_is_sure(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=6)
    one, other = item(), item("language/oop/new")
    asked = [one, other] * 6
    for number, member_id in enumerate(guild.member_ids):
        for month, given in ((1, WRONG), (10, RIGHT if number else WRONG)):
            at = datetime(2026, month, 10, number, tzinfo=UTC)
            answer(member_id, *[given] * len(asked), at=at, items=asked)

    points = tell(guild).trends["language"]

    assert [(point.last_day.month, point.n, point.change) for point in points] == [(1, 6, None), (10, 6, "risen")]
    assert all(point.low < point.value < point.high for point in points)
    assert points[0].value < points[1].value


def test_newcomers_of_fewer_than_five_are_not_in_a_trend_that_goes_on(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=6)
    asked = [item(), item("language/oop/new")] * 3
    for month in (9, 10):
        for number, member_id in enumerate(guild.member_ids):
            at = datetime(2026, month, 10, number, tzinfo=UTC)
            answer(member_id, *[RIGHT] * len(asked), at=at, items=asked)
    newcomers = [guild.add(f"Newcomer {number}") for number in range(2)]
    for number, member_id in enumerate(newcomers):
        at = datetime(2026, 10, 20, number, tzinfo=UTC)
        answer(member_id, *[WRONG] * len(asked), at=at, items=asked)

    assert [point.n for point in tell(guild).trends["language"]] == [6, 6]


def test_in_a_trend_people_whose_scores_another_cohort_sees_hide_nobody(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=6)
    asked = [item(), item("language/oop/new")] * 6
    for number, member_id in enumerate(guild.member_ids):
        answer(member_id, *[RIGHT] * 12, at=datetime(2026, 10, 10, number, tzinfo=UTC), items=asked)
    another_guild(cast, members=guild.member_ids[:2], sees=Sees.SCORES)
    assert tell(guild).trends == {}

    more = guild.add("One more")
    answer(more, *[RIGHT] * 12, at=datetime(2026, 10, 11, tzinfo=UTC), items=asked)

    assert [point.n for point in tell(guild).trends["language"]] == [7]


def test_a_look_asks_for_figures_that_are_missing_or_old_and_the_next_round_makes_them(
    small_app: Flask, cast: Cast
) -> None:
    guild = Guild(cast, members=5)
    answer_all(guild.member_ids, RIGHT)
    assert group_telling.renew_wanted(NOON) == 0

    open_figures(guild.id, lead_id=cast.lena, now=NOON)

    assert [group_telling.renew_wanted(NOON) for _ in range(2)] == [1, 0]
    assert open_figures(guild.id, lead_id=cast.lena, now=NOON).made_at == NOON
    assert group_telling.renew_wanted(NOON) == 0
    assert open_figures(guild.id, lead_id=cast.lena, now=NOON + timedelta(hours=1)).made_at == NOON
    assert group_telling.renew_wanted(NOON + timedelta(hours=1)) == 1


def test_of_too_many_members_nothing_is_told(small_app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    guild = Guild(cast)
    answer_all(guild.member_ids, COPIED)
    assert tell(guild).misconceptions

    monkeypatch.setattr(group_telling, "MOST_COUNTED", 5)
    monkeypatch.setattr(services.group_figures, "MOST_COUNTED", 5)

    assert not tell(guild).misconceptions
    page = open_figures(guild.id, lead_id=cast.lena, now=NOON)
    assert (page.is_too_large, page.made_at) == (True, None)


def test_nobody_but_its_leads_finds_a_cohorts_figures(small_app: Flask, cast: Cast) -> None:
    guild = Guild(cast, members=5)
    for user_id in (cast.omar, guild.member_ids[0]):
        with pytest.raises(NotFound):
            open_figures(guild.id, lead_id=user_id, now=NOON)
        with pytest.raises(NotFound):
            open_items(guild.id, "language", page=1, lead_id=user_id, now=NOON)
    with pytest.raises(NotFound):
        open_items(guild.id, "nothing", page=1, lead_id=cast.lena, now=NOON)


@pytest.mark.parametrize("seed", range(2))
def test_all_that_is_ever_told_of_two_cohorts_with_people_in_common_gives_nobody_away(
    small_app: Flask, cast: Cast, seed: int
) -> None:
    random = Random(seed)
    guild = Guild(cast, members=13)
    other = another_guild(cast, members=guild.member_ids[:8])
    answer_all(guild.member_ids, RIGHT)
    for step in range(6):
        now = NOON + step * DAY
        tell(guild, now=now)
        tell(other, now=now)
        for member_id in random.sample(guild.member_ids, random.choice((2, 6, 9, 13))):
            asked = random.choice(([item()], [item(NUMBER)], [item(), item(NUMBER)]))
            answer(member_id, *[random.choice(one.body.slips) for one in asked], at=now, items=asked)
        if step == 2:
            cohorts.remove_member(other.id, member_id=guild.member_ids[0], lead_id=cast.lena, now=NOON)
        if step == 4:
            cohorts.leave(guild.id, user_id=guild.member_ids[12], now=NOON)
    assert len(told(guild, other)) > 4
    assert not wins(told(guild, other))
