"""Results as a PDF: how the members are spread over the levels, with charts, and a line for each member."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.config import ROOT
from tracker.formats.code_spans import code_spans
from tracker.formats.columns import ends_in_percent, share_words
from tracker.formats.pdf import make_pdf
from tracker.formats.plain_text import writable
from tracker.formats.results import Results, Skill
from tracker.scoring import strips
from tracker.scoring.levels import LEVELS
from tracker.scoring.sight import SeenScore
from tracker.scoring.spread import LEAST_MEMBERS, Spread
from tracker.scoring.strips import StripChart

STATES = ("finished", "open", "not opened", "late")


@dataclass(frozen=True, slots=True)
class Picture:
    """How the members stand in a skill. counts: how many are at each level; unknown: how many have none yet."""

    skill: Skill
    spread: Spread
    counts: tuple[int, ...]
    unknown: int
    chart: StripChart


def to_pdf(results: Results) -> bytes:
    """The results as a tagged PDF. Raises: PdfUnavailable."""
    return make_pdf(page_of(results))


def page_of(results: Results) -> str:
    """The page that the PDF is made of: nothing in it is loaded from anywhere."""
    page = _pages().get_template("exports/report.html")
    return writable(
        page.render(
            results=results,
            areas=[(at, skill) for at, skill in enumerate(results.skills) if skill.is_area],
            pictures=_pictures(results) if len(results.lines) >= LEAST_MEMBERS else [],
            levels=[level.name for level in LEVELS],
            least=LEAST_MEMBERS,
            states=STATES,
        )
    )


def _pictures(results: Results) -> list[Picture]:
    return [
        _picture(skill, spread, [line.cells[at].score for line in results.lines])
        for at, (skill, spread) in enumerate(zip(results.skills, results.spreads, strict=True))
    ]


def _picture(skill: Skill, spread: Spread, scores: Sequence[SeenScore]) -> Picture:
    counted = Counter(score.level for score in scores)
    return Picture(
        skill=skill,
        spread=spread,
        counts=tuple(counted[level.name] for level in LEVELS),
        unknown=counted[None],
        chart=strips.draw(scores),
    )


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    pages.filters.update(code_spans=code_spans, day=_day, words=share_words, ends=ends_in_percent)
    return pages


def _day(moment: date) -> str:
    return f"{moment.day} {moment:%b %Y}"
