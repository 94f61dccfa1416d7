"""Looking at a page as a person does: its headings, tables, tiles and fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Seen(HTMLParser):
    """What stands on a page. ``tables`` are by their caption, else by the heading or summary above them."""

    html: str
    heading: str = ""
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    tiles: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    text: str = ""
    _words: list[str] = field(default_factory=list)
    _href: str = ""
    _part: str = ""

    def __post_init__(self) -> None:
        """Read the page."""
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note fields and addresses; begin to gather words."""
        values = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.fields[values["name"]] = values.get("value", "")
        if tag == "tr":
            self.tables.setdefault(self.heading, []).append([])
        if tag in {"a", "h1", "h2", "summary", "th", "td", "caption", "figcaption"}:
            self._words.clear()
        if tag == "a":
            self._href = values.get("href", "")
        if values.get("class") in {"tile-name", "value"}:
            self._words.clear()
            self._part = values["class"]

    def handle_data(self, data: str) -> None:
        """Gather words."""
        self._words.append(data)
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        """Put what was gathered where it belongs."""
        self.text += " "
        words = " ".join("".join(self._words).split())
        if tag in {"h1", "h2", "summary", "caption", "figcaption"}:
            self.heading = words
        if tag in {"th", "td"}:
            self.tables[self.heading][-1].append(words)
        if tag == "span" and self._part == "tile-name":
            self.tiles[words] = ""
        if tag == "span" and self._part == "value":
            self.tiles[list(self.tiles)[-1]] = words
        if tag == "span":
            self._part = ""
        if tag == "a":
            self.links[words] = self._href
