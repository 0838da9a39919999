"""How far a key is proved, by the results that one installation has."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from tracker.assessment.proof import Proof
from tracker.assessment.proof_result import ProofResult, ProofState


class KeyState(StrEnum):
    """Unproved: its proof was not run here as it is now."""

    PROVED = "proved"
    FAILED = "failed"
    CITED = "cited"
    UNPROVED = "unproved"


def judge_key(proof: Proof, versions: Collection[str], results: Mapping[str, ProofResult]) -> KeyState:
    """How far the key of an item, or of a family's variants with these versions, is proved by results by version.

    A family is as far as the variant that lags most.
    """
    if not proof.is_executed:
        return KeyState.CITED
    known = [results[version].state for version in versions if version in results]
    if ProofState.FAILED in known:
        return KeyState.FAILED
    return KeyState.PROVED if len(known) == len(versions) else KeyState.UNPROVED
