"""Instants as the spool keeps them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_stamp(instant: datetime) -> int:
    """Give an instant in microseconds since 1970."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def to_instant(stamp: int) -> datetime:
    """Give the instant so many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=stamp)
