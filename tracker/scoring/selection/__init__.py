"""Adaptive selection: which item to give next, and when to stop.

A `Bank` says what there is, `Quotas` what a test must cover, a `Turn` where one person stands in it. A `Selector`
chooses the next item of a turn and says which rule, if any, ends the test. Pure: randomness is a generator passed in,
how often items were given an array.
"""

from tracker.assessment.attempt import Stop
from tracker.scoring.selection.bank import Bank
from tracker.scoring.selection.content import Quotas, even_quotas
from tracker.scoring.selection.exposure import exposure_rates
from tracker.scoring.selection.ranking import Candidate
from tracker.scoring.selection.selector import Choice, Selector, Turn
from tracker.scoring.selection.simulation import Simulation, simulate
from tracker.scoring.selection.stopping import StopRules

__all__ = [
    "Bank",
    "Candidate",
    "Choice",
    "Quotas",
    "Selector",
    "Simulation",
    "Stop",
    "StopRules",
    "Turn",
    "even_quotas",
    "exposure_rates",
    "simulate",
]
