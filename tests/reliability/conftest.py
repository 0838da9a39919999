"""A real server for the tests that race and kill."""

from collections.abc import Iterator

import pytest

from tests.launcher import a_launcher
from tests.reliability.site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Skillmark on stores of its own, two workers, the embedded document store."""
    launcher = a_launcher(tmp_path_factory.mktemp("site"), TRACKER_RETAKE_DAYS="0", TRACKER_CHANGES_A_SECOND="1000")
    try:
        site = Site(launcher.serve())
        yield site
        launcher.look_around()
        print("".join(site.said))  # pytest shows it when a test has failed
    finally:
        launcher.clean_up()
