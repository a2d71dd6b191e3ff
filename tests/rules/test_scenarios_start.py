"""What a start puts in force: the files that are good, and of a broken one what was last good."""

from pathlib import Path

import pytest

from bot.errors import RuleError
from bot.store import Store
from tests.cli.console import run
from tests.rules.reloading import Bot, every

FALSE = "- {name: wrong, given: [{at: 2025-05-05, insider_trade: {ticker: A}}], expect: [{}]}"


def restarted(folder: Path, **files: str) -> Bot:
    """A bot that ran by the files of a folder, ended, and starts again after these were written."""
    bot = Bot(folder)
    for name, text in files.items():
        bot.write(name, text)
    return Bot(folder, bot.store)


@pytest.mark.parametrize("broken", ["x: [\n", every("a", 5, "tests:", FALSE)])
def test_a_restart_puts_the_last_good_version_of_a_broken_file_in_force(
    tmp_path: Path, broken: str
) -> None:
    (tmp_path / "a.yaml").write_text(every("a", 3))

    bot = restarted(tmp_path, a=broken, c=every("c"))

    assert bot.sell("2025-09-01", 3) == ["a", "c"]
    assert bot.sell("2025-09-02", 2) == ["c"]


def test_the_last_good_version_outlives_two_restarts_and_a_reload(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 3))
    bot.reload(a=every("a", 5))
    bot.write("a", "x: [\n")

    again = Bot(tmp_path, Bot(tmp_path, bot.store).store)

    assert again.sell("2025-09-01", 4) == []
    assert again.sell("2025-09-02", 5) == ["a"]


def test_what_a_start_refuses_is_told_to_operators_and_in_the_log_with_every_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(every("a"))

    bot = restarted(tmp_path, a=every("a", 5, "tests:", FALSE))

    (told,) = bot.ops()
    assert told.text == f"{tmp_path}/a.yaml has mistakes: its last good rules stay in force"
    assert "the test 'wrong' fails" in told.card
    assert "rules.refused" in capsys.readouterr().out
    assert bot.reload() == []


def test_a_broken_file_without_a_good_version_is_off_and_all_others_judge(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"), b="x: [\n")

    (told,) = bot.ops()
    assert told.text == (
        f"{tmp_path}/b.yaml has mistakes: it has no good version yet, so its rules are off"
    )
    assert bot.sell("2025-09-01") == ["a"]

    bot.reload(b=every("b"))
    assert bot.sell("2025-09-02") == ["a", "b"]


def test_a_new_file_with_a_mistake_is_not_told_to_have_good_rules(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))

    (told,) = bot.reload(b="x: [\n")

    assert told.text.endswith(
        "b.yaml has mistakes: it has no good version yet, so its rules are off"
    )


def test_a_start_without_any_rule_refuses_with_every_mistake(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        Bot(tmp_path, a="x: [\n", b=every("b", 1, "tests:", FALSE))

    told = str(caught.value)
    assert "a.yaml:1:4" in told
    assert "the test 'wrong' fails" in told


def test_a_file_that_was_deleted_before_a_restart_is_not_brought_back(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"), b=every("b"))
    bot.delete("a")
    Bot(tmp_path, bot.store)
    bot.write("a", "x: [\n")

    again = Bot(tmp_path, bot.store)

    assert again.sell("2025-09-01") == ["b"]


def test_the_doctor_warns_of_a_file_that_a_start_would_not_put_in_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    store = Store(tmp_path / "bot.db")
    Bot(folder, store, a=every("a"), b=every("b")).write("a", every("a", 5, "tests:", FALSE))
    store.close()
    (folder / "c.yaml").write_text("x: [\n")
    (tmp_path / "config.toml").write_text(
        '[rules]\npath = "rules"\n[store]\npath = "bot.db"\n'
        '[edgar]\nwww_url = "http://127.0.0.1:9"\ndata_url = "http://127.0.0.1:9"\n'
        '[prices]\nprovider = "off"\n[fed]\nenabled = false\n[calendar]\nagencies = []\n'
    )

    run("doctor", "--config", tmp_path / "config.toml")

    told = " ".join(capsys.readouterr().out.split())
    assert f"2 rules from {folder}" in told
    assert "a.yaml is refused: its last good rules stay in force" in told
    assert "c.yaml is refused: it has no good version yet, so its rules are off" in told


def test_a_file_that_can_not_be_read_any_more_keeps_its_last_good_rules(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 3))
    bot.delete("a")
    (tmp_path / "a.yaml").symlink_to("gone.yaml")

    (told,) = bot.reload()

    assert told.text.endswith("a.yaml has mistakes: its last good rules stay in force")
    assert Bot(tmp_path, bot.store).sell("2025-09-01", 3) == ["a"]


# One file has one last good version, however its path is written.


def test_a_start_by_the_absolute_path_knows_what_was_good_by_a_relative_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules").mkdir()
    monkeypatch.chdir(tmp_path)
    bot = Bot(Path("rules"), a=every("a", 3))
    bot.write("a", "x: [\n")

    monkeypatch.chdir("/")
    again = Bot(tmp_path / "rules", bot.store)

    assert again.sell("2025-09-01", 3) == ["a"]
    told = f"{tmp_path}/rules/a.yaml has mistakes: its last good rules stay in force"
    assert again.reloader.refused == (told,)


def test_what_an_older_bot_kept_by_a_relative_path_is_found_by_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text("x: [\n")
    monkeypatch.chdir(tmp_path)

    for folder in (Path("rules"), tmp_path / "rules"):
        store = Store(None)
        store._connections.connection.execute(
            "INSERT INTO rule_files (file, text) VALUES ('rules/a.yaml', ?)", (every("a"),)
        )
        assert Bot(folder, store).sell("2025-09-01") == ["a"]


@pytest.mark.parametrize(("first", "then"), [("v1", "current"), ("current", "v1")])
def test_a_start_through_a_link_knows_what_was_good_without_it(
    tmp_path: Path, first: str, then: str
) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "current").symlink_to("v1")
    bot = Bot(tmp_path / first, a=every("a"))
    bot.write("a", "x: [\n")

    assert Bot(tmp_path / then, bot.store).sell("2025-09-01") == ["a"]


def test_a_volume_that_turns_its_link_to_a_broken_version_keeps_the_last_good_one(
    tmp_path: Path,
) -> None:
    for version, text in (("v1", every("a")), ("v2", "x: [\n")):
        (tmp_path / version).mkdir()
        (tmp_path / version / "a.yaml").write_text(text)
    link = tmp_path / "current"
    link.symlink_to("v1")
    bot = Bot(link)

    link.unlink()
    link.symlink_to("v2")

    assert Bot(link, bot.store).sell("2025-09-01") == ["a"]
