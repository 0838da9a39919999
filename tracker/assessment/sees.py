"""What a cohort's leads see of a member; each sees what the one before it does, and more."""

from enum import StrEnum


class Sees(StrEnum):
    """Levels: the level of each area and topic, in words. Scores: numbers too. Answers: what was answered, too."""

    LEVELS = "levels"
    SCORES = "scores"
    ANSWERS = "answers"

    def includes(self, other: "Sees") -> bool:
        """Whether whoever sees this sees that."""
        order = list(Sees)
        return order.index(self) >= order.index(other)

    def at_most(self, other: "Sees") -> "Sees":
        """The lesser of both."""
        return other if self.includes(other) else self
