"""The host that a request names is believed by nothing."""

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.safety.test_text_from_people import READERS
from tests.web.mailing import mailing, texts_to
from tests.web.stored import everything
from tests.web.test_access_matrix import MATRIX, Scene
from tests.web.test_access_matrix import scene as scene  # a fixture
from tracker.config import Config

EVIL = {
    "HTTP_HOST": "evil.example",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_FORWARDED": "host=evil.example",
}


@pytest.fixture(autouse=True)
def every_request_names_another_host(whole_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put it in front of the app, so that browsers send their cookies all the same."""
    inside = whole_app.wsgi_app
    monkeypatch.setattr(whole_app, "wsgi_app", lambda environ, start: inside({**environ, **EVIL}, start))


def test_no_page_and_no_redirect_names_the_host_that_was_asked(scene: Scene) -> None:
    for row in (row for row in MATRIX if row.method == "GET"):
        actor = next((actor for actor in READERS if row.expected(actor) == 200), "visitor")
        answer = scene.browsers[actor].get(row.path(scene.names))
        assert answer.status_code == row.expected(actor), row
        assert b"evil.example" not in answer.data, row
        assert "evil.example" not in str(answer.headers), row


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/sign-up", {"email": "eve@example.org", "name": "Eve", "zone": "UTC", "password": "four words make one"}),
        ("/sign-up", {"email": "ada@example.org", "name": "Ada", "zone": "UTC", "password": "four words make one"}),
        ("/password/forgotten", {"email": "ada@example.org"}),
        ("/password/forgotten", {"email": "eve@example.org"}),
    ],
)
def test_links_in_mails_lead_to_our_own_address(
    app: Flask, cast: Cast, config: Config, scene: Scene, path: str, sent: dict[str, str]
) -> None:
    with mailing(app, config):
        scene.browsers["visitor"].post(path, sent)
    assert all(config.address in text for text in texts_to(sent["email"])[-1:])
    assert texts_to(sent["email"])
    assert "evil.example" not in str(everything())
