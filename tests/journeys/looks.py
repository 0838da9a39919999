"""How a page looks, at phone and desktop width, in light and dark: pictured, checked by axe, not scrolling sideways."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tracker.config import ROOT

SCREENS = ROOT / "build" / "screens"
WIDTHS = (360, 1280)
HEIGHT = 800
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(part => part.getBoundingClientRect().right > innerWidth + 0.5 && part.checkVisibility())
    .slice(0, 5).map(part => part.outerHTML.slice(0, 200))"""


def find_faults(page: Page, name: str) -> list[str]:
    """Everything wrong with the looks of an open page, one line each; leaves its pictures in the build folder."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=SCREENS / f"{name}-{width}-{scheme}.png", full_page=True)
            faults += [f"{width} {scheme}: {fault}" for fault in find_barriers(page)]
        faults += find_sideways(page)
    return faults


def find_barriers(page: Page) -> list[str]:
    """What axe finds against the page as it is shown, one line a rule and element."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}" for rule in violations for node in rule["nodes"]
    ]


def find_sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways at its width."""
    width = page.evaluate("innerWidth")
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    return [f"{scrolled} px wide at {width} px: {page.evaluate(TOO_WIDE)}"] if scrolled > width else []
