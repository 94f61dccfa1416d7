"""What `footfall serve` says at its first start."""

import re
from pathlib import Path

from tests.fixtures.serving import data_folder, serving


def test_a_first_start_is_three_lines(tmp_path: Path) -> None:
    """That the tables are made, an address to open, one for the first account; the next start makes no tables."""
    said = []
    with data_folder(tmp_path) as data:
        for _start in range(2):
            with serving(data) as started:
                assert started.set_up_url.startswith(started.url)
            lines = started.log_path.read_text().splitlines()
            said.append([re.sub(r"^\S+ \S+ INFO ", "", line).partition(" http")[0] for line in lines])
    listens, account = "Footfall listens on", "No account yet. Create the first one here (the address works once):"
    assert said == [["footfall: made the store's tables", listens, account], [listens, account]]
