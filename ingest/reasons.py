"""Why a hit was not stored: the one closed list. The ledger counts by it."""

from enum import StrEnum

from core.tallies import LATE


class DropReason(StrEnum):
    """A reason for which a hit is not stored; the value stands in the ledger."""

    OPTED_OUT = "opted out"
    PREFETCH = "prefetch"
    UNKNOWN_SITE = "unknown site"
    BOT = "bot"
    EXCLUDED_HOSTNAME = "excluded hostname"
    EXCLUDED_PAGE = "excluded page"
    NOT_UNDERSTOOD = "not understood"
    TOO_LARGE = "too large"
    RATE_LIMITED = "rate limited"
    LATE = LATE
    NOT_A_PAGE = "not a page"
    STATUS = "status"
    DAY_CLOSED = "day closed"

    @property
    def meaning(self) -> str:
        """What the reason says to a person, for reports and docs."""
        return _MEANINGS[self]


_MEANINGS = {
    DropReason.OPTED_OUT: "The visitor said no. Counted only if count_opt_outs is on, and then with no site.",
    DropReason.PREFETCH: "The browser fetched ahead (Sec-Purpose); nobody has seen the page yet.",
    DropReason.UNKNOWN_SITE: "No such site is here, or a log's line of another host. Counted with no site.",
    DropReason.BOT: "A crawler, a script, a headless browser, or no user agent that a browser has.",
    DropReason.EXCLUDED_HOSTNAME: "The page's host name is one that the operator or the site's owner excluded.",
    DropReason.EXCLUDED_PAGE: "The page is one that the site's owner excluded.",
    DropReason.NOT_UNDERSTOOD: "A beacon answered 400 (counted with no site), or a log's line in no known form.",
    DropReason.TOO_LARGE: "The beacon was over 64 KiB and answered 413. Counted with no site.",
    DropReason.RATE_LIMITED: "Over rate_limit or site_rate_limit, and answered 429.",
    DropReason.LATE: "Came to the store after its day was closed: its collector was away for too long.",
    DropReason.NOT_A_PAGE: "Log import: an asset, a feed or a method that shows no page.",
    DropReason.STATUS: "Log import: an answer that showed no page, such as a redirect or an error.",
    DropReason.DAY_CLOSED: "Log import: the day was closed and published before.",
}
