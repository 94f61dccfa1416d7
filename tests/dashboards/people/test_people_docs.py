"""docs/people.md says what the code does."""

from pathlib import Path

from dashboards.permissions import INSTALL_ROLES, PERMISSIONS, Role


def test_the_table_of_roles_is_the_one_that_is_asked() -> None:
    """Each permission has its row, each role its column, and no cell says anything else than the code."""
    lines = Path("docs/people.md").read_text(encoding="utf-8").splitlines()
    begin = lines.index(f"| | {' | '.join(Role)} |")
    rows = []
    for permission, roles in PERMISSIONS.items():
        cells = ["" if role not in roles else "yes" if role in INSTALL_ROLES else "on the site" for role in Role]
        rows.append(f"| {permission.value} | " + " ".join(f"{cell} |" if cell else "|" for cell in cells))
    assert lines[begin + 2 : begin + 2 + len(rows) + 1] == [*rows, ""]
