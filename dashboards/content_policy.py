"""Whether a page's Content-Security-Policy lets a script run and a beacon go. Pure.

https://www.w3.org/TR/CSP3/
"""

from collections.abc import Iterable, Mapping

from yarl import URL

_SCRIPT = ("script-src-elem", "script-src", "default-src")
_CONNECT = ("connect-src", "default-src")
_BY_NONCE = "'strict-dynamic'"
_NONCE = "'nonce-"


def lets_script_run(policies: Iterable[str], script: URL, page: URL, *, has_nonce: bool) -> bool:
    """Tell whether all policies let a page load a script; ``has_nonce``: its element states one."""
    return all(_allows(_sources(policy, _SCRIPT), script, page, has_nonce=has_nonce) for policy in policies)


def lets_beacon_go(policies: Iterable[str], beacon: URL, page: URL) -> bool:
    """Tell whether all policies let a page send to an address."""
    return all(_allows(_sources(policy, _CONNECT), beacon, page) for policy in policies)


def _sources(policy: str, directives: Iterable[str]) -> list[str] | None:
    """Give the sources of the first directive that a policy has; None if it has none of them."""
    stated = _directives(policy)
    return next((stated[name] for name in directives if name in stated), None)


def _directives(policy: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split()[:1] + part.lower().split()[1:] if part.split() else [""]
        found.setdefault(name.lower(), sources)
    return found


def _allows(sources: list[str] | None, target: URL, page: URL, *, has_nonce: bool = False) -> bool:
    if sources is None:
        return True
    if has_nonce and any(source.startswith(_NONCE) for source in sources):
        return True
    if _BY_NONCE in sources:
        return False
    return any(_matches(source, target, page) for source in sources)


def _matches(source: str, target: URL, page: URL) -> bool:
    if source == "'self'":
        return target.origin() == page.origin()
    if source == "*":
        return True
    if source.endswith(":"):
        return source[:-1] == target.scheme
    if source.startswith("'"):
        return False
    scheme, _, rest = source.rpartition("://")
    host, _, port = rest.partition("/")[0].partition(":")
    has_scheme = scheme in {"", target.scheme} or (scheme == "http" and target.scheme == "https")
    has_port = port in {"*", str(target.port)} or (not port and target.is_default_port())
    return has_scheme and has_port and _is_host(host, target.host or "")


def _is_host(pattern: str, host: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern
