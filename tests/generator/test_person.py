"""The person's settings, key and prices."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from microapps.errors import InvalidSetting, MachineFault
from microapps.generator import (
    Settings,
    Usage,
    find_key,
    forget_key,
    prices,
    read_settings,
    stamp,
    store_key,
    write_setting,
)
from microapps.generator import saving as saving_module

KEY = "sk-ant-canary-0123456789"


@pytest.fixture
def home(microapps_home: Path) -> Path:
    microapps_home.mkdir(parents=True, exist_ok=True)
    return microapps_home


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    monkeypatch.setattr("keyring.core.get_keyring", lambda: made)
    return made


def test_no_key() -> None:
    assert find_key() is None


def test_the_environment_goes_before_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_key("sk-in-file")
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    found = find_key()
    assert found is not None
    assert found.secret.get_secret_value() == KEY
    assert "ANTHROPIC_API_KEY" in found.source


def test_without_a_keyring_the_key_is_in_a_file_of_its_owner(home: Path) -> None:
    where = store_key(f" {KEY}\n")
    assert str(home / "key") in where
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600
    found = find_key()
    assert found is not None
    assert found.secret.get_secret_value() == KEY


def test_a_keyring_takes_the_key_and_the_file_goes(home: Path, ring: Ring) -> None:
    (home / "key").write_text("old")
    assert "keyring" in store_key(KEY)
    assert not (home / "key").exists()
    first = stamp()
    assert "keyring" in store_key(KEY + "-another")
    assert (second := stamp()) != first, "other processes see that it was changed"
    found = find_key()
    assert found is not None
    assert found.source == "the system's keyring"
    assert forget_key() == ("the system's keyring",)
    assert stamp() != second
    assert find_key() is None


def test_a_key_file_others_can_read_is_refused(home: Path) -> None:
    store_key(KEY)
    os.chmod(home / "key", 0o644)
    with pytest.raises(InvalidSetting, match="can be read by others") as raised:
        find_key()
    assert str(home / "key") in str(raised.value)
    assert KEY not in str(raised.value)


def test_an_empty_key_file(home: Path) -> None:
    (home / "key").touch(0o600)
    os.chmod(home / "key", 0o600)
    with pytest.raises(InvalidSetting, match="empty"):
        find_key()


@pytest.mark.parametrize("text", ["", "  ", "two words", "schlüssel", "a\x1b[2J", "x" * 5000])
def test_what_is_no_key_is_not_kept(home: Path, text: str) -> None:
    with pytest.raises(InvalidSetting) as raised:
        store_key(text)
    assert not (home / "key").exists()
    assert not text.strip() or text not in str(raised.value)


def test_forgetting_removes_the_file(home: Path) -> None:
    store_key(KEY)
    assert forget_key() == (f"the file {home / 'key'}",)
    assert forget_key() == ()


def test_a_key_shows_itself_nowhere(home: Path) -> None:
    store_key(KEY)
    found = find_key()
    assert KEY not in repr(found) + str(found)


def test_settings_have_defaults() -> None:
    assert read_settings() == Settings()
    assert Settings().dollars_per_job == 1.0
    assert Settings().dollars_per_month == 20.0


def test_setting_one_value_leaves_the_rest_of_the_file(home: Path) -> None:
    (home / "config.toml").write_text('# mine\nspeed = "fast"  # quick\n\nrepairs = 5\n')
    settings = write_setting("repairs", "4")
    assert settings.repairs == 4
    assert (home / "config.toml").read_text() == '# mine\nspeed = "fast"  # quick\n\nrepairs = 4\n'
    assert read_settings() == settings
    assert write_setting("speed", "").speed == "balanced"


@pytest.mark.parametrize("value", ['qu"ote', "back\\slash", "한글", "tab\tin"])
def test_any_text_survives(home: Path, value: str) -> None:
    assert write_setting("model", value).model == value
    assert read_settings().model == value


@pytest.mark.parametrize(
    ("key", "value"),
    [("speed", "quick"), ("repairs", "-1"), ("repairs", "many"), ("base_url", "example.org"), ("rows", "perhaps")],
)
def test_a_bad_value_is_refused_and_nothing_written(home: Path, key: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=key):
        write_setting(key, value)
    assert not (home / "config.toml").exists()


def test_an_unknown_setting_names_the_known(home: Path) -> None:
    with pytest.raises(InvalidSetting, match="speed"):
        write_setting("colour", "red")


@pytest.mark.parametrize("text", ["speed = ", 'colour = "red"', "repairs = 99", "\xff"])
def test_a_bad_file_is_named(home: Path, text: str) -> None:
    (home / "config.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidSetting) as raised:
        read_settings()
    assert str(home / "config.toml") in str(raised.value)


def test_the_environments_address_goes_before_the_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write_setting("base_url", "http://127.0.0.1:11434/")
    assert settings.endpoint == "http://127.0.0.1:11434"
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:8765")
    assert settings.endpoint == "http://127.0.0.1:8765"


def test_a_full_disk_keeps_the_old_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_setting("repairs", "4")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving_module.os, "fsync", full)
    with pytest.raises(MachineFault, match="No space left"):
        write_setting("repairs", "5")
    assert read_settings().repairs == 4
    assert [path.name for path in home.iterdir()] == ["config.toml"]


def test_the_shipped_prices_are_dated_and_known_by_id_and_dated_variant() -> None:
    table = prices()
    assert table.date
    sonnet = table.of("claude-sonnet-5-5")
    assert sonnet is not None
    assert sonnet == table.of("claude-sonnet-5-5-20261001")
    assert sonnet.dollars(Usage(1_000_000, 1_000_000)) == pytest.approx(12.0)
    assert sonnet.dollars(Usage(0, 0, 1_000_000, 1_000_000)) == pytest.approx(2.6)


def test_a_long_prompt_costs_more() -> None:
    haiku = prices().of("claude-haiku-5-5")
    assert haiku is not None
    assert haiku.dollars(Usage(100_000, 1000)) == pytest.approx(0.0105)
    assert haiku.dollars(Usage(50_000, 1000, 50_001, 0)) == pytest.approx(5 * (0.005 + 0.0005 + 0.00050001))


def test_an_unknown_model_has_no_price() -> None:
    assert prices().of("qwen3-coder:30b") is None
    assert prices().of("claude-sonnet-5-55") is None


def test_a_persons_prices_go_before_ours(home: Path) -> None:
    entry = '[[model]]\nid = "{}"\ninput = 1\noutput = 2\ncache_write = 1\ncache_read = 1\n'
    (home / "prices.toml").write_text(entry.format("claude-opus-5-5") + entry.format("mine"))
    assert prices().of("mine") is not None
    opus = prices().of("claude-opus-5-5")
    assert opus is not None
    assert opus.output == 2
    assert prices().of("claude-haiku-5-5") is not None


@pytest.mark.parametrize("text", ["[[model]]\nid = 3", "nonsense", '[[model]]\nid = "a"\ninput = -1'])
def test_a_bad_price_file_is_named(home: Path, text: str) -> None:
    (home / "prices.toml").write_text(text)
    with pytest.raises(InvalidSetting) as raised:
        prices()
    assert str(home / "prices.toml") in str(raised.value)
