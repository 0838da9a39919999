"""What was aimed at, judged from rows as the benches give them."""

import pytest

from benchmarks.scoring import ability, aims, calibration, selection
from benchmarks.scoring.aims import Aim


def a_calibration(program: str, seconds: float, *, people: int, items: int, each: int) -> calibration.Row:
    case = calibration.Case(people, items, each)
    return calibration.Row(case.task, program, items, people * each, 5, seconds, peak_mib=300, rmse_b=0.1)


def judged() -> dict[str, Aim]:
    """Everything takes us a millisecond, girth twenty, and the other peers were not installed."""
    of_ability = [
        ability.Row(task, "Skillmark", people, 1e-3)
        for task in (aims.FORM, aims.OWN_ITEMS, aims.AREAS, aims.ATTEMPT)
        for people in (1, ability.PEOPLE)
    ]
    of_ability.append(ability.Row(aims.FORM, "girth", ability.PEOPLE, 20e-3))
    of_selection = [
        selection.Row(task, "Skillmark", bank, 1, 5, 1e-3)
        for task in ("turn", "turn, 5 areas and 29 topics", aims.SIMULATION, aims.UNGUESSED)
        for bank in selection.BANKS
    ]
    of_calibration = [
        a_calibration("Skillmark", 1e-3, people=people, items=items, each=each)
        for people, items, each in (
            (1_000, 100, 100),
            (10_000, 200, 200),
            (20_000, 5_000, 20),
            (50_000, 5_000, 20),
            (500_000, 5_000, 20),
        )
    ]
    of_calibration.append(a_calibration("girth, 61 points", 20e-3, people=1_000, items=100, each=100))
    return {aim.what: aim for aim in aims.judged(of_ability, of_selection, of_calibration)}


def test_an_aim_is_reached_or_not() -> None:
    found = judged()
    assert found[f"{aims.ATTEMPT}, 1 at once"] == Aim(f"{aims.ATTEMPT}, 1 at once", "5 ms", "1 ms", is_met=True)
    assert not found["turn, bank of 50,000"].is_met
    assert found["calibration of 5,000 items, 1,000,000 responses, memory"][1:] == ("400 MiB", "300 MiB", True)


def test_a_peer_is_judged_by_how_many_times_our_time_it_takes() -> None:
    found = judged()
    assert found[f"{aims.FORM}, 100,000 at once, beside girth"][1:] == ("4 times", "20 times", True)
    slow = "calibration of 100 items, 100,000 responses, beside girth, 61 points"
    assert found[slow][1:] == ("150 times", "20 times", False)


def test_peers_that_are_not_installed_are_not_judged() -> None:
    assert not [what for what in judged() if "mirt" in what or "catsim" in what]


@pytest.mark.parametrize(
    ("seconds", "written"), [(12.34, "12.3 s"), (1, "1 s"), (0.0123, "12.3 ms"), (45.6e-6, "45.6 µs"), (3e-7, "0.3 µs")]
)
def test_durations_are_written_in_the_unit_that_fits(seconds: float, written: str) -> None:
    assert aims.duration(seconds) == written


@pytest.mark.parametrize(("ratio", "written"), [(3.456, "3.5"), (34.56, "35"), (1234.5, "1,234"), (0.96, "0.96")])
def test_ratios_are_written_to_two_digits(ratio: float, written: str) -> None:
    assert aims.times(ratio) == written
