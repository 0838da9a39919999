"""Lengths of time on a command line: 2s, 500ms, 1m."""

import re
from datetime import timedelta

import click

UNITS = {"ms": timedelta(milliseconds=1), "s": timedelta(seconds=1), "m": timedelta(minutes=1)}
WRITTEN = re.compile(rf"(\d{{1,6}})({'|'.join(UNITS)})")


class Duration(click.ParamType[timedelta]):
    """A whole number above 0 with its unit."""

    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The length. Fails when it is written otherwise."""
        if isinstance(value, timedelta):
            return value
        written = WRITTEN.fullmatch(value)
        if not written or not int(written[1]):
            self.fail(f"{value} is no length of time; write one as 2s, 500ms or 1m.", param, ctx)
        return int(written[1]) * UNITS[written[2]]
