"""`python -m tests.chaos`: the whole storm, the power cuts, and every negative control. Exit status 1: look closely."""

import argparse
import os
import secrets
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks import machine
from tests.chaos import power
from tests.chaos.build import EXTENSION_OVERLOOKED, FAULTS, POWER_FAULTS, Fault
from tests.chaos.storm import Outcome, Plan, run
from tracker.config import ROOT

CONTROL_ANSWERS = 400
CONTROL_KILLS = 5
CONTROL_CUTS = 4
MOST_SHOWN = 20
BEGUN = time.monotonic()


def main() -> int:
    """Do it all. Gives the exit status; what went wrong is left in a folder that is named."""
    asked = _read_command_line()
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=build))
    _say(*machine.describe(folder), f"load before: {_load()}")
    is_well = _storm(folder / "storm", _storm_plan(asked))
    no_disk = power.why_not()
    if no_disk:
        _say(f"Power cuts: NOT RUN: {no_disk}")
    else:
        is_well &= _storm(folder / "power", _power_plan(asked.seed, cuts=asked.cuts))
    for fault in FAULTS:
        is_well &= _control(folder / "control", fault, _control_plan(asked.seed, fault))
    for fault in () if no_disk else POWER_FAULTS:
        is_well &= _control(folder / "control", fault, _power_plan(asked.seed, cuts=CONTROL_CUTS))
    _say(f"load after: {_load()}", "All is well." if is_well else f"Not all is well; see above, and {folder}")
    if is_well:
        shutil.rmtree(folder)
    return 0 if is_well else 1


def _storm_plan(asked: argparse.Namespace) -> Plan:
    return Plan(asked.seed, answers=asked.answers, kills=asked.kills, pauses=asked.kills // 4, cuts=0, seconds=60)


def _power_plan(seed: int, *, cuts: int) -> Plan:
    return Plan(seed, answers=150 * cuts, kills=0, pauses=0, cuts=cuts, seconds=0)


def _control_plan(seed: int, fault: Fault) -> Plan:
    """A short storm; where extensions are overlooked, a calm one, in which everybody's time runs out."""
    plan = Plan(seed, answers=CONTROL_ANSWERS, kills=CONTROL_KILLS, pauses=0, cuts=0, seconds=30)
    return replace(plan, brief=plan.learners, kills=0) if fault is EXTENSION_OVERLOOKED else plan


def _storm(folder: Path, plan: Plan) -> bool:
    """Whether a storm against the app as it is breaks no promise."""
    _say("Power cuts" if plan.cuts else "Storm")
    outcome = _run(folder, plan, None)
    _say(*map(str, outcome.violations[:MOST_SHOWN]))
    if outcome.violations:
        (folder / "history.txt").write_text("\n".join(map(str, [*outcome.history.requests, *outcome.history.looks])))
    return not outcome.violations


def _control(folder: Path, fault: Fault, plan: Plan) -> bool:
    """Whether the checker sees what is wrong with a broken build."""
    _say(f"Control: {fault.name}")
    outcome = _run(folder, plan, fault)
    is_seen = fault.kind in {violation.kind for violation in outcome.violations}
    _say(f"  seen ({fault.kind})" if is_seen else f"  NOT SEEN: the checker should have found something {fault.kind}")
    if is_seen:
        shutil.rmtree(folder)
    return is_seen


def _run(folder: Path, plan: Plan, fault: Fault | None) -> Outcome:
    folder.mkdir(exist_ok=True)
    outcome = run(folder, plan, fault)
    _say(*(f"  {line}" for line in outcome.lines()))
    return outcome


def _read_command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--cuts", type=int, default=20)
    return parser.parse_args()


def _load() -> str:
    return ", ".join(f"{load:.1f}" for load in os.getloadavg())


def _say(*lines: str) -> None:
    for line in lines:
        print(f"{time.monotonic() - BEGUN:5.0f} s  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
