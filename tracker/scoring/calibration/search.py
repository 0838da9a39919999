"""The way to the maximum: EM steps, every third lengthened by what the two before it did (SQUAREM).

Nothing is carried from one round to the next but the parameters, so that a search that goes on from where another
was interrupted takes the same way.
Source: Varadhan & Roland (2008), Scandinavian Journal of Statistics 35, 335-353, scheme S3.
"""

from dataclasses import dataclass

import numpy as np

from tracker.scoring import grid
from tracker.scoring.calibration.expectation import EStep, expect, log_table
from tracker.scoring.calibration.maximisation import Model, State, maximise
from tracker.scoring.calibration.responses import Blocks
from tracker.scoring.irt import FloatArray


@dataclass(slots=True)
class Search:
    """A search for the maximum of one model's likelihood or posterior; counts its E-steps."""

    model: Model
    blocks: Blocks
    points: FloatArray
    tolerance: float
    e_steps: int = 0

    def expect(self, state: State) -> EStep:
        """The E-step at these parameters."""
        self.e_steps += 1
        weights = grid.normalised(grid.log_normal(self.points, state.mean, state.sd))
        table = log_table(self.points, state.a, state.d, self.model.c)
        return expect(self.blocks, self.points, np.log(weights), table)

    def round(self, state: State) -> tuple[State, float, bool]:
        """Up to three EM steps.

        Returns: the parameters, the log-likelihood before the last step, and whether that step changed little.
        """
        first, step = self._step(state)
        if self._is_near(state, first):
            return first, step.log_likelihood, True
        second, step = self._step(first)
        if self._is_near(first, second):
            return second, step.log_likelihood, True
        far = _extrapolated(state, first, second)
        if self.model.rules_out(far):
            return second, step.log_likelihood, False
        third, far_step = self._step(far)
        if not self._height(far, far_step) >= self._height(first, step):
            return second, step.log_likelihood, False
        return third, far_step.log_likelihood, self._is_near(far, third)

    def _step(self, state: State) -> tuple[State, EStep]:
        step = self.expect(state)
        return maximise(state, self.model, step), step

    def _height(self, state: State, step: EStep) -> float:
        return step.log_likelihood + self.model.log_prior(state)

    def _is_near(self, one: State, other: State) -> bool:
        return bool(np.abs(_vector(one) - _vector(other)).max() < self.tolerance)


def _extrapolated(start: State, first: State, second: State) -> State:
    x, y, z = (_vector(state) for state in (start, first, second))
    change, bend = y - x, z - 2 * y + x
    length = max(1.0, float(np.linalg.norm(change) / np.linalg.norm(bend)))
    a_and_d, (mean, log_sd) = np.split(x + 2 * length * change + length**2 * bend, [-2])
    a, d = np.split(a_and_d, 2)
    return State(a=a, d=d, mean=float(mean), sd=float(np.exp(log_sd)))


def _vector(state: State) -> FloatArray:
    return np.concatenate((state.a, state.d, (state.mean, np.log(state.sd))))
