"""Calibration: the items' parameters from everybody's responses."""

from tracker.scoring.calibration.em import fit
from tracker.scoring.calibration.model import Anchors, Calibration, Parameters, People, Prior

__all__ = ["Anchors", "Calibration", "Parameters", "People", "Prior", "fit"]
