"""Measure scoring and write docs/benchmarks-scoring.md: python -m benchmarks.scoring"""

import os
import sys
import time

from benchmarks.scoring import report
from benchmarks.scoring.ability import measure_ability
from benchmarks.scoring.calibration import measure_calibration
from benchmarks.scoring.selection import measure_selection
from tracker.config import ROOT

BEGUN = time.monotonic()


def main() -> int:
    """Measure everything; an interruption leaves the last report. Gives the exit status."""
    loads = [os.getloadavg()[0]]
    try:
        say("Ability")
        ability = measure_ability()
        say("Selection")
        selection = measure_selection()
        say("Calibration")
        calibration = measure_calibration()
    except KeyboardInterrupt:
        sys.stderr.write(f"\nStopped; {report.FILE.relative_to(ROOT)} is as it was.\n")
        return 130
    loads.append(os.getloadavg()[0])
    report.PLOT.write_text(report.draw(calibration))
    report.FILE.write_text(report.write(ability, selection, calibration, loads=loads))
    say(f"Wrote {report.FILE.relative_to(ROOT)} and {report.PLOT.relative_to(ROOT)}")
    return 0


def say(what: str) -> None:
    """Tell how far we are."""
    sys.stderr.write(f"{time.monotonic() - BEGUN:4.0f} s  {what}\n")


if __name__ == "__main__":
    sys.exit(main())
