"""What can be taken and learned: the bank, as pages need it."""

from tracker.assessment import blueprint
from tracker.assessment.blueprint import Assessment
from tracker.assessment.roadmap import Area, Roadmap, Topic
from tracker.errors import NotFound
from tracker.storage.question_bank import get_bank


def get_roadmap() -> Roadmap:
    """The roadmap of the running app."""
    return get_bank().roadmap


def get_topic(topic_id: str) -> Topic:
    """The topic with this id. Raises: NotFound."""
    topic = get_bank().roadmap.find_topic(topic_id)
    if topic is None:
        raise NotFound
    return topic


def list_all() -> list[Assessment]:
    """Everything that can be taken: the fixed forms, then what is adaptive, each the widest first."""
    bank = get_bank()
    return [*bank.assessments.values(), *bank.adaptive.values()]


def list_assessments() -> tuple[Assessment, ...]:
    """Everything that can be taken as a fixed form, the widest first."""
    return tuple(get_bank().assessments.values())


def list_by_areas() -> list[tuple[Assessment, list[Assessment]]]:
    """What covers whole areas, the widest first: each adaptive assessment with the fixed forms of the same areas."""
    fixed = list_assessments()
    adaptive = [assessment for assessment in get_bank().adaptive.values() if assessment.topic_id is None]
    beside = [(one, [form for form in fixed if form.area_slugs == one.area_slugs]) for one in adaptive]
    alone = [form for form in fixed if not any(form in forms for _, forms in beside)]
    return sorted([*beside, *((form, []) for form in alone)], key=lambda pair: -len(pair[0].area_slugs))


def list_topic_quizzes() -> list[tuple[Area, list[Assessment]]]:
    """The quiz of each topic, area by area."""
    bank = get_bank()
    return [
        (area, [bank.assessment(topic_assessment_slug(topic.id)) for topic in area.topics])
        for area in bank.roadmap.areas
    ]


def get_assessment(slug: str) -> Assessment:
    """The assessment with this slug. Raises: NotFound."""
    return get_bank().assessment(slug)


def find_assessment(slug: str) -> Assessment | None:
    """The assessment with this slug, if the bank still has it."""
    bank = get_bank()
    return bank.assessments.get(slug) or bank.adaptive.get(slug)


def list_covered(assessment: Assessment) -> list[tuple[Area, list[Topic]]]:
    """The topics that an assessment covers, area by area."""
    roadmap = get_bank().roadmap
    topics = [roadmap.topic(topic_id) for topic_id in assessment.topic_ids(roadmap)]
    areas = [roadmap.area(slug) for slug in assessment.area_slugs]
    return [(area, [topic for topic in topics if topic.area_slug == area.slug]) for area in areas]


def topic_assessment_slug(topic_id: str) -> str:
    """The slug of a topic's quiz, which is adaptive."""
    return blueprint.topic_assessment_slug(topic_id)
