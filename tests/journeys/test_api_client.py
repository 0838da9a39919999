"""The client in docs/api.md, run as it stands there against the served app."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.site import Site
from tracker.config import ROOT
from tracker.services.tokens import Scope

CLIENT = re.compile(r"```python\n(.+?)```", re.DOTALL)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The file of the client."""
    (code,) = CLIENT.findall((ROOT / "docs" / "api.md").read_text())
    file = tmp_path / "quiz.py"
    file.write_text(code)
    return file


def run(client: Path, site: Site, token: str, assessment: str) -> subprocess.CompletedProcess[str]:
    """Let the client take a quiz."""
    settings = {"SKILLMARK": site.address, "TOKEN": token, "PATH": os.environ["PATH"]}
    command = [sys.executable, "-I", str(client), assessment]
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("assessment", ["tools", "topic-tools-git"])
def test_the_documented_client_takes_a_whole_quiz_and_prints_its_result(
    site: Site, client: Path, assessment: str
) -> None:
    ada, _ = site.add_person("Ada")
    token = site.make_token(learner_id=ada, scopes=[Scope.ATTEMPTS_READ, Scope.ATTEMPTS_WRITE])

    ended = run(client, site, token, assessment)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.fullmatch(r"tools: \d+ \(\d+ to \d+\), \d+ of \d+ right\n", ended.stdout)


def test_the_documented_client_says_what_is_wrong(site: Site, client: Path) -> None:
    ada, _ = site.add_person("Ada")
    token = site.make_token(learner_id=ada, scopes=[Scope.ATTEMPTS_READ])

    ended = run(client, site, token, "tools")

    assert ended.returncode == 1
    assert ended.stderr == "This token may not do that: it lacks the scope attempts:write. Make one that has it.\n"
