"""The page of a cohort's targets."""

from collections.abc import Callable

import pytest

from tests.browser import Browser
from tests.conftest import Cast
from tests.web.forms import Form, form, forms
from tests.web.stored import everything
from tracker import clock
from tracker.services import cohorts


@pytest.fixture
def lena(cast: Cast, path: str, browser: Callable[[int | None], Browser]) -> Browser:
    """Lena's browser."""
    return browser(cast.lena)


@pytest.fixture
def path(cast: Cast) -> str:
    """Where the targets of Lena's cohort are."""
    return f"/cohorts/{cohorts.create_cohort('Team', lead_id=cast.lena, now=clock.now()).public_id}/targets"


def selected(lena: Browser, path: str) -> dict[str, str]:
    """The levels chosen in the form."""
    own = form(lena.get(path).text, path)
    return {name: values[0] for name, values in own.values.items() if values[0] and name != "csrf_token"}


def templates(lena: Browser, path: str) -> list[Form]:
    """The forms that take a template."""
    return [one for one in forms(lena.get(path).text) if one.action == f"{path}/template"]


def test_levels_that_are_chosen_stay_chosen(lena: Browser, path: str) -> None:
    assert selected(lena, path) == {}

    assert lena.post(path, {"tools": "Proficient", "tools/git": "Expert", "apis": ""}).location == path

    assert selected(lena, path) == {"tools": "Proficient", "tools/git": "Expert"}
    lena.post(path, {"tools": ""})
    assert selected(lena, path) == {}


def test_a_template_fills_the_form(lena: Browser, path: str) -> None:
    (junior, *_others) = templates(lena, path)

    lena.post(junior.action, {"template": junior.values["template"][0]})

    assert selected(lena, path)["language/syntax"] == "Proficient"


def test_a_template_says_what_of_the_targets_it_replaces_before_it_does(lena: Browser, path: str) -> None:
    assert "This replaces" not in lena.get(path).text
    lena.post(path, {"tools/git": "Expert", "tools": "Proficient"})

    text = lena.get(path).text

    words = "This replaces the targets set now: Essential Tools (Proficient), Git (Expert)."
    assert text.count(words) == len(templates(lena, path))


@pytest.mark.parametrize("sent", [{"tools": "Wizard"}, {"cobol": "Expert"}])
def test_what_is_not_on_the_lists_is_refused_in_plain_words(lena: Browser, path: str, sent: dict[str, str]) -> None:
    lena.post(path, {"tools": "Expert"})
    before = everything()

    refused = lena.post(path, sent)

    assert refused.status_code == 400
    assert "Choose areas, topics and levels from the lists." in refused.text
    assert everything() == before


def test_an_unknown_template_is_not_there(lena: Browser, path: str) -> None:
    before = everything()

    assert lena.post(f"{path}/template", {"template": "astronaut"}).status_code == 404

    assert everything() == before
