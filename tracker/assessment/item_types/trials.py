"""What a proof's function `works` said to each of an item's trials."""

from collections.abc import Sequence

from tracker.assessment.proof import Trial


def doubts_about_works(trials: Sequence[Trial], works: Sequence[bool]) -> tuple[str, ...]:
    """A sentence for each trial whose outcome is not as it must be."""
    if not trials or len(works) != len(trials):
        return (f"`works` was called {len(works)} times, this item has {len(trials)} texts to call it with.",)
    return tuple(
        f"`works` is {bool(outcome)} for {trial.name}."
        for trial, outcome in zip(trials, works, strict=True)
        if bool(outcome) != trial.is_right
    )
