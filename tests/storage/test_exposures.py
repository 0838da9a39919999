"""How often adaptive attempts gave each item."""

from flask import Flask

from tracker.storage import exposures


def test_before_any_attempt_nothing_is_counted(app: Flask) -> None:
    assert not exposures.get().attempts
    assert exposures.get().given["0123"] == 0


def test_each_attempt_counts_once_for_its_topics_and_its_items(app: Flask) -> None:
    exposures.count(topic_ids=["language/oop", "tools/git"], file_versions=["0123", "4567"])
    exposures.count(topic_ids=["tools/git"], file_versions=["4567"])

    counted = exposures.get()
    assert counted.attempts == {"language/oop": 1, "tools/git": 2}
    assert counted.given == {"0123": 1, "4567": 2}
