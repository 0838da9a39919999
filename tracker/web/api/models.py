"""What the API's models have in common: typed values that are JSON, each field with an example."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from tracker.web.replies import utc

Moment = Annotated[
    datetime,
    PlainSerializer(utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-02T12:00:00.000Z"]}),
]
"""A moment in UTC, to the millisecond."""


class Model(BaseModel):
    """Something that the API gives. `passing`: the fields that time alone changes, which no ETag tells of."""

    model_config = ConfigDict(from_attributes=True)
    passing: ClassVar[frozenset[str]] = frozenset()


@cache
def passing_of(model: type[BaseModel]) -> dict[str, Any]:
    """What to leave out of a model, and of those within it, to have what lasts: as `model_dump_json` excludes it."""
    found: dict[str, Any] = dict.fromkeys(getattr(model, "passing", ()), True)
    for name, field in model.model_fields.items():
        inner = _find_model(field.annotation)
        if inner and (within := passing_of(inner)):
            found[name] = {"__all__": within} if _is_list(field.annotation) else within
    return found


class Input(BaseModel):
    """Something that the API takes: exactly these fields, a query's as text, a body's with the types of JSON."""

    model_config = ConfigDict(extra="forbid")


def example_of(model: type[BaseModel]) -> dict[str, Any]:
    """A model's example, of the examples of its fields; what has none, and may be absent, is left out."""
    found = {}
    for name, field in model.model_fields.items():
        if field.examples:
            found[name] = field.examples[0]
        elif inner := _find_model(field.annotation):
            one = example_of(inner)
            found[name] = [one] if _is_list(field.annotation) else one
        elif field.is_required():
            found[name] = _plain_example(field.annotation)
    return found


def _find_model(annotation: Any) -> type[BaseModel] | None:
    """The model in `Model`, `list[Model]` or `Model | None`."""
    candidates = (annotation, *get_args(annotation))
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)), None)


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is list


def _plain_example(annotation: Any) -> Any:
    """An example of a moment; null where there may be nothing."""
    return "2026-11-02T12:00:00.000Z" if annotation is datetime else None
