"""Negative controls break what they say, and nothing else."""

import filecmp
from pathlib import Path

import pytest

from tests.chaos.build import FAULTS, LIMITS, POWER_FAULTS, Fault, Place, make_build
from tracker.config import ROOT
from tracker.storage.question_bank import load_bank


@pytest.mark.parametrize("fault", [*FAULTS, *POWER_FAULTS], ids=lambda fault: fault.name)
def test_a_broken_build_differs_where_it_says_and_still_compiles(fault: Fault, tmp_path: Path) -> None:
    build = make_build(tmp_path / "build", fault)
    files = [str(file.relative_to(build)) for file in build.rglob("*.py")]
    _, different, unread = filecmp.cmpfiles(ROOT, build, files, shallow=False)
    broken = {place.file for place in fault.places}
    assert (set(different), unread) == (broken, [])
    for file in broken:
        compile((build / file).read_text(), file, "exec")


def test_a_control_whose_place_is_gone_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="mend the control"):
        make_build(tmp_path / "build", Fault("nothing changes", "lost", (Place("asgi.py", "no such line", ""),)))


def test_the_bank_of_a_build_loads_and_has_what_storms_take(tmp_path: Path) -> None:
    bank = load_bank(make_build(tmp_path / "build") / "question_bank")
    assert {slug: bank.assessment(slug).time_limit for slug in LIMITS} == dict(LIMITS)
