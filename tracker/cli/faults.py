"""What goes wrong in a command, told in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from tracker.errors import TrackerError


@contextmanager
def told() -> Iterator[None]:
    """Ends a command with the sentence of a TrackerError instead of a traceback."""
    try:
        yield
    except TrackerError as error:
        raise click.ClickException(str(error)) from None
