"""Documents that cannot rot: they are held against the code."""

from pathlib import Path

from ingest.reasons import DropReason


def test_every_drop_reason_is_documented() -> None:
    """docs/ledger.md has a row for each reason, with its meaning, and no other."""
    rows = [
        line for line in Path("docs/ledger.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    assert rows[2:] == [f"| {reason.value} | {reason.meaning} |" for reason in DropReason]
