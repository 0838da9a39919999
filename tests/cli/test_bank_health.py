"""`flask bank health`, `flag` and `keep`."""

from flask import Flask

from tests.services.crowd import LEAKED, MISKEYED, area_items, calibrate, fill
from tests.web.stored import everything
from tracker.storage import item_reviews, item_statistics
from tracker.storage.question_bank import get_bank


def run(app: Flask, *args: str) -> tuple[int, str]:
    """The exit code and what is printed."""
    result = app.test_cli_runner().invoke(args=["bank", *args])
    return result.exit_code, result.output


def test_without_answers_health_says_so_and_fails_nothing(small_app: Flask) -> None:
    code, output = run(small_app, "health")

    assert code == 0
    assert output.splitlines()[-1] == "all: 0 items, 0 answers, 0 findings, 0 alarmed"


def test_health_prints_a_line_a_finding_and_one_a_topic_and_keeps_the_statistics(small_app: Flask) -> None:
    calibrate(area_items())
    fill(300, miskeyed=MISKEYED)
    before = everything(but="item_statistics")

    code, output = run(small_app, "health")

    assert code == 0
    (alarm,) = [line for line in output.splitlines() if "miskey alarm" in line]
    assert alarm.startswith(f"{MISKEYED}: miskey alarm (a): 0.")
    assert "limit 0.00, 300 answers" in alarm
    assert output.splitlines()[-3].startswith("language/oop: 2 items, 600 answers, ")
    assert output.splitlines()[-2].startswith("language/syntax: 8 items, 2400 answers, ")
    assert output.splitlines()[-1].endswith(" findings, 1 alarmed")
    assert item_statistics.find(MISKEYED) is not None
    assert everything(but="item_statistics") == before, "without --flag nothing is decided"


def test_health_flags_what_is_alarmed_when_it_is_asked_to(small_app: Flask) -> None:
    calibrate(area_items())
    fill(300, miskeyed=MISKEYED, leaked=LEAKED)

    _, output = run(small_app, "health", "--flag")
    assert output.splitlines()[-2:] == [f"under review: {LEAKED}: leaked", f"under review: {MISKEYED}: miskey alarm"]

    _, again = run(small_app, "health", "--flag")
    assert "under review" not in again


def test_flag_and_keep_decide_and_say_what_follows(small_app: Flask) -> None:
    code, output = run(small_app, "flag", MISKEYED, "--because", "It looks odd.")
    assert code == 0
    assert f"{MISKEYED} is under review." in output
    assert f"flask bank keep {MISKEYED}" in output
    assert f"question_bank/items/{MISKEYED}.toml" in output

    code, output = run(small_app, "keep", MISKEYED, "--because", "It is fine.")
    assert code == 0
    assert "counts again" in output
    review = item_reviews.find(get_bank().items[MISKEYED].version)
    assert review is not None
    assert [(one.state, one.by) for one in review.decisions] == [
        ("under review", "the command line"),
        ("kept", "the command line"),
    ]


def test_what_cannot_be_decided_fails_in_a_sentence(small_app: Flask) -> None:
    code, output = run(small_app, "flag", "language/syntax/unknown", "--because", "?")
    assert (code, output) == (1, "Error: There is no item language/syntax/unknown.\n")

    code, output = run(small_app, "keep", MISKEYED, "--because", "?")
    assert (code, output) == (1, f"Error: {MISKEYED} is not under review: its answers count.\n")

    code, _ = run(small_app, "flag", MISKEYED)
    assert code == 2, "without a reason"
