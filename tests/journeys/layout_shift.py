"""What moves on a page under its reader: the browser's own layout-shift entries.

The browser marks what moves within half a second after a key or a click as asked for; here nothing is excused by that.
What stands below the question of an attempt is left out: it moves with the question's length, and nobody reads there.
"""

from playwright.sync_api import Page

WATCH = """
window.shifts = [];
const isBelow = node => Boolean((node?.closest ? node : node?.parentElement)?.closest("#item ~ *, .site-footer"));
const inWords = node => (node?.outerHTML ?? node?.textContent ?? "gone").slice(0, 120);
const note = list => shifts.push(...list.flatMap(({ value, sources }) => sources
    .filter(({ node }) => !isBelow(node)).map(({ node }) => `${value.toFixed(5)}: ${inWords(node)}`)));
window.shiftObserver = new PerformanceObserver(list => note(list.getEntries()));
shiftObserver.observe({ type: "layout-shift", buffered: true });
window.takeShifts = () => { note(shiftObserver.takeRecords()); return shifts; };
"""


def watch_shifts(page: Page) -> None:
    """Watch every page that is opened from now on."""
    page.add_init_script(WATCH)


def find_shifts(page: Page) -> list[str]:
    """What has moved since the page was opened, with how much each counts in the browser's measure."""
    page.screenshot()  # two frames: what moved in the last one is known after the next
    page.screenshot()
    return list(page.evaluate("takeShifts()"))
