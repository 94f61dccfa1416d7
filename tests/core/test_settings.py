"""Settings: from the environment and a TOML file; a wrong one stops the start in one line."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from core.errors import SettingError
from core.settings import Settings, read_settings, unknown_settings
from core.settings_page import settings_page


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FOOTFALL_{name.upper()}", raising=False)
    monkeypatch.delenv("FOOTFALL_CONFIG", raising=False)


def test_command_line_beats_environment_beats_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of three places that name a port, the nearest to the user holds."""
    config = tmp_path / "footfall.toml"
    config.write_text('port = 1\nhost = "192.0.2.1"\nthreshold = 20\n')
    monkeypatch.setenv("FOOTFALL_CONFIG", str(config))
    monkeypatch.setenv("FOOTFALL_PORT", "2")
    monkeypatch.setenv("FOOTFALL_HOST", "192.0.2.2")
    found = read_settings(port=3, data=None)
    assert (found.port, found.host, found.threshold, found.data) == (
        3,
        "192.0.2.2",
        20,
        Path("footfall-data"),
    )


def test_lists_are_parted_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks and names are written with commas, spaces do not matter."""
    monkeypatch.setenv("FOOTFALL_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1 ,2001:db8::/32")
    monkeypatch.setenv("FOOTFALL_EXCLUDED_HOSTNAMES", "localhost,*.Example.dev")
    found = read_settings()
    networks = tuple(map(ip_network, ("10.0.0.0/8", "127.0.0.1/32", "2001:db8::/32")))
    assert (found.trusted_proxies, found.excluded_hostnames) == (networks, ("localhost", "*.example.dev"))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "many", "FOOTFALL_PORT: input should be a valid integer"),
        ("THRESHOLD", "4", "FOOTFALL_THRESHOLD: input should be greater than or equal to 5"),
        ("KEEP_IPV4_BITS", "25", "FOOTFALL_KEEP_IPV4_BITS: input should be less than or equal to 24"),
        ("TRUSTED_PROXIES", "everyone", "FOOTFALL_TRUSTED_PROXIES: 'everyone' is not a network"),
        ("CLICKHOUSE", "ftp://x", "FOOTFALL_CLICKHOUSE: must be an address such as"),
        ("LOG_LEVEL", "loud", "FOOTFALL_LOG_LEVEL: must be one of"),
        ("CONFIG", "/nowhere.toml", "FOOTFALL_CONFIG: there is no file /nowhere.toml"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    """The start stops with one line that begins with the setting's name."""
    monkeypatch.setenv(f"FOOTFALL_{name}", value)
    with pytest.raises(SettingError) as problem:
        read_settings()
    assert str(problem.value).startswith(message)
    assert "\n" not in str(problem.value)


def test_a_misspelt_setting_is_noticed() -> None:
    """A FOOTFALL_ variable that is no setting is named."""
    environment = {"FOOTFALL_PORT": "1", "FOOTFALL_CONFIG": "x", "FOOTFALL_TRUSTED_PROXY": "x", "PATH": "x"}
    assert unknown_settings(environment) == ["FOOTFALL_TRUSTED_PROXY"]


def test_the_docs_are_the_table() -> None:
    """docs/settings.md is what `footfall settings` prints."""
    assert Path("docs/settings.md").read_text(encoding="utf-8") == settings_page()
