"""The columns of a skill in a table: the same in CSV and XLSX, each with what it means."""

from datetime import datetime
from typing import NamedTuple

from tracker.assessment.group_figures import Share
from tracker.formats.results import Cell, Skill
from tracker.scoring.target_gap import Gap

NOT_ENOUGH = "not enough evidence yet"
NOT_ASKED = "not asked yet"

Value = str | int | datetime | None


class Column(NamedTuple):
    """A column's title, and what it means."""

    title: str
    meaning: str


SKILL_COLUMNS = (
    Column("level", "The level that the score has reached."),
    Column("lowest level", "The level at the lower end of the 90 % interval."),
    Column("highest level", "The level at the upper end of the 90 % interval."),
    Column("score", "500 is the middle of the reference population, 100 its standard deviation."),
    Column("low", "The lower end of the score's 90 % interval."),
    Column("high", "The upper end of the score's 90 % interval."),
    Column("answers", "On how many answers it rests: the fewer, the wider the interval."),
    Column("last answer (UTC)", "When the last of them was given."),
    Column("target", "The level that the cohort's members are to reach."),
    Column("against target", "Whether the level is below, at or above the target; sure: the whole interval says so."),
)


def values(skill: Skill, cell: Cell) -> tuple[Value, ...]:
    """What stands in a skill's columns for one member; None is an empty cell."""
    score = cell.score
    if not score.is_enough:
        words = NOT_ENOUGH if score.responses or skill.is_area else NOT_ASKED
        return (words, None, None, None, None, None, score.responses, cell.last_answered, skill.target, None)
    return (
        score.level,
        score.lowest,
        score.highest,
        score.value,
        score.low,
        score.high,
        score.responses,
        cell.last_answered,
        skill.target,
        against_target(cell.gap),
    )


def against_target(gap: Gap | None) -> str | None:
    """How a level stands to its target, in words."""
    return f"{gap.direction}, {'sure' if gap.is_sure else 'not sure'}" if gap else None


def share_words(share: Share) -> int | str:
    """A share in whole percent; in words where it would tell of one person."""
    if share.value is not None:
        return round(100 * share.value)
    return {"few": f"at most one of {share.n}", "most": f"all but at most one of {share.n}"}.get(
        share.end or "", "not told"
    )


def ends_in_percent(share: Share) -> tuple[int, int]:
    """The ends of a share's interval in whole percent."""
    return round(100 * share.low), round(100 * share.high)
