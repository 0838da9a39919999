"""How far a key is proved, by the results that are there."""

from collections.abc import Mapping

import pytest

from tests.builders import a_proof_result
from tracker.assessment.key_state import KeyState, judge_key
from tracker.assessment.proof import CITED, Proof
from tracker.assessment.proof_result import ProofResult, ProofState

RUN = Proof(kind="python", code="value = 1")


def results(**states: ProofState) -> Mapping[str, ProofResult]:
    return {version: a_proof_result(version, state=state) for version, state in states.items()}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, KeyState.UNPROVED),
        ({"a": ProofState.PROVED}, KeyState.UNPROVED),
        ({"a": ProofState.PROVED, "b": ProofState.PROVED}, KeyState.PROVED),
        ({"a": ProofState.PROVED, "b": ProofState.FAILED}, KeyState.FAILED),
        ({"b": ProofState.FAILED}, KeyState.FAILED),
        ({"c": ProofState.FAILED}, KeyState.UNPROVED),
    ],
)
def test_a_family_is_as_far_as_the_variant_that_lags_most(states: dict[str, ProofState], expected: KeyState) -> None:
    assert judge_key(RUN, ["a", "b"], results(**states)) == expected


def test_what_is_cited_needs_no_run_and_cannot_fail() -> None:
    assert judge_key(Proof(kind=CITED, facts=("One.", "Two.")), ["a"], results(a=ProofState.FAILED)) == KeyState.CITED


def test_only_a_proof_that_held_says_on_what() -> None:
    proved_on = {state: results(a=state)["a"].proved_on for state in ProofState}

    assert proved_on == {
        ProofState.PROVED: ("Python 3.11.7", "Django 5.2.19"),
        ProofState.FAILED: (),
        ProofState.CITED: (),
    }
