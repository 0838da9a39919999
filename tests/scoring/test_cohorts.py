"""A cohort's order and its medians."""

import pytest

from tracker.scoring.cohorts import Member, Middle, in_need_first, middles
from tracker.scoring.profile import AreaProfile, Profile

from .builders import an_area


def a_member(name: str, *areas: AreaProfile) -> Member:
    return Member(learner_id=ord(name[0]), name=name, profile=Profile(areas=areas))


def test_the_least_ready_come_first_and_the_unknown_last_by_name() -> None:
    members = [
        a_member("Zoe"),
        a_member("Ada", an_area(theta=1.5)),
        a_member("bob", an_area("tools", theta=-3, count=4)),
        a_member("Carl", an_area(theta=-1)),
        a_member("Dora", an_area(theta=0.2)),
    ]
    assert [member.name for member in in_need_first(members)] == ["Carl", "Dora", "Ada", "bob", "Zoe"]


def test_readiness_is_the_mean_chance_of_being_proficient_where_there_is_enough_evidence() -> None:
    member = a_member("Ada", an_area("apis", theta=0.5), an_area("tools", theta=5.0), an_area("databases", count=4))
    assert member.readiness == pytest.approx((0.5 + 1.0) / 2)
    assert a_member("Bob").readiness is None


def test_equally_ready_members_are_ordered_by_name() -> None:
    members = [a_member(name, an_area()) for name in ("carl", "Ada", "Bob")]
    assert [member.name for member in in_need_first(members)] == ["Ada", "Bob", "carl"]


def test_the_median_counts_only_members_with_enough_evidence() -> None:
    profiles = [
        Profile(areas=(an_area("apis", theta=theta, count=count),))
        for theta, count in ((0.0, 9), (1.0, 9), (0.2, 9), (-3.0, 4))
    ]
    assert middles([*profiles, Profile()], ["apis", "tools"]) == [Middle("apis", 520, 3), Middle("tools", None, 0)]


def test_the_median_of_an_even_number_is_rounded_like_every_score() -> None:
    profiles = [Profile(areas=(an_area("apis", theta=theta),)) for theta in (0.0, 0.15)]
    assert middles(profiles, ["apis"]) == [Middle("apis", 510, 2)]
