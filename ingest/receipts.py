"""Receipts: how a visitor who asked for it can be shown their own rows, and nobody else.

The token is shared by everybody with one network and one browser, so it proves nothing. A receipt is 128 random
bits in a cookie, set when the visitor asks. Nothing keeps it here: a row holds its keyed hash, under the key of
the site's day, and whoever shows the receipt while that key lives is shown the rows.
"""

import secrets
from hashlib import blake2b

NO_RECEIPT = b""
NO_MARK = 0
COOKIE = "receipt"
RECEIPT_BYTES = 16
_DIGITS = 2 * RECEIPT_BYTES


def new_receipt() -> str:
    """Give a new receipt as the cookie holds it: 32 hexadecimal digits."""
    return secrets.token_hex(RECEIPT_BYTES)


def read_receipt(text: str) -> bytes:
    """Give the receipt of a cookie's value; ``NO_RECEIPT`` if it is none."""
    if len(text) != _DIGITS or not text.isascii() or not text.isalnum():
        return NO_RECEIPT
    try:
        return bytes.fromhex(text)
    except ValueError:
        return NO_RECEIPT


def receipt_mark(secret: bytes | bytearray, receipt: bytes) -> int:
    """Give what a row keeps of a receipt: 64 bits from 1 up, ``NO_MARK`` for none.

    Keyed BLAKE2b-64 like the token (RFC 7693 section 2.9), the receipt led by its length, and personalised
    (section 2.8 of the BLAKE2 paper), so that no token can ever be a receipt's mark.
    """
    if not receipt:
        return NO_MARK
    digest = blake2b(b"%c%b" % (len(receipt), receipt), key=secret, digest_size=8, person=b"receipt").digest()
    return int.from_bytes(digest, "big") or 1
