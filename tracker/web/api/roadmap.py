"""The roadmap: areas, topics, what builds on what, where to learn."""

from flask import Blueprint

from tracker.assessment import roadmap
from tracker.services import bank
from tracker.web.api.operation import operation
from tracker.web.api.problems import PREFIX
from tracker.web.api.schemas_roadmap import Area, Resource, Roadmap, Topic

bp = Blueprint("api_roadmap", __name__, url_prefix=PREFIX)


@bp.get("/roadmap")
@operation(gives=Roadmap)
def show() -> Roadmap:
    """The whole roadmap."""
    return Roadmap(areas=[_area(area) for area in bank.get_roadmap().areas])


@bp.get("/roadmap/topics/<area_slug>/<topic_slug>")
@operation(gives=Topic)
def topic(area_slug: str, topic_slug: str) -> Topic:
    """One topic."""
    return _topic(bank.get_topic(f"{area_slug}/{topic_slug}"))


def _area(area: roadmap.Area) -> Area:
    return Area(
        slug=area.slug,
        name=area.name,
        description=area.description,
        topics=[_topic(topic) for topic in area.topics],
    )


def _topic(topic: roadmap.Topic) -> Topic:
    return Topic(
        id=topic.id,
        name=topic.name,
        description=topic.description,
        prerequisites=list(topic.prerequisites),
        resources=[Resource.model_validate(resource) for resource in topic.resources],
        quiz=bank.topic_assessment_slug(topic.id),
    )
