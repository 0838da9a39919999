"""What a browser calls itself, in plain words."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What an agent's text holds, and whose it is; who pretends to be another comes before that one."""

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
LONGEST = 40


def browser_name(agent: str) -> str:
    """The browser and where it runs, as "Firefox on Windows"; what it is not known for, as it calls itself."""
    browser = _named(agent, BROWSERS)
    system = _named(agent, SYSTEMS)
    if browser and system:
        return f"{browser} on {system}"
    return browser or agent[:LONGEST] or "An unknown browser"


def _named(agent: str, names: tuple[tuple[str, str], ...]) -> str | None:
    return next((name for sign, name in names if sign in agent), None)
