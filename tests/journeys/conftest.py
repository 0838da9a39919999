"""What every journey may use: the served app, a real Chromium, and people arriving with browsers of their own."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.conftest import NewDatabase
from tests.journeys.site import Site, served
from tests.journeys.visit import Visit
from tests.oidc_provider import RunningProvider, a_provider

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 15_000

Arrive = Callable[..., Visit]


@pytest.fixture(scope="session")
def provider() -> Iterator[RunningProvider]:
    """A provider to sign in with, one for each test process."""
    with a_provider() as running:
        yield running


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, provider: RunningProvider, new_database: NewDatabase
) -> Iterator[Site]:
    """The app, really served, one for each test process."""
    settings = {
        "TRACKER_OIDC_ISSUER": provider.issuer,
        "TRACKER_OIDC_CLIENT_ID": provider.settings.client_id,
        "TRACKER_OIDC_NAME": "Example Ltd",
        **new_database(),
    }
    with served(tmp_path_factory.mktemp("site"), **settings) as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("The browser journeys need Chromium: install it (on Debian: apt install chromium)", pytrace=False)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def arrive(site: Site, chromium: Browser) -> Iterator[Arrive]:
    """Let somebody arrive with a browser of their own; in the end no browser may have complained."""
    yield from _arrivals(site, chromium)


@pytest.fixture(scope="module")
def arrive_for_all(site: Site, chromium: Browser) -> Iterator[Arrive]:
    """The same for all tests of a file."""
    yield from _arrivals(site, chromium)


def _arrivals(site: Site, chromium: Browser) -> Iterator[Arrive]:
    visits: list[Visit] = []

    def arrive(**options: object) -> Visit:
        context = chromium.new_context(base_url=site.address, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        visits.append(Visit(site, context))
        return visits[-1]

    yield arrive
    for visit in visits:
        visit.context.close()
    assert [complaint for visit in visits for complaint in visit.unexpected_complaints] == []
