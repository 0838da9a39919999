"""The example that a visitor sees."""

from flask import Flask

from tests.web.stored import everything
from tracker.services.specimen import get_specimen
from tracker.storage.question_bank import get_bank


def test_the_example_is_computed_as_anybodys_radar_and_has_one_area_not_yet_measured(app: Flask) -> None:
    specimen = get_specimen()

    assert [name for name, _score in specimen.scores] == [area.name for area in get_bank().roadmap.areas]
    assert [name for name, score in specimen.scores if not score.is_enough] == ["APIs"]
    assert [axis.vertex is None for axis in specimen.radar.axes] == [False, False, False, True, False]


def test_the_item_it_explains_is_never_served_to_anybody(app: Flask) -> None:
    assert get_specimen().item.id not in get_bank().items


def test_the_example_needs_no_store_and_leaves_nothing_there(app: Flask) -> None:
    before = everything()

    assert get_specimen() is get_specimen()
    assert everything() == before
