"""Looking, from outside, at what runs in sandboxes: processes are known by a word in their command lines."""

import uuid

import psutil

from tests.launcher import eventually


def a_word() -> str:
    """A word that stands in no other command line."""
    return f"proof-{uuid.uuid4().hex}"


def count_processes(word: str) -> int:
    """How many processes have this word in their command lines."""
    return sum(word in " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))


def wait_until_running(word: str) -> None:
    """Wait for the first process with this word."""
    assert eventually(lambda: count_processes(word) > 0), f"nothing with {word} was started"


def wait_until_gone(word: str) -> None:
    """Wait for the end of all processes with this word."""
    assert eventually(lambda: count_processes(word) == 0), f"something with {word} was left behind"
