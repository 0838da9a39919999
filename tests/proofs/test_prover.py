"""What a proof's run says about a key."""

import pytest

from tests.builders import a_gap, a_match, a_multiple, a_number, a_single, a_text, an_item, an_order, an_output
from tests.conftest import NOON
from tracker.assessment.item_types import Body
from tracker.assessment.proof import Proof
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.proofs.prover import Prover


def prove(prover: Prover, body: Body, code: str) -> ProofResult:
    """The result of a proof of kind python with this code."""
    return prover.prove(an_item(body=body, proof=Proof("python", code)), now=NOON)


def run_stem(prover: Prover, body: Body, code: str) -> ProofResult:
    """The result of running the stem's code."""
    return prover.prove(an_item(body=body, stem_code=code, proof=Proof("python", runs_stem=True)), now=NOON)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (a_single("abcd", key="b"), "holds = {name: name == 'b' for name in 'abcd'}"),
        (a_single("abcd", key="b"), "works = lambda text: text == 'b'"),
        (a_multiple("abcde", keys="ac"), "holds = {name: name in 'ac' for name in 'abcde'}"),
        (a_number(42), "value = 42.0"),
        (a_text("None"), "value = None"),
        (an_output("1\n2"), "value = '1\\n2\\n'"),
        (a_match({"one": "a", "two": "b"}), "matches = {'one': {'a'}, 'two': ['b']}"),
        (an_order("abc", distractors={"x": "b"}), "works = lambda text: text.split() == ['a', 'b', 'c']"),
    ],
)
def test_what_a_proof_leaves_behind_proves_the_key(body: Body, code: str, prover: Prover) -> None:
    result = prove(prover, body, code)

    assert (result.state, result.doubts) == (ProofState.PROVED, ())
    assert result.at == NOON
    assert result.seconds > 0
    assert result.toolchain == prover.fingerprint


def test_a_gap_is_filled_in_the_stem_for_each_trial(prover: Prover) -> None:
    code = "works = lambda text: text == 'b = next(it)\\n'"

    result = prover.prove(an_item(body=a_gap(), stem_code="GAP1 = GAP2(it)\n", proof=Proof("python", code)), now=NOON)

    assert result.doubts == ()


@pytest.mark.parametrize(
    ("body", "code", "doubt"),
    [
        (a_single("ab", key="b"), "holds = {'a': True, 'b': False}", "Option b is the key and does not hold."),
        (a_single("ab", key="b"), "holds = {'a': True, 'b': True}", "Option a is no key and holds."),
        (a_single("ab", key="b"), "1 / 0", "The proof ends in ZeroDivisionError in line 1: division by zero."),
        (a_single("ab", key="b"), "raise SystemExit", "The proof ends in SystemExit in line 1."),
        (a_single("ab", key="b"), "def f(:", "The proof ends in SyntaxError: invalid syntax (proof.py, line 1)."),
        (
            a_single("ab", key="b"),
            "works = lambda text: {'a': 0}[text]",
            "`works`, called with option b, ends in KeyError in line 1: 'b'.",
        ),
        (a_single("ab", key="b"), "import os\nos._exit(3)", "The proof ends without a result, with exit status 3."),
        (
            a_number(42),
            "answer = 42",
            "The proof leaves none of `holds`, `value`, `matches` and `works` behind.",
        ),
    ],
)
def test_what_does_not_prove_the_key_is_said_in_a_sentence(body: Body, code: str, doubt: str, prover: Prover) -> None:
    result = prove(prover, body, code)

    assert result.state == ProofState.FAILED
    assert doubt in result.doubts
    assert all(len(sentence.splitlines()) == 1 for sentence in result.doubts)


def test_a_long_reason_is_cut(prover: Prover) -> None:
    result = prove(prover, a_number(42), "raise ValueError('so ' * 10_000)")

    assert len(result.doubts[0]) < 400


@pytest.mark.parametrize(
    "code",
    [
        'print(\'{"value": "42"}\')',
        'import os\nfor n in (1, 2): os.write(n, b\'{"value": "42"}\')',
        "import contextlib, os\nfor n in range(1, 99):\n    with contextlib.suppress(OSError):\n"
        '        os.write(n, b\'{"value": "42", "loaded": []}\')\nos._exit(0)',
        "import sys, json\nsys.stderr.write(json.dumps({'value': '42'}))",
    ],
)
def test_a_proof_cannot_pass_by_printing(code: str, prover: Prover) -> None:
    assert prove(prover, a_number(42), code).state == ProofState.FAILED


def test_what_a_proof_prints_does_not_spoil_what_it_shows(prover: Prover) -> None:
    assert prove(prover, a_number(42), "print('}' * 100_000, flush=True)\nvalue = 42").state == ProofState.PROVED


def test_a_child_that_runs_on_to_the_end_has_no_say(prover: Prover) -> None:
    code = "import os\nchild = os.fork()\nvalue = 42 if child else 41\nif child: os.waitpid(child, 0)"

    assert prove(prover, a_number(42), code).state == ProofState.PROVED


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("print(1)\nprint(2)", "1\n2"),
        ("print(1)\nraise KeyError('x')", "1\nKeyError"),
        ("print(1, end='')\nclass Own(Exception): pass\nraise Own", "1\nOwn"),
        ("import sys\nprint(1)\nsys.exit('bad')", "1"),
        ("import atexit\natexit.register(print, 'last')\nprint('first')", "first\nlast"),
        ("import subprocess\nsubprocess.run(['echo', '1'])\nprint(__name__)", "1\n__main__"),
        ("import os\nif not os.fork(): print('child')\nelse: os.wait()", "child"),
        ("print(input())", "EOFError"),
    ],
)
def test_a_stem_shows_what_the_interpreter_would_show(code: str, printed: str, prover: Prover) -> None:
    assert run_stem(prover, an_output(printed), code).doubts == ()


def test_a_stem_that_prints_something_else_proves_nothing(prover: Prover) -> None:
    result = run_stem(prover, an_output("1"), "print(2)")

    assert result.state == ProofState.FAILED
    assert len(result.doubts) == 1


def test_a_proof_runs_as_a_script_would_in_an_empty_folder(prover: Prover) -> None:
    code = """
import inspect, os, pickle, sys
class Here: pass
value = (
    __name__, os.listdir(), len(sys.argv), type(pickle.loads(pickle.dumps(Here()))) is Here,
    inspect.getsource(Here), sys.modules["__main__"].Here is Here, sys.stdin.read(), "tracker" in sys.path[0],
)
"""
    expected = "('__main__', [], 1, True, 'class Here: pass\\n', True, '', False)"

    assert prove(prover, a_text(expected, case_sensitive=True), code).doubts == ()
