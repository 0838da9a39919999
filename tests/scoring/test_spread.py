"""The spread of a cohort: quartiles of what is seen, never of fewer than five."""

from tests.scoring.slow_standings import standings
from tracker.assessment.sees import Sees
from tracker.scoring.profile import Profile
from tracker.scoring.spread import Spread, spreads

from .builders import a_roadmap, an_area


def tools(*thetas: float, sees: list[Sees] | None = None, count: int = 20) -> Spread:
    """The spread in tools of learners who stand here."""
    profiles = [Profile(areas=(an_area("tools", theta=theta, count=count),)) for theta in thetas]
    found = spreads(standings(profiles, a_roadmap()), sees or [Sees.SCORES] * len(thetas))
    return next(spread for spread in found if spread.skill == "tools")


def test_quartiles_are_told_in_scores_where_all_are_seen_with_them() -> None:
    assert tools(-1.0, -0.5, 0.0, 1.0, 2.0) == Spread(
        "tools", 5, levels=("Developing", "Developing", "Proficient"), values=(450, 500, 600)
    )


def test_one_member_with_levels_only_leaves_words_for_all() -> None:
    seen = tools(-1.0, -0.5, 0.0, 1.0, 2.0, sees=[*[Sees.ANSWERS] * 4, Sees.LEVELS])

    assert seen == Spread("tools", 5, levels=("Developing", "Developing", "Proficient"), values=None)


def test_a_quartile_between_two_scores_has_the_word_of_the_score_that_is_printed() -> None:
    seen = tools(-1.0, 0.0, 0.4, 0.6, 0.8, 2.0)

    assert (seen.values or ())[1] == 550
    assert (seen.levels or ())[1] == "Proficient"


def test_fewer_than_five_have_no_quartiles() -> None:
    assert tools(-1.0, -0.5, 0.0, 1.0) == Spread("tools", 4, levels=None, values=None)


def test_who_has_not_enough_evidence_is_not_counted() -> None:
    assert tools(-1.0, -0.5, 0.0, 1.0, 2.0, count=4).members == 0


def test_who_is_not_counted_does_not_leave_words_for_the_others() -> None:
    profiles = [Profile(areas=(an_area("tools", theta=0.0),))] * 5
    found = spreads(standings([*profiles, Profile()], a_roadmap()), [*[Sees.SCORES] * 5, Sees.LEVELS])

    (seen,) = (spread for spread in found if spread.skill == "tools")

    assert seen.values == (500, 500, 500)
