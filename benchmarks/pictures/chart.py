"""A small line chart as SVG: enough for the pictures of the documents, nothing that needs a library."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 470, 16, 284
COLOURS = ("#1f4e9c", "#c1440e", "#2a9d8f", "#7a4fa3")
GREY = "#666"

Points = Sequence[tuple[float, float]]


@dataclass
class Chart:
    """A chart whose axes run from the first to the last of their ticks; marks are drawn in the order they are added."""

    title: str
    x_name: str
    y_name: str
    x_ticks: Sequence[float]
    y_ticks: Sequence[float]
    x_text: Callable[[float], str] = "{:g}".format
    y_text: Callable[[float], str] = "{:g}".format
    marks: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)

    def line(self, points: Points, colour: str, name: str = "", *, dash: str = "") -> None:
        """A line through these points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.marks.append(f'<path d="{self._path(points)}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')
        self._note(name, colour)

    def band(self, low: Points, high: Points, colour: str, name: str = "") -> None:
        """The area between two lines."""
        outline = self._path([*low, *reversed(high)])
        self.marks.append(f'<path d="{outline} Z" fill="{colour}" fill-opacity=".18"/>')
        self._note(name, colour)

    def dots(self, points: Points, colour: str, name: str = "") -> None:
        """A dot at each of these points."""
        self.marks += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in map(self._place, points)]
        self._note(name, colour)

    def spans(self, spans: Iterable[tuple[float, float, float]], colour: str) -> None:
        """At each x an upright line from a low to a high y."""
        for x, low, high in spans:
            path = self._path([(x, low), (x, high)])
            self.marks.append(f'<path d="{path}" stroke="{colour}" stroke-width="1.5"/>')

    def svg(self) -> str:
        """The whole drawing."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
                f'font-size="12" role="img" aria-label="{escape(self.title)}">',
                f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
                *self._grid(),
                *self.marks,
                *self._legend(),
                "</svg>\n",
            ]
        )

    def _grid(self) -> Iterable[str]:
        for tick in self.x_ticks:
            x, _ = self._place((tick, self.y_ticks[0]))
            yield f'<path d="M {x},{TOP} V {BOTTOM}" stroke="#ddd"/>'
            yield f'<text x="{x}" y="{BOTTOM + 18}" text-anchor="middle">{self.x_text(tick)}</text>'
        for tick in self.y_ticks:
            _, y = self._place((self.x_ticks[0], tick))
            yield f'<path d="M {LEFT},{y} H {RIGHT}" stroke="#ddd"/>'
            yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{self.y_text(tick)}</text>'
        yield f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 40}" text-anchor="middle">{escape(self.x_name)}</text>'
        middle = (TOP + BOTTOM) / 2
        yield (
            f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">'
            f"{escape(self.y_name)}</text>"
        )

    def _legend(self) -> Iterable[str]:
        for row, (name, colour) in enumerate(self.names):
            y = TOP + 10 + 20 * row
            yield f'<rect x="{RIGHT + 12}" y="{y - 8}" width="10" height="10" fill="{colour}"/>'
            yield f'<text x="{RIGHT + 27}" y="{y + 1}">{escape(name)}</text>'

    def _note(self, name: str, colour: str) -> None:
        if name:
            self.names.append((name, colour))

    def _path(self, points: Points) -> str:
        return "M " + " L ".join(f"{x},{y}" for x, y in map(self._place, points))

    def _place(self, point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        along = (x - self.x_ticks[0]) / (self.x_ticks[-1] - self.x_ticks[0])
        up = (y - self.y_ticks[0]) / (self.y_ticks[-1] - self.y_ticks[0])
        clipped = min(max(up, 0.0), 1.0)
        return round(LEFT + (RIGHT - LEFT) * along, 1), round(BOTTOM - (BOTTOM - TOP) * clipped, 1)
