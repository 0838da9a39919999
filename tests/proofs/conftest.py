"""The real sandbox, on the libraries in build/prove."""

import pytest

from tracker.proofs.prover import Prover
from tracker.proofs.sandbox import Sandbox


@pytest.fixture(scope="session")
def prover() -> Prover:
    """What proves items; it takes stock once for each test process."""
    return Prover(Sandbox())
