"""Targets: who may set them, from a template or by hand."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.errors import BadInput, NotFound
from tracker.services import cohorts, targets
from tracker.storage import targets as stored_targets
from tracker.storage.question_bank import get_bank

ACTS: dict[str, Callable[[str, int], object]] = {
    "open": lambda cohort_id, user_id: targets.open_targets(cohort_id, lead_id=user_id),
    "set": lambda cohort_id, user_id: targets.set_targets(cohort_id, {"tools": "Expert"}, lead_id=user_id),
    "take": lambda cohort_id, user_id: targets.take_template(cohort_id, "junior-backend", lead_id=user_id),
}


@pytest.fixture
def cohort_id(cast: Cast) -> str:
    """Lena's cohort, with Ada in it."""
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    token = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    return cohort.public_id


def levels(cohort_id: str, cast: Cast) -> dict[str, str]:
    """What Lena has set."""
    return dict(targets.open_targets(cohort_id, lead_id=cast.lena).levels)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["omar", "ada"])
def test_to_all_but_the_lead_targets_are_not_found_and_nothing_changes(
    cohort_id: str, cast: Cast, act: str, who: str
) -> None:
    before = everything()

    with pytest.raises(NotFound) as foreign:
        ACTS[act](cohort_id, getattr(cast, who))
    with pytest.raises(NotFound) as unknown:
        ACTS[act]("f" * 32, getattr(cast, who))

    assert str(foreign.value) == str(unknown.value)
    assert everything() == before


def test_a_new_cohort_wants_nothing_and_can_begin_with_a_template(cohort_id: str, cast: Cast) -> None:
    opened = targets.open_targets(cohort_id, lead_id=cast.lena)

    assert opened.levels == {}
    assert [template.slug for template in opened.templates] == ["junior-backend", "senior-backend", "api-developer"]


def test_a_template_replaces_what_was_set(cohort_id: str, cast: Cast) -> None:
    targets.set_targets(cohort_id, {"databases/motor": "Expert"}, lead_id=cast.lena)

    template = targets.take_template(cohort_id, "api-developer", lead_id=cast.lena)

    assert levels(cohort_id, cast) == template.levels
    assert "databases/motor" not in template.levels


def test_an_unknown_template_is_not_found_and_changes_nothing(cohort_id: str, cast: Cast) -> None:
    targets.set_targets(cohort_id, {"tools": "Expert"}, lead_id=cast.lena)

    with pytest.raises(NotFound):
        targets.take_template(cohort_id, "astronaut", lead_id=cast.lena)

    assert levels(cohort_id, cast) == {"tools": "Expert"}


@pytest.mark.parametrize("sent", [{"cobol": "Expert"}, {"tools": "Wizard"}, {"tools": "expert"}, {"": "Expert"}])
def test_what_is_no_skill_or_no_level_is_refused_and_changes_nothing(
    cohort_id: str, cast: Cast, sent: dict[str, str]
) -> None:
    targets.set_targets(cohort_id, {"tools": "Expert"}, lead_id=cast.lena)

    with pytest.raises(BadInput):
        targets.set_targets(cohort_id, {"apis": "Expert"} | sent, lead_id=cast.lena)

    assert levels(cohort_id, cast) == {"tools": "Expert"}


def test_a_target_whose_topic_the_bank_has_no_more_is_left_out(cohort_id: str, cast: Cast) -> None:
    cohort = cohorts.get_led(cohort_id, lead_id=cast.lena)
    stored_targets.replace(cohort.id, {"tools/svn": "Expert", "tools": "Developing"})

    assert targets.list_targets(cohort.id) == {"tools": "Developing"}
    assert set(targets.list_wanted(cohort.id)) == {
        "tools",
        *(topic.id for topic in get_bank().roadmap.area("tools").topics),
    }


def test_the_small_bank_has_templates_of_its_own(small_app: Flask) -> None:
    assert get_bank().target_templates["beginner"].levels == {"language": "Developing", "language/oop": "Expert"}
