"""What practice can be asked for."""

from tracker.assessment.practice_scope import find_scope, topic_scope_slug
from tracker.assessment.roadmap import Area, Roadmap, Topic


def an_area(slug: str, *topics: str) -> Area:
    return Area(slug, slug, "", tuple(Topic(f"{slug}/{topic}", topic, "", (), ()) for topic in topics))


ROADMAP = Roadmap((an_area("language", "syntax", "oop"), an_area("tools", "git")))


def slugs_of(slug: str) -> set[str]:
    scope = find_scope(ROADMAP, slug)
    assert scope
    assert scope.slug == slug
    return set(scope.topic_ids)


def test_a_topic_an_area_and_what_is_due_can_be_asked_for() -> None:
    assert slugs_of(topic_scope_slug("language/oop")) == {"language/oop"}
    assert slugs_of("language") == {"language/syntax", "language/oop"}
    assert slugs_of("due") == {"language/syntax", "language/oop", "tools/git"}


def test_only_what_is_due_asks_for_nothing_new() -> None:
    scopes = [find_scope(ROADMAP, slug) for slug in ("due", "language", "topic-tools-git")]
    assert [scope.is_due_only for scope in scopes if scope] == [True, False, False]


def test_anything_else_is_nothing() -> None:
    assert [find_scope(ROADMAP, slug) for slug in ("", "topic-language", "oop", "language/oop")] == [None] * 4
