"""What can be taken, as the API gives it."""

from pydantic import Field

from tracker.web.api.models import Model, Moment
from tracker.web.api.paging import Page


class Assessment(Model):
    """Something to take, and where you stand with it."""

    slug: str = Field(examples=["language"])
    name: str = Field(examples=["The language"])
    description: str = Field(examples=["Python itself."])
    areas: list[str] = Field(description="Slugs of the areas it covers.", examples=[["language"]])
    topics: list[str] = Field(description="Ids of the topics it covers.", examples=[["language/syntax"]])
    is_adaptive: bool = Field(description="Whether your answers choose what is asked next.", examples=[False])
    item_count: int = Field(description="How many questions it asks; an adaptive one, at most.", examples=[12])
    limit_seconds: int = Field(
        description="How long an attempt takes at most, your extra time included.", examples=[1200]
    )
    open_attempt: str | None = Field(description="The id of your attempt that is open.", examples=[None])
    opens_at: Moment | None = Field(description="When you can take it again; null: now.", examples=[None])


class Assessments(Page):
    """Some of what can be taken."""

    assessments: list[Assessment]
