"""The draft of a notification after a breach (GDPR, article 33), with the facts that the system knows."""

from collections.abc import Iterable

from core.resets import Reset

_NOT_HELD = (
    "IP addresses: cut to a network (/24 or /48 at most) in the statement that reads them, and not stored.",
    "User agents: read into browser, system and device, and not stored.",
    "Names, e-mail addresses, account numbers of visitors; cookies or other identifiers on their devices.",
    "A link from a visitor of one day or site to another day or site: each has a key of its own.",
    "Keys of days that were over: destroyed at each site's midnight, see the deletion record.",
)
_LEFT_TO_DO = (
    "Close the way by which it happened, before anything is collected again.",
    "Change the passwords of readers (`footfall user password`), of ClickHouse, and FOOTFALL_METRICS_TOKEN.",
    "Let readers turn their second factor off and on again: the store holds its secret.",
    "Run `footfall reset` in every other data folder that collects for this store, one by one.",
    "Destroy backups and snapshots of the disk that hold what was destroyed here.",
    "See whether those concerned must be told (article 34), and write down your reasons either way (33 (5)).",
)


def breach_draft(reset: Reset) -> str:
    """Write the draft, as Markdown; what the system cannot know stands in brackets."""
    return "\n".join(
        (
            "# Draft: notification of a personal data breach (GDPR, article 33)",
            "",
            "To the supervisory authority, within 72 hours of becoming aware of the breach. [What stands in",
            "brackets is yours to fill in.] Everything else is what Footfall knows.",
            "",
            "## What happened (33 (3) (a))",
            "",
            "- The breach: [what, how it was noticed, when it began, when you became aware of it]",
            f"- Footfall was reset at {_instant(reset.began)}; reset {reset.name}.",
            f"- Sites that are counted here: {', '.join(reset.sites) or 'none'}.",
            "- Kinds of data: page views and events of the days that were not yet published and destroyed, each",
            "  with a pseudonym of network and browser for one site and one day, a time, a page, a source,",
            "  a country, a browser, a system, a device; and the e-mail addresses of readers of reports, with",
            "  hashes of their passwords and the secrets of their second factors.",
            "- Kinds of people: visitors of the sites above; readers of their reports.",
            "",
            "Held when the reset began:",
            "",
            *_listed(reset.held or ("nothing: no key, no raw event, no login.",)),
            "",
            "Not held, and so not part of the breach:",
            "",
            *_listed(_NOT_HELD),
            "",
            "## Whom to ask (33 (3) (b))",
            "",
            "- [name and contact of the data protection officer, or of another contact]",
            "",
            "## Likely consequences (33 (3) (c))",
            "",
            "- Who got the raw events alone sees what pseudonyms did on one site and day, and nobody's address.",
            "- Who got a key that was alive as well can try networks and browsers, and so learn the network (not",
            "  the address) and the browser behind a pseudonym of that site and day.",
            "- [who could have got what]",
            "",
            "## Measures (33 (3) (d))",
            "",
            *_listed(f"{_instant(done.at)}: {done.text}" for done in reset.done),
            *_listed((f"{_instant(reset.ended)}: the reset was complete.",) if reset.ended else ()),
            "- Each destruction is a line of the hash-chained deletion record; `footfall audit` verifies it.",
            "",
            "Left to you:",
            "",
            *_listed(_LEFT_TO_DO),
            "",
        )
    )


def _instant(instant: object) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _listed(lines: Iterable[str]) -> Iterable[str]:
    return (f"- {line}" for line in lines)
