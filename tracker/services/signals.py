"""How far an attempt can be trusted: answers faster than reading, and answers that do not fit together.

Signals are told beside the scores; they change neither these nor their intervals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.assessment.attempt import Attempt
from tracker.assessment.family import split_version
from tracker.assessment.item_statistics import Times
from tracker.assessment.parameters import ParameterSet
from tracker.assessment.response import Response
from tracker.scoring.author_prior import item_parameters as parameters_of
from tracker.scoring.statistics.person_fit import LARGEST_P, LEAST_RESPONSES, lz_fit
from tracker.scoring.statistics.rapid_guessing import LEAST_EFFORT, LEAST_EFFORT_FOR_A_SCORE, UNTIL_THEN
from tracker.storage import item_parameters

FEWEST_RAPID = 2
"""One fast answer may be a slip of the finger."""

DOUBTFUL = 1 - LEAST_EFFORT
WORTHLESS = 1 - LEAST_EFFORT_FOR_A_SCORE


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks against taking an attempt's scores at their face value.

    rapid_count of the `answered` items were answered faster than they can be read. fit_p: how seldom answers that fit
    the model are as uneven as these, the smallest area's, times how many areas could be judged; None when none could.
    """

    answered: int
    rapid_count: int
    fit_p: float | None

    @property
    def rapid_share(self) -> float:
        """The share of the answers that came faster than reading; 0 without any answer."""
        return self.rapid_count / self.answered if self.answered else 0.0

    @property
    def is_rapid(self) -> bool:
        return self.rapid_count >= FEWEST_RAPID and self.rapid_share > DOUBTFUL

    @property
    def is_uneven(self) -> bool:
        return self.fit_p is not None and self.fit_p < LARGEST_P

    @property
    def is_provisional(self) -> bool:
        """Whether the scores of this attempt should be shown as provisional."""
        return self.is_rapid or self.is_uneven

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to tell the learner; empty when all is well."""
        told = []
        if self.is_rapid:
            told.append(f"{self.rapid_count} of {self.answered} answers came faster than the questions can be read.")
        if self.is_rapid and self.rapid_share > WORTHLESS:
            told.append("So the scores say little about what you can do and are provisional. Take your time next time.")
        elif self.is_rapid:
            told.append("Treat the scores as provisional.")
        if self.is_uneven:
            told.append(
                "Your answers do not go together as usual: easy questions went wrong while hard ones went right. "
                "Haste or a gap in one subject can do that; treat the scores as provisional."
            )
        return tuple(told)


def attempt_signals(attempt: Attempt, times: Mapping[str, Times]) -> Signals:
    """The signals of a finished attempt; `times` are those of its items, by their files' versions.

    They are computed when looked at, from the parameters that made the attempt's report; the reading times are today's.
    """
    answered = [response for response in attempt.responses if response.answer]
    known = item_parameters.get(attempt.report.parameters) if attempt.report and attempt.report.parameters else None
    scored = [response for response in attempt.responses if response.unscored is None]
    return Signals(
        answered=len(answered),
        rapid_count=sum(_is_rapid(response, times) for response in answered),
        fit_p=_fit_p(scored, known or ParameterSet(), seed=attempt.seed),
    )


def _is_rapid(response: Response, times: Mapping[str, Times]) -> bool:
    known = times.get(split_version(response.item_version)[0])
    return response.seconds < (known.threshold if known else UNTIL_THEN)


def _fit_p(responses: Sequence[Response], known: ParameterSet, *, seed: int) -> float | None:
    """Each area is judged alone, as people may well differ from one to the next; a few answers say nothing.

    lz, for adaptive attempts too: simulated, it calls at most 2 in 100 uneven whatever their ability. The longest run,
    made for adaptive forms, calls 5 to 11 in 100 of the weakest uneven, who guess and happen to guess badly.
    """
    by_area: dict[str, list[Response]] = {}
    for response in responses:
        by_area.setdefault(response.area_slug, []).append(response)
    judged = [area for area in by_area.values() if len(area) >= LEAST_RESPONSES]
    if not judged:
        return None
    return min(1.0, len(judged) * min(_p_of(area, known, seed=seed) for area in judged))


def _p_of(responses: Sequence[Response], known: ParameterSet, *, seed: int) -> float:
    parameters = parameters_of(responses, known)
    everybody = np.zeros(len(responses), dtype=np.int64)
    marks = [response.mark for response in responses]
    fit = lz_fit(everybody, np.arange(len(responses)), marks, **parameters._asdict(), people=1, seed=seed)
    return float(fit.p.high[0])
