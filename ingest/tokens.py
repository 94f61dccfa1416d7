"""The visitor's token: who counts as one visitor of one site on one day."""

from hashlib import blake2b

from geo.network import Network

NO_TOKEN = 0
TOKEN_BYTES = 8
_MOST_BYTES = 0xFFFF


def visitor_token(secret: bytes | bytearray, network: Network, user_agent: str) -> int:
    """Give the 64-bit token of a visitor, from 1 up.

    Keyed BLAKE2b-64 (RFC 7693 section 2.9) over the network and the user agent, each part
    led by its length in two bytes, so that no two pairs read alike. Everyone behind one
    network with one browser is one visitor.
    """
    agent = user_agent.encode("utf-8", "surrogatepass")[:_MOST_BYTES]
    packed, bits = network
    message = b"%c%c%c%b%c%c%b" % (0, len(packed) + 1, bits, packed, len(agent) >> 8, len(agent) & 0xFF, agent)
    digest = blake2b(message, key=secret, digest_size=TOKEN_BYTES).digest()
    return int.from_bytes(digest, "big") or 1
