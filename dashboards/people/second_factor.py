"""The second factor of a login: a code by time from an app (TOTP, RFC 6238), or a recovery code.

A code is taken once: the last step of 30 seconds that was used is kept, and only a later one counts. Recovery
codes have 80 random bits each, so that their SHA-256 tells nothing; each is taken once. The secret of the app has
to be kept as it is, or no code could be checked. All calls block; they raise StoreError.
"""

import base64
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

import pyotp
import segno

from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing
from dashboards.people.tokens import hash_of, version_of

RECOVERY_CODES = 10
_STEP = 30  # seconds
_DRIFT = 1  # steps by which the clock of a phone may be wrong
_SECRET = re.compile(r"[A-Z2-7]{32}")
_RECOVERY_BYTES = 10
_COLUMNS = ("email", "secret", "step", "recovery", "version")


class Taken(Enum):
    """What a code was."""

    CODE = auto()
    RECOVERY = auto()


@dataclass(frozen=True, slots=True)
class Factor:
    """An account's second factor; ``step`` is the last one whose code was used, ``recovery`` the codes' hashes."""

    email: str
    secret: str = field(repr=False)
    step: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)


def new_secret() -> str:
    """Make the secret for an app: 160 random bits in base32."""
    return pyotp.random_base32(32)


def is_secret(text: str) -> bool:
    """Tell whether a text has the form of a secret."""
    return _SECRET.fullmatch(text) is not None


def fits(secret: str, code: str, now: datetime) -> bool:
    """Tell whether a code is what an app with this secret shows about now."""
    return _step_of(Factor("", secret), code, now) is not None


def secret_as_svg(secret: str, email: str, issuer: str) -> str:
    """Draw the QR code by which an app takes the secret: an svg element without styles."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    code = segno.make(uri, error="m", micro=False)
    return code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=4, light="#fff")


def find_factor(store: Store, email: str) -> Factor | None:
    """Give an account's second factor, or None if it has none."""
    for secret, step, recovery in store.rows(sql("dashboards", "find_factor"), {"email": email}):
        return Factor(email, secret, step, tuple(recovery))
    return None


def add_factor(
    store: Store, email: str, secret: str, code: str, now: datetime, write_down: WriteDown[Factor] = write_nothing
) -> list[str] | None:
    """Ask for a second factor from the next login on, if the app's code is right; give the recovery codes.

    Nothing can tell them later. None for a wrong code: nothing has changed then.
    """
    step = _step_of(Factor(email, secret), code, now)
    if step is None:
        return None
    codes = _new_codes()
    factor = Factor(email, secret, step, tuple(map(_hash, codes)))
    write_down(factor)
    _write(store, factor, now)
    return codes


def renew_recovery(store: Store, factor: Factor, now: datetime) -> list[str]:
    """Give new recovery codes; the old ones are void."""
    codes = _new_codes()
    _write(store, replace(factor, recovery=tuple(map(_hash, codes))), now)
    return codes


def remove_factor(store: Store, email: str, now: datetime) -> None:
    """Ask for no second factor any more."""
    _write(store, Factor(email, ""), now)


def take_code(
    store: Store, email: str, code: str, now: datetime, write_down: WriteDown[Taken] = write_nothing
) -> Taken | None:
    """Use up a code of the app, or a recovery code; give what it was, or None for one that does not hold.

    Two at once with the same code must not both come in: call it under ``Dashboards.changing_people``.
    """
    factor = find_factor(store, email)
    if factor is None:
        return None
    step = _step_of(factor, code, now)
    if step is not None:
        write_down(Taken.CODE)
        _write(store, replace(factor, step=step), now)
        return Taken.CODE
    if not holds_recovery(factor, [code]):
        return None
    left = tuple(each for each in factor.recovery if each != _hash(code))
    write_down(Taken.RECOVERY)
    _write(store, replace(factor, recovery=left), now)
    return Taken.RECOVERY


def holds_recovery(factor: Factor, codes: Sequence[str]) -> bool:
    """Tell whether all of these are recovery codes that were not used yet."""
    return all(_hash(code) in factor.recovery for code in codes)


def _step_of(factor: Factor, code: str, now: datetime) -> int | None:
    """Give the step of which this is the code, if it is about now and later than the last one used."""
    totp, current = pyotp.TOTP(factor.secret), int(now.timestamp()) // _STEP
    digits = "".join(code.split())
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if step > factor.step and secrets.compare_digest(totp.at(step * _STEP).encode(), digits.encode()):
            return step
    return None


def _new_codes() -> list[str]:
    return [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def _grouped(code: bytes) -> str:
    text = base64.b32encode(code).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _hash(code: str) -> str:
    return hash_of(re.sub(r"[\s-]", "", code).lower())


def _write(store: Store, factor: Factor, now: datetime) -> None:
    row = (factor.email, factor.secret, factor.step, factor.recovery, version_of(now))
    store.insert("second_factors", _COLUMNS, encode_rows([row]))
