"""The configuration: every setting read, paths, and what is found where nothing is said."""

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Alerts, Config, load_config
from bot.errors import ConfigError
from tests.config.files import loaded, written


def test_without_a_file_everything_has_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    config = load_config(None, {})

    assert replace(config, rules=Config().rules) == Config()
    assert config.alerts == Alerts(
        channel="#alerts", ops_channel=None, stale_after=timedelta(hours=24)
    )
    assert config.edgar.every == timedelta(seconds=30)
    assert config.slack.bot_token is None


def test_a_file_named_config_toml_is_found_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, '[alerts]\nchannel = "#found"')
    monkeypatch.chdir(tmp_path)

    assert load_config(None, {}).alerts.channel == "#found"


def test_every_setting_is_read(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        """
        store.path = "data/bot.db"
        rules = { path = "/etc/bot/rules" }
        [edgar]
        contact = "Example Corp alerts@example.com"
        every = "1.5min"
        watch = ["oklo", 1_849_056, "BRK-B", "OKLO"]
        www_url = "http://127.0.0.1:8080/"
        data_url = "http://127.0.0.1:8080/data"
        [slack]
        api_url = "http://localhost:9/api"
        [alerts]
        channel = "C0123456789"
        ops_channel = "#ops"
        stale_after = "2d"
        """.replace("1_849_056", '"1849056"'),
    )

    assert config.store.path == tmp_path / "data/bot.db"
    assert config.rules.path == Path("/etc/bot/rules")
    assert config.edgar.contact == "Example Corp alerts@example.com"
    assert config.edgar.every == timedelta(seconds=90)
    assert config.edgar.watch == ("OKLO", "0001849056", "BRK-B")
    assert config.edgar.www_url == "http://127.0.0.1:8080"
    assert config.edgar.data_url == "http://127.0.0.1:8080/data"
    assert config.slack.api_url == "http://localhost:9/api/"
    assert config.alerts == Alerts(
        channel="C0123456789", ops_channel="#ops", stale_after=timedelta(days=2)
    )


def test_a_configuration_can_not_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Config().alerts.channel = "#other"  # type: ignore[misc]


# Paths.


def test_rules_beside_the_file_go_before_those_of_the_bot(tmp_path: Path) -> None:
    shipped = loaded(tmp_path, "").rules.path
    (tmp_path / "rules").mkdir()

    assert loaded(tmp_path, "").rules.path == tmp_path / "rules"
    assert shipped.is_dir()
    assert tmp_path not in shipped.parents


def test_rules_that_are_named_are_never_replaced_by_others(tmp_path: Path) -> None:
    assert loaded(tmp_path, '[rules]\npath = "rules"').rules.path == tmp_path / "rules"


def test_a_path_may_start_at_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    assert loaded(tmp_path, '[store]\npath = "~/bot.db"').store.path == tmp_path / "home/bot.db"


def test_a_file_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file") as caught:
        load_config(tmp_path / "missing.toml", {})

    assert caught.value.where == str(tmp_path / "missing.toml")


def test_a_file_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'[store]\npath = "\xe9.db"')

    with pytest.raises(ConfigError, match="save the file as UTF-8"):
        load_config(file, {})


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes('\ufeff[alerts]\r\nchannel = "#a"\r\n'.encode())

    assert load_config(file, {}).alerts.channel == "#a"
