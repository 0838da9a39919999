"""What somebody else sees of a score: the same honesty about its error, in words or in numbers."""

from dataclasses import dataclass

from tracker.assessment.score import Score
from tracker.assessment.sees import Sees
from tracker.scoring.levels import level_of


@dataclass(frozen=True, slots=True)
class SeenScore:
    """A score as a lead sees it: its level, None without enough evidence, and the levels that its interval reaches.

    value, low and high: None where the learner agreed to levels only.
    """

    level: str | None
    lowest: str
    highest: str
    responses: int
    value: int | None = None
    low: int | None = None
    high: int | None = None

    @property
    def is_enough(self) -> bool:
        """Whether there is enough evidence for a level."""
        return self.level is not None


def seen(score: Score, sees: Sees) -> SeenScore:
    """What of a score is seen by who sees that much."""
    words = SeenScore(
        level=score.level, lowest=level_of(score.low), highest=level_of(score.high), responses=score.responses
    )
    if not (score.is_enough and sees.includes(Sees.SCORES)):
        return words
    return SeenScore(words.level, words.lowest, words.highest, score.responses, score.value, score.low, score.high)
