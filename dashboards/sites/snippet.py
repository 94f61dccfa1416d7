"""The lines that a site's owner pastes."""

from dataclasses import dataclass

from core.domains import domain_in_words


@dataclass(frozen=True, slots=True)
class Snippet:
    """What goes into a site's pages, by the address at which browsers reach Footfall."""

    origin: str
    domain: str

    @property
    def name(self) -> str:
        """The domain as people write it."""
        return domain_in_words(self.domain)

    @property
    def script(self) -> str:
        """The one line that counts."""
        return f'<script defer data-domain="{self.domain}" src="{self.origin}/js/script.js"></script>'

    @property
    def pixel(self) -> str:
        """For visitors whose browser runs no scripts."""
        return (
            f'<noscript><img src="{self.origin}/pixel.gif?d={self.domain}" alt="" '
            'referrerpolicy="no-referrer-when-downgrade"></noscript>'
        )

    @property
    def queue(self) -> str:
        """Keeps events of the site's own until the script has come."""
        return (
            "<script>window.footfall = window.footfall || function () "
            "{ (footfall.q = footfall.q || []).push(arguments) }</script>"
        )

    @property
    def event(self) -> str:
        """An event of the site's own."""
        return 'footfall("Signup", { props: { plan: "pro" } })'
