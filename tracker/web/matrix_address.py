"""How the address of a cohort's page asks for a matrix."""

from collections.abc import Iterator

from flask import request
from wtforms.fields import SelectChoice

from tracker.services import bank
from tracker.services.matrix import Order, Wanted
from tracker.web.cohort_inputs import MatrixInput
from tracker.web.forms import sound
from tracker.web.inputs import ANY

ACTIVE = {"yes": True, "no": False}


def matrix_form() -> MatrixInput:
    """The form to sort and filter by, filled in and checked as the address says."""
    form = MatrixInput(request.args)
    form.skill.choices = [ANY, *_skills()]
    form.validate()
    return form


def wanted_of(form: MatrixInput) -> Wanted:
    """What is asked for; a choice that there is not counts as none. A topic opens its area."""
    sent = sound(form)
    skill = sent.get("skill", "")
    return Wanted(
        area=_area_of_topic(skill) or request.args.get("area", ""),
        order=Order(sent.get("order", Order.NEED)),
        skill=skill,
        at_most=sent.get("at_most", ""),
        is_active=ACTIVE.get(sent.get("active", "")),
        page=max(1, request.args.get("page", 1, type=int)),
    )


def address_of(form: MatrixInput) -> dict[str, str]:
    """What the address asks for, but for the page: for links that keep it."""
    area = request.args.get("area")
    asked = {name: value for name, value in sound(form).items() if name in request.args}
    return asked | ({"area": area} if area else {})


def _area_of_topic(skill: str) -> str:
    """The slug of the area that a topic is in; empty for an area, and for nothing."""
    return next((topic.area_slug for topic in bank.get_roadmap().topics if topic.id == skill), "")


def _skills() -> Iterator[SelectChoice]:
    """Every area and topic, topics under their area."""
    for area in bank.get_roadmap().areas:
        yield SelectChoice(area.slug, area.name)
        for topic in area.topics:
            yield SelectChoice(topic.id, f"{area.name}: {topic.name}")
