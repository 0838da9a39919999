"""What a cohort covers: who is counted by what, what is said of few, and whose business it is."""

import pytest

from tests.conftest import NOON, Cast
from tests.services.guild import DEVELOPING, EXPERT, FOUNDATION, PROFICIENT, UNSURE, Guild, know
from tests.services.watching import watched_commands
from tests.web.stored import everything
from tracker import services
from tracker.assessment.sees import Sees
from tracker.config import Config
from tracker.errors import NotFound
from tracker.services.coverage import Coverage, TopicCoverage, review_coverage
from tracker.services.rises import MOST_STEPS

GIT, GITHUB, PYTEST = "tools/git", "tools/github", "tools/pytest"
PROFICIENT_IN_GIT = {GIT: "Proficient"}


def coverage(guild: Guild, *, holders: int = 2) -> Coverage:
    """What Lena sees."""
    return review_coverage(guild.id, lead_id=guild.lead_id, holders=holders, now=NOON)


def git(guild: Guild, *, holders: int = 2) -> TopicCoverage:
    """What Lena sees of git."""
    found = coverage(guild, holders=holders)
    return next(one for area in found.areas for one in area.topics if one.topic.id == GIT)


def test_members_hold_a_level_surely_perhaps_not_yet_or_it_is_not_known(cast: Cast) -> None:
    guild = Guild(cast)
    for member_id, theta in zip(guild.member_ids, (EXPERT, PROFICIENT, DEVELOPING), strict=False):
        know(member_id, {GIT: theta})
    know(guild.member_ids[3], {GIT: DEVELOPING}, sd=UNSURE)
    guild.want(PROFICIENT_IN_GIT)

    found = git(guild)

    assert (found.surely, found.perhaps, found.not_yet, found.unknown) == (2, 1, 1, 2)
    assert (found.members, found.known) == (6, 4)


def test_a_topic_that_only_one_member_surely_holds_names_them(cast: Cast) -> None:
    guild = Guild(cast)
    know(guild.member_ids[2], {GIT: EXPERT, PYTEST: FOUNDATION})
    guild.want({GIT: "Proficient", PYTEST: "Developing"})

    found = coverage(guild)

    assert [(one.topic.id, one.holder and one.holder.name) for one in found.held_by_one] == [(GIT, "Member 2")]
    assert [one.topic.id for one in found.held_by_nobody] == [PYTEST]


def test_of_fewer_than_five_members_nothing_is_said_together(cast: Cast) -> None:
    guild = Guild(cast, members=4)
    for member_id in guild.member_ids:
        know(member_id, {GIT: EXPERT})
    guild.want(PROFICIENT_IN_GIT)

    few = coverage(guild)
    guild.add("Member 4")

    assert (few.members, few.areas, few.plan, few.helps) == (4, (), None, ())
    assert coverage(guild).areas


def test_of_too_many_members_nothing_is_read(cast: Cast, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    guild = Guild(cast)
    guild.want(PROFICIENT_IN_GIT)
    assert coverage(guild).areas

    monkeypatch.setattr(services.coverage, "MOST_SORTED", 5)

    with watched_commands(config) as commands:
        found = coverage(guild)
    assert (found.is_too_large, found.members, found.areas, found.plan) == (True, 6, (), None)
    assert commands == []


def test_a_chance_is_told_where_leads_see_everybodys_scores(cast: Cast) -> None:
    guild = Guild(cast, sees=Sees.SCORES)
    for member_id in guild.member_ids[:3]:
        know(member_id, {GIT: 0.5}, sd=UNSURE)
    guild.want(PROFICIENT_IN_GIT)

    assert [git(guild, holders=holders).chance for holders in (1, 2, 3, 4)] == [87, 50, 13, None]


def test_no_chance_is_told_once_anybody_shows_levels_only(cast: Cast) -> None:
    guild = Guild(cast, sees=Sees.SCORES)
    for member_id in guild.member_ids:
        know(member_id, {GIT: 0.5}, sd=UNSURE)
    guild.want(PROFICIENT_IN_GIT)

    guild.add("Shy", agreed_to=Sees.LEVELS)

    assert git(guild).chance is None
    assert coverage(guild).levels_only == 1


def test_without_targets_topics_are_read_at_proficient_and_nothing_is_planned(cast: Cast) -> None:
    found = coverage(Guild(cast))

    assert {one.wanted for area in found.areas for one in area.topics} == {"Proficient"}
    assert (found.has_targets, found.plan, found.helps) == (False, None, ())


def test_targets_that_everybody_has_reached_from_the_start_are_targets(cast: Cast) -> None:
    guild = Guild(cast)
    guild.want({"tools": "Foundation"})

    found = coverage(guild)

    assert found.has_targets
    assert found.areas == ()


def test_with_targets_only_these_topics_are_read_and_an_areas_target_is_its_topics(cast: Cast) -> None:
    guild = Guild(cast)
    guild.want({"tools": "Developing", GIT: "Expert", "apis/rest": "Foundation"})

    (tools,) = coverage(guild).areas

    assert {one.topic.id: one.wanted for one in tools.topics}[GIT] == "Expert"
    assert {one.wanted for one in tools.topics if one.topic.id != GIT} == {"Developing"}
    assert len(tools.topics) == len(tools.area.topics)


def test_a_plan_says_who_takes_which_steps_and_why(cast: Cast) -> None:
    guild = Guild(cast)
    know(guild.member_ids[0], {GIT: DEVELOPING, GITHUB: DEVELOPING})
    know(guild.member_ids[1], {GIT: FOUNDATION, GITHUB: DEVELOPING}, sd=UNSURE)
    guild.want({GITHUB: "Proficient"})

    plan = coverage(guild, holders=2).plan

    assert plan is not None
    steps = {
        share.user.name: [(rise.topic.id, rise.start, rise.goal, rise.needed_for) for rise in share.rises]
        for share in plan.to_learn
    }
    assert steps["Member 0"] == [(GITHUB, "Developing", "Proficient", None)]
    (first, second) = next(share.rises for share in plan.to_learn if share.user.name != "Member 0")
    assert (first.topic.id, first.goal, first.needed_for) == (GIT, "Developing", second.topic)
    assert (second.assessment_slug, second.goal) == ("topic-tools-github", "Proficient")
    assert (plan.steps, plan.fewest_steps, plan.shown_steps) == (4, 4, 4)


def test_what_a_quiz_may_settle_is_apart_from_what_is_to_be_learned(cast: Cast) -> None:
    guild = Guild(cast, members=5)
    for member_id, theta in zip(guild.member_ids, (EXPERT, PROFICIENT, DEVELOPING, FOUNDATION), strict=False):
        know(member_id, {GIT: theta}, sd=UNSURE)
    guild.want(PROFICIENT_IN_GIT)

    plan = coverage(guild, holders=5).plan

    assert plan is not None
    assert {share.user.name for share in plan.to_measure} == {"Member 1", "Member 4"}
    assert {share.user.name for share in plan.to_learn} == {"Member 2", "Member 3"}


def test_a_reason_shows_no_more_of_a_score_than_its_member_agreed_to(cast: Cast) -> None:
    guild = Guild(cast, members=4, sees=Sees.SCORES)
    guild.member_ids.append(guild.add("Shy", agreed_to=Sees.LEVELS))
    for member_id in guild.member_ids:
        know(member_id, {GIT: DEVELOPING})
    guild.want(PROFICIENT_IN_GIT)

    plan = coverage(guild, holders=5).plan

    assert plan is not None
    seen = {share.user.name: share.rises[0].score for share in plan.to_learn}
    assert (seen["Shy"].level, seen["Shy"].value) == ("Developing", None)
    assert (seen["Member 0"].level, seen["Member 0"].value) == ("Developing", 500)
    assert {share.rises[0].last_answered for share in plan.to_learn} == {NOON}


def test_of_a_long_plan_the_first_steps_are_shown_and_all_are_counted(cast: Cast) -> None:
    guild = Guild(cast)
    guild.want(dict.fromkeys(("language", "apis", "tools"), "Expert"))

    plan = coverage(guild, holders=2).plan

    assert plan is not None
    shown = sum(rise.steps for share in (*plan.to_measure, *plan.to_learn) for rise in share.rises)
    assert MOST_STEPS - 3 < shown == plan.shown_steps <= MOST_STEPS < plan.fewest_steps <= plan.steps


def test_helpers_are_members_who_agreed_to_help(cast: Cast) -> None:
    guild = Guild(cast)
    mentor_id = guild.add("Mia", may_mentor=True)
    for member_id in (mentor_id, guild.member_ids[0]):
        know(member_id, {GIT: EXPERT})
    know(guild.member_ids[1], {GIT: DEVELOPING})
    guild.want(PROFICIENT_IN_GIT)

    (help_,) = coverage(guild).helps

    assert (help_.topic.id, help_.goal) == (GIT, "Proficient")
    assert [user.name for user in help_.mentors] == ["Mia"]
    assert [user.name for user in help_.learners] == ["Member 1"]


@pytest.mark.parametrize("who", ["member", "omar"])
def test_to_everybody_but_its_lead_it_is_not_found(cast: Cast, who: str) -> None:
    guild = Guild(cast)
    before = everything()

    with pytest.raises(NotFound) as refused:
        review_coverage(guild.id, lead_id=cast.omar if who == "omar" else guild.member_ids[0], holders=2, now=NOON)
    with pytest.raises(NotFound) as unknown:
        review_coverage("f" * 32, lead_id=cast.lena, holders=2, now=NOON)

    assert str(refused.value) == str(unknown.value)
    assert everything() == before
