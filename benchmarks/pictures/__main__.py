"""`make pictures`: simulate, draw, and write docs/scoring.md from the text in scoring.md."""

import sys
from datetime import date
from pathlib import Path

from benchmarks.pictures import change, honesty, uncertainty
from benchmarks.pictures.world import World
from tracker.config import ROOT

SEED = 20261122
TEXT = Path(__file__).with_name("scoring.md")
FILE = ROOT / "docs" / "scoring.md"
IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """Draw every picture and write the page."""
    say("What is known of an item and of a person")
    pictures = {"scoring-item": uncertainty.draw_item(), "scoring-answers": uncertainty.draw_answers(World(SEED))}
    say("Whether intervals hold what they promise (a minute or two)")
    rows = honesty.measure(SEED)
    pictures |= {"scoring-coverage": honesty.draw_coverage(rows), "scoring-topics": honesty.draw_topics(rows)}
    say("What time does")
    lives = change.simulate(SEED)
    pictures |= {"scoring-year": change.draw_life(lives), "scoring-claims": change.draw_claims(lives)}
    for name, svg in pictures.items():
        (IMAGES / f"{name}.svg").write_text(svg)
    FILE.write_text(page(rows, change.summarised(lives)))


def page(rows: list[honesty.Honesty], changed: change.Change) -> str:
    """The page, its figures filled in."""
    return TEXT.read_text().format(
        day=date.today().isoformat(),  # noqa: DTZ011 -- the day at this machine
        people=honesty.PEOPLE,
        honesty=honesty.table(rows),
        lives=change.PEOPLE,
        months=change.MONTHS,
        items=change.ITEMS,
        reported=f"{changed.reported:.0%}",
        pooled=f"{changed.pooled:.0%}",
        smoothed=f"{changed.smoothed:.0%}",
        claims=changed.claims,
        false_claims=f"{changed.false_claims:.0%}",
    )


def say(text: str) -> None:
    """Tell the person at the terminal what comes next."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
