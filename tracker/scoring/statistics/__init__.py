"""What is known of items and people beside their parameters: does each behave as it should?

Every statistic comes with its n and 95 % interval (`Estimate`); every result has `flags()`, raised only where n is
enough and the whole interval lies outside the good zone.
"""

from tracker.scoring.statistics.classical import Classical, classical
from tracker.scoring.statistics.distractors import Distractors, distractors
from tracker.scoring.statistics.drift import Drift, Leaks, drift, leaks
from tracker.scoring.statistics.estimate import Estimate
from tracker.scoring.statistics.flags import Flag
from tracker.scoring.statistics.groups import ability_strata
from tracker.scoring.statistics.item_fit import ItemFit, fit_by_ability, s_x2
from tracker.scoring.statistics.logistic_dif import LogisticDif, logistic_dif
from tracker.scoring.statistics.mantel_haenszel import MantelHaenszel, mantel_haenszel
from tracker.scoring.statistics.person_fit import PersonFit, cusum_fit, lz, lz_fit
from tracker.scoring.statistics.predicted import Predicted, leave_one_out, one_step_ahead
from tracker.scoring.statistics.rapid_guessing import RapidGuessing, rapid_guessing
from tracker.scoring.statistics.residuals import Residuals, residuals

__all__ = [
    "Classical",
    "Distractors",
    "Drift",
    "Estimate",
    "Flag",
    "ItemFit",
    "Leaks",
    "LogisticDif",
    "MantelHaenszel",
    "PersonFit",
    "Predicted",
    "RapidGuessing",
    "Residuals",
    "ability_strata",
    "classical",
    "cusum_fit",
    "distractors",
    "drift",
    "fit_by_ability",
    "leaks",
    "leave_one_out",
    "logistic_dif",
    "lz",
    "lz_fit",
    "mantel_haenszel",
    "one_step_ahead",
    "rapid_guessing",
    "residuals",
    "s_x2",
]
