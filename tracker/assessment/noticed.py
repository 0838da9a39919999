"""What was noticed of an assigned attempt, for the lead who assigned it: counts, never an answer, never a score."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noticed:
    """How often the pages of one attempt were left and pasted into, and how many answers came when it was over.

    number: which of the attempts allowed it was.
    """

    attempt_id: str
    learner_id: int
    number: int
    left: int
    pasted: int
    late: int = 0

    @property
    def is_anything(self) -> bool:
        return self.left + self.pasted + self.late > 0
