"""Stored targets."""

from tests.conftest import NOON, Cast
from tracker.assessment.sees import Sees
from tracker.storage import cohorts, targets


def test_targets_are_replaced_as_a_whole_and_each_cohort_has_its_own(cast: Cast) -> None:
    ours, others = (
        cohorts.add_cohort(name=name, lead_id=cast.lena, sees=Sees.LEVELS, now=NOON).id for name in ("Ours", "Others")
    )
    targets.replace(ours, {"language": "Expert", "tools/git": "Developing"})
    targets.replace(others, {"apis": "Proficient"})

    targets.replace(ours, {"tools/git": "Expert"})

    assert targets.list_of(ours) == {"tools/git": "Expert"}
    assert targets.list_of(others) == {"apis": "Proficient"}
    targets.replace(ours, {})
    assert targets.list_of(ours) == {}
