"""A real server for the tests that race and kill."""

from collections.abc import Iterator

import pytest

from tests.conftest import NewDatabase
from tests.launcher import a_launcher
from tests.reliability.site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Site]:
    """Skillmark on stores of its own, two workers, the embedded document store."""
    settings = {"TRACKER_RETAKE_DAYS": "0", "TRACKER_CHANGES_A_SECOND": "1000", **new_database()}
    launcher = a_launcher(tmp_path_factory.mktemp("site"), **settings)
    try:
        site = Site(launcher.serve())
        yield site
        launcher.look_around()
        print("".join(site.said))  # pytest shows it when a test has failed
    finally:
        launcher.clean_up()
