"""Results as JSON: docs/exports.md says what each name means, docs/exports.schema.json which there are."""

import json
from datetime import datetime
from typing import Any

from tracker.formats.results import Cell, Figures, Held, Line, Month, Results, Skill, Work
from tracker.scoring.levels import LEVELS
from tracker.scoring.sight import SeenScore
from tracker.scoring.spread import Spread

FORMAT = 1


def to_json(results: Results) -> bytes:
    """The results as a file of JSON."""
    return json.dumps(to_document(results), ensure_ascii=False, indent=1).encode()


def to_document(results: Results) -> dict[str, Any]:
    """The results as values of JSON: moments in UTC, null for what is not known or not to be seen."""
    return {
        "format": FORMAT,
        "cohort": results.cohort,
        "made_at": _moment(results.made_at),
        "levels": [level.name for level in LEVELS],
        "skills": [_skill(skill, spread) for skill, spread in zip(results.skills, results.spreads, strict=True)],
        "members": [_member(results.skills, line) for line in results.lines],
        "assignments": [_work(work) for work in results.works],
        "group_figures": _figures(results.figures),
    }


def score_values(score: SeenScore) -> dict[str, Any]:
    """What may be seen of a score, by the names that the file and the API have for it."""
    return {
        "level": score.level,
        "lowest_level": score.lowest if score.is_enough else None,
        "highest_level": score.highest if score.is_enough else None,
        "score": score.value,
        "low": score.low,
        "high": score.high,
        "answers": score.responses,
    }


def _skill(skill: Skill, spread: Spread) -> dict[str, Any]:
    return {
        "id": skill.id,
        "name": skill.name,
        "target": skill.target,
        "spread": {"members": spread.members, "levels": spread.levels, "scores": spread.values},
    }


def _member(skills: tuple[Skill, ...], line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "address": line.address,
        "leads_see": line.sees.value,
        "last_answer_at": _moment(line.last_answered),
        "skills": {skill.id: _cell(cell) for skill, cell in zip(skills, line.cells, strict=True)},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        **score_values(cell.score),
        "last_answer_at": _moment(cell.last_answered),
        "against_target": {"direction": cell.gap.direction, "is_sure": cell.gap.is_sure} if cell.gap else None,
    }


def _work(work: Work) -> dict[str, Any]:
    return {
        "name": work.name,
        "opens_at": _moment(work.opens_at),
        "closes_at": _moment(work.closes_at),
        "learners": [
            {"address": one.address, "state": one.state, "finished_at": _moment(one.finished_at)}
            for one in work.learners
        ],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "made_at": _moment(figures.made_at),
        "misconceptions": [_held(one) for one in figures.held],
        "months": [_month(one) for one in figures.months],
    }


def _held(held: Held) -> dict[str, Any]:
    share = held.share
    return {
        "id": held.slug,
        "name": held.name,
        "topic": held.topic,
        "members": share.n,
        "share": share.value,
        "low": share.low,
        "high": share.high,
        "end": share.end,
    }


def _month(month: Month) -> dict[str, Any]:
    point = month.point
    return {
        "area": month.area,
        "last_day": point.last_day.isoformat(),
        "members": point.n,
        "score": point.value,
        "low": point.low,
        "high": point.high,
        "change": point.change,
    }


def _moment(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
