"""`flask bank …`"""

from collections import Counter

import click
from flask.cli import AppGroup

from tracker.services import bank

group = AppGroup("bank", help="The question bank.")


@group.command("check")
def check() -> None:
    """Read the whole bank; the app, and so this command, stops with every fault it has."""
    counts = bank.count_items()
    per_area = Counter[str]()
    for topic_id, count in counts.items():
        per_area[topic_id.partition("/")[0]] += count
    for area in bank.get_roadmap().areas:
        click.echo(f"{area.name}: {per_area[area.slug]} items on {len(area.topics)} topics")
    click.echo(f"The bank is sound: {sum(counts.values())} items on {len(counts)} topics.")
