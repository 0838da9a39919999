"""How it logs: as text for a terminal, or as one JSON object a line for a program.

No line holds what people send. So of an exception a JSON line names its class and where it was raised, not its message,
which may quote an answer or an address; at a terminal the message is there.
"""

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

GRANIAN = ("_granian", "granian.access")
MOST_FRAMES = 30
MOST_CAUSES = 5

requests = logging.getLogger("skillmark.requests")
launcher = logging.getLogger("skillmark.launcher")


def init(*, is_json: bool) -> None:
    """Log to the standard error: warnings as text, or everything worth a line as JSON."""
    if not is_json:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in ("alembic", "pymongo", "fontTools", "weasyprint"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in GRANIAN:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def say(text: str) -> None:
    """Tell whoever started us how things go, in lines of their own or of the log."""
    if launcher.isEnabledFor(logging.INFO):
        launcher.info(text)
    else:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def formatter() -> logging.Formatter:
    """Makes one JSON object a line of whatever is logged, with what is known of the request."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _name_logger,
        _without_message,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.EventRenamer("event"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _name_logger(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["logger"] = event["_record"].name
    return event


def _without_message(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say of an exception, and of what it came from, its class and where it was raised."""
    raised: Any = event.pop("exc_info", None)
    if raised:
        event["error"] = told(raised[1])
    return event


def told(error: BaseException) -> list[dict[str, Any]]:
    """An exception and those it came from, newest first: their classes and frames, without their messages."""
    said: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current and len(said) < MOST_CAUSES:
        frames = traceback.extract_tb(current.__traceback__)[-MOST_FRAMES:]
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        said.append({"type": type(current).__qualname__, "frames": places})
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return said
