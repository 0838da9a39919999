"""How a page looks: pictured at phone and desktop width in light and dark, and everything wrong with it found.

Looked for: barriers that axe knows, invalid HTML, pages wider than their screen (also with the largest text), and
targets too small for a finger.
"""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.validity import find_invalid
from tracker.config import ROOT

SCREENS = ROOT / "build" / "screens"
WIDTHS = (360, 1280)
HEIGHT = 800
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TARGET = 44
LARGEST = "text => { document.documentElement.dataset.text = text; }"
AXE = Axe().axe_script
BARRIERS = """() => axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.flatMap(
    ({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 200)}: ${node.failureSummary}`)))"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(part => part.getBoundingClientRect().right > innerWidth + 0.5 && part.checkVisibility())
    .slice(0, 5).map(part => part.outerHTML.slice(0, 200))"""
TOO_SMALL = """least => {
    const isInText = part => getComputedStyle(part).display === "inline" &&
        [...part.parentElement.childNodes].some(node => node !== part && node.textContent.trim());
    const boxes = part => [part, ...part.labels ?? []].map(one => one.getBoundingClientRect());
    const size = (part, side) => Math.max(...boxes(part).map(box => box[side]));
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter(part => part.checkVisibility({ visibilityProperty: true }) && !part.closest("[inert]"))
        .filter(part => !isInText(part) && Math.min(size(part, "width"), size(part, "height")) < least - 0.5)
        .map(part => `${size(part, "width")} x ${size(part, "height")}: ${part.outerHTML.slice(0, 200)}`);
}"""
"""Links in running text are left out, as in WCAG 2.5.8; all else is as large as 2.5.5 asks, labels included."""


def find_faults(page: Page, name: str) -> list[str]:
    """Everything wrong with an open page, one line each; leaves its pictures in the build folder."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    faults = find_invalid(_source(page))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=SCREENS / f"{name}-{width}-{scheme}.png", full_page=True)
            faults += [f"{width} {scheme}: {fault}" for fault in find_barriers(page)]
        faults += find_sideways(page)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    faults += [f"smaller than {TARGET} px: {fault}" for fault in page.evaluate(TOO_SMALL, TARGET)]
    return faults + find_sideways_when_largest(page)


def find_barriers(page: Page) -> list[str]:
    """What axe finds against the page as it is shown, one line a rule and element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate(BARRIERS))


def find_sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways at its width."""
    width = page.evaluate("innerWidth")
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    return [f"{scrolled} px wide at {width} px: {page.evaluate(TOO_WIDE)}"] if scrolled > width else []


def find_sideways_when_largest(page: Page) -> list[str]:
    """What makes the page scroll sideways at its width when the reader wants the largest text."""
    page.evaluate(LARGEST, "largest")
    faults = [f"largest text: {fault}" for fault in find_sideways(page)]
    page.evaluate(LARGEST, "system")
    return faults


def _source(page: Page) -> str:
    """What the server sends for the page's address, before any script."""
    return page.request.get(page.url, headers={"Accept": "text/html"}).text()
