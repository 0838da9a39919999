"""Responses, attempts and a roadmap to score, every field filled."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.roadmap import Area, Resource, Roadmap, Topic
from tracker.scoring.ability import Ability, normal
from tracker.scoring.coverage import SeenLevels
from tracker.scoring.profile import AreaProfile

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
DATA = Path(__file__).parent.parent / "data"

ROADMAP: dict[str, dict[str, tuple[str, ...]]] = {
    "language": {"syntax": (), "data-structures": ("language/syntax",), "oop": ("language/syntax",)},
    "frameworks": {"django": ("language/oop",), "flask": ("language/syntax",), "fastapi": ("language/oop",)},
    "databases": {
        "sqlite": (),
        "sqlalchemy": ("databases/sqlite", "language/oop"),
        "django-orm": ("databases/sqlite", "frameworks/django"),
    },
    "apis": {"json": (), "rest": ("apis/json",), "drf": ("apis/rest", "frameworks/django")},
    "tools": {"git": (), "github": ("tools/git",), "pytest": ()},
}


def reference(name: str) -> Any:
    """A file of published or independently computed numbers; each says where it comes from."""
    return json.loads((DATA / name).read_text())


def a_roadmap() -> Roadmap:
    """Five areas with three topics each."""
    return Roadmap(
        tuple(
            Area(slug=slug, name=slug.title(), description=slug, topics=tuple(_topics(slug, topics)))
            for slug, topics in ROADMAP.items()
        )
    )


def _topics(area_slug: str, topics: dict[str, tuple[str, ...]]) -> Iterable[Topic]:
    for slug, prerequisites in topics.items():
        resources = tuple(
            Resource(title=f"{what} {slug}", url=f"https://docs.example.org/{slug}/{what}", minutes=30)
            for what in ("About", "More-about")
        )
        yield Topic(
            id=f"{area_slug}/{slug}", name=slug, description=slug, prerequisites=prerequisites, resources=resources
        )


def a_response(
    topic_id: str = "language/syntax",
    *,
    mark: float = 1,
    difficulty: int = 3,
    guessing: float = 0.25,
    slug: str = "an-item",
) -> Response:
    """One answered item of a topic."""
    return Response(
        item_id=f"{topic_id}/{slug}",
        item_version="v1",
        topic_id=topic_id,
        answer=("a",),
        mark=mark,
        seconds=20.0,
        difficulty=difficulty,
        guessing=guessing,
    )


def responses(topic_id: str, *, right: int, wrong: int = 0, difficulty: int = 3) -> list[Response]:
    """So many right and then so many wrong answers in a topic."""
    marks = [1.0] * right + [0.0] * wrong
    return [
        a_response(topic_id, mark=mark, difficulty=difficulty, slug=f"item-{number}")
        for number, mark in enumerate(marks)
    ]


def an_attempt(*given: Response, attempt_id: str = "a1", days: float = 0) -> MarkedAttempt:
    """An attempt that ended so many days after noon."""
    return MarkedAttempt(attempt_id=attempt_id, finished_at=NOON + timedelta(days=days), responses=given)


def an_area(slug: str = "language", *, theta: float = 0, sd: float = 0.5, count: int = 20) -> AreaProfile:
    """An area known this well, without topics of its own."""
    return AreaProfile(slug=slug, ability=an_ability(theta, sd), as_of=NOON, responses=count, last_answered=NOON)


def an_ability(theta: float = 0, sd: float = 0.5) -> Ability:
    """A normally distributed ability."""
    return normal(theta, sd)


def seen_by_rank(rows: Sequence[Sequence[int]]) -> SeenLevels:
    """The levels seen of members with these ranks, a row each, every one of them sure."""
    ranks = np.array(rows)
    return SeenLevels(level=ranks, lowest=ranks, highest=ranks, is_known=np.ones(ranks.shape, dtype=bool))
