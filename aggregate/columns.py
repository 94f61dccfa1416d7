"""Columns of a day's rows: numbers instead of texts, so that a whole day is counted at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A text a row: ``codes`` say which of ``texts``, in which none is twice."""

    codes: Numbers
    texts: list[str]

    def at(self, rows: Numbers) -> "Column":
        """Give some of the rows."""
        return Column(self.codes[rows], self.texts)

    def named(self, empty: str) -> "Column":
        """Give the empty text a name."""
        return merged(self.codes, [text or empty for text in self.texts])


def merged(codes: Numbers, texts: list[str]) -> Column:
    """Make a column of codes for texts of which some may be the same."""
    known: dict[str, int] = {}
    if len({*texts}) == len(texts):
        return Column(codes, texts)
    places = np.array([known.setdefault(text, len(known)) for text in texts], np.int64)
    return Column(places[codes], list(known))


def joined(one: Column, other: Column, separator: str) -> Column:
    """Join two texts of each row, such as a browser and its version; without the other there is none."""
    pairs, codes = np.unique(one.codes * len(other.texts) + other.codes, return_inverse=True)
    texts = []
    for pair in pairs.tolist():
        first, second = divmod(pair, len(other.texts))
        text = other.texts[second]
        texts.append(f"{one.texts[first]}{separator}{text}" if text else "")
    return merged(codes.astype(np.int64), texts)


def read_columns(stream: bytes) -> tuple[Mapping[str, Numbers], Mapping[str, Column]]:
    """Read an Arrow stream (see ``Store.columns``): columns of integers, and those of texts.

    Integers of 64 bits that are too large come as negative ones: still one for each.
    """
    with pa.ipc.open_stream(stream) as reader:
        table = reader.read_all().unify_dictionaries().combine_chunks()
    numbers: dict[str, Numbers] = {}
    texts: dict[str, Column] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            texts[name] = _column(column)
        else:
            numbers[name] = column.to_numpy().astype(np.int64)
    return numbers, texts


def _column(column: "pa.ChunkedArray") -> Column:
    if not column.num_chunks:
        return Column(np.zeros(0, np.int64), [])
    chunk = column.chunk(0)
    return merged(chunk.indices.to_numpy().astype(np.int64), chunk.dictionary.to_pylist())
