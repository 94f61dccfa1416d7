"""Python's cyclic garbage collector, set for a server."""

import gc

_YOUNG = 50_000
"""Objects made and not yet freed before a look at them.

A beacon that waits for its commit holds some 60: with Python's 700, and a few hundred beacons
waiting, each twelfth beacon pays for a look at all that the others hold.
"""


def spare_the_living() -> None:
    """Leave what is there now, which stays as long as the process, out of every later look."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
