"""Small answers for scripts and programs: JSON where the request asks for data instead of a page."""

from datetime import datetime
from typing import Any

from flask import g, jsonify, request
from werkzeug.wrappers import Response

from tracker.assessment.attempt import Attempt


def wants_data() -> bool:
    """Whether the request understands JSON; what a browser asks for by itself never says so."""
    return "application/json" in request.accept_mimetypes.values()


def is_fragment() -> bool:
    """Whether a part of a page was asked for."""
    return "HX-Request" in request.headers


def clock_reply(attempt: Attempt) -> Response:
    """Where an attempt is and how much time it has: what every change of it is acknowledged with."""
    return jsonify(
        seq=attempt.seq,
        position=attempt.position,
        is_finished=attempt.is_finished,
        now=utc(g.now),
        ends_at=utc(attempt.deadline),
        remaining_seconds=remaining_seconds(attempt),
        limit_seconds=int((attempt.deadline - attempt.started_at).total_seconds()),
        credits=[
            {"seconds": credit.length.total_seconds(), "reason": credit.reason} for credit in attempt.time.credits
        ],
    )


def remaining_seconds(attempt: Attempt) -> int:
    """How much of an attempt's time is left."""
    return max(0, int((attempt.deadline - g.now).total_seconds()))


def problem_reply(status: int, code: str, message: str, **facts: Any) -> Response:
    """What went wrong: a word for programs, a sentence for people, and what a program can use of it."""
    response = jsonify(status=status, error=code, message=message, **facts)
    response.status_code = status
    return response


def utc(moment: datetime) -> str:
    """A moment as machines write it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
