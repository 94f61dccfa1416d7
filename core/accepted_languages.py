"""Which languages a browser asks for."""


def preferred_languages(accepted: str) -> list[str]:
    """Give the languages of a header Accept-Language (RFC 9110, section 12.5.4), the most wanted first.

    Of a language its first part is given: ``de-AT`` reads German. Any text is understood as far as it can be.

    >>> preferred_languages("de-AT, en;q=0.5, uk;q=0.9")
    ['de', 'uk', 'en']
    """
    weighed = []
    for part in accepted.split(","):
        language, _, weight = part.partition(";")
        weighed.append((_weight(weight), language.strip().lower().partition("-")[0]))
    wanted = [pair for pair in weighed if pair[0] > 0]
    return [language for _, language in sorted(wanted, key=lambda pair: -pair[0])]  # of equal ones the first


def _weight(text: str) -> float:
    """Give a weight from 0 to 1; what is none, like a missing one, is 1."""
    name, _, value = text.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 1.0
