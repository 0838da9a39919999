"""The roadmap as the API gives it."""

from pydantic import Field

from tracker.web.api.models import Model


class Resource(Model):
    """A page of official documentation to learn from."""

    title: str = Field(examples=["The Python tutorial: Strings"])
    url: str = Field(examples=["https://docs.python.org/3/tutorial/introduction.html#text"])
    minutes: int = Field(description="An honest reading time.", examples=[15])


class Topic(Model):
    """One topic."""

    id: str = Field(description="Its area's slug and its own.", examples=["language/syntax"])
    name: str = Field(examples=["Syntax and expressions"])
    description: str = Field(examples=["Reading Python as it is written."])
    prerequisites: list[str] = Field(description="Ids of the topics it builds on.", examples=[["language/functions"]])
    resources: list[Resource]
    quiz: str = Field(description="The slug of its assessment.", examples=["topic-language-syntax"])


class Area(Model):
    """One area with its topics, in the order people should meet them."""

    slug: str = Field(examples=["language"])
    name: str = Field(examples=["The language"])
    description: str = Field(examples=["Python itself."])
    topics: list[Topic]


class Roadmap(Model):
    """All that can be learned and measured here."""

    areas: list[Area]
