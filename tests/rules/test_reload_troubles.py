"""A reload that fails is told as such, and what it may not stumble over."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.answer import Answer
from bot.chat.ask import Wired
from bot.chat.asker import OPERATOR
from bot.chat.desk import Desk
from bot.pipeline import EDGAR, read_documents
from bot.sandbox.filings import SyntheticFiling
from bot.store import NewDocument, Store
from tests.insider.ledgers import DEWITTE, NOON, amendment, form, sale
from tests.rules.reloading import SALES, Bot, every
from tests.rules.texts import a_file


def reads(bot: Bot, filing: SyntheticFiling) -> None:
    """A filing comes, is read and judged."""
    name = filing.accession
    document = NewDocument(source=EDGAR, key=name, name=name, body=filing.submission())
    bot.store.documents.add([document], seen_at=bot.now)
    assert read_documents(bot.store).unreadable == 0
    bot.judging.tick()


def health(bot: Bot) -> Answer:
    """What the running bot answers to the question how it is."""
    wired = Wired(
        rules=lambda: bot.reloader.rules, refused=lambda: bot.reloader.refused, doctor=tuple
    )
    return Desk(bot.store, wired=wired, clock=lambda: bot.now).answer("health", OPERATOR)


@contextmanager
def without_mutes(store: Store) -> Iterator[None]:
    """A store that is damaged for a while: it has no table of mutes."""
    connection = store._connections.connection
    connection.execute("ALTER TABLE mutes RENAME TO gone")
    yield
    connection.execute("ALTER TABLE gone RENAME TO mutes")


@pytest.mark.parametrize(
    "rule",
    [
        (SALES, "by: ticker"),
        (SALES, "by: ticker", "fire: every", "let: {sold: {sum: value_usd, over: 30d}}"),
    ],
)
def test_a_rule_whose_alert_was_amended_is_edited_with_what_the_past_would_have_been(
    tmp_path: Path, rule: tuple[str, ...]
) -> None:
    what = "sold" if "let" in rule[-1] else "value_usd"
    bot = Bot(tmp_path, a=a_file(*rule, when=f"{what} >= $1M"))
    bot.now = NOON + timedelta(days=1)
    reads(bot, form(1, DEWITTE, sale(100_000, 20)))
    reads(bot, amendment(2, DEWITTE, sale(60_000, 20)))

    told = bot.reload(a=a_file(*rule, when=f"{what} >= $1.5M"))

    assert [each.text for each in told] == ["Rules reloaded: 1 changed"]
    assert "last 90 days: 1 before, 1 after" in told[0].card
    assert bot.reloader.refused == ()


def test_a_reload_that_fails_is_told_with_its_error_and_the_old_rules_stay(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 5))
    bot.sell("2025-09-01", 5)

    with without_mutes(bot.store), pytest.raises(sqlite3.OperationalError):
        bot.reload(a=every("a", 9))

    (told,) = bot.ops()
    assert told.text == "The rules can not be reloaded: the old ones stay in force"
    assert "OperationalError: no such table: mutes" in told.card
    assert bot.sell("2025-09-02", 5) == ["a"]


def test_health_is_not_well_while_a_reload_fails(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 5))
    bot.sell("2025-09-01", 5)
    assert health(bot).headline == "All is well"

    with without_mutes(bot.store), pytest.raises(sqlite3.OperationalError):
        bot.reload(a=every("a", 9), b=every("b"))

    told = health(bot)
    assert told.headline == "1 thing to look at"
    assert told.lines[0].startswith("⚠ The rules can not be reloaded: the old ones stay in force")
    assert "no such table: mutes" in told.lines[0]
    assert "rules: 1 in force" in told.lines


def test_a_reload_that_failed_is_tried_again_and_told_once(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 5))
    bot.sell("2025-09-01", 5)
    with without_mutes(bot.store):
        with pytest.raises(sqlite3.OperationalError):
            bot.reload(a=every("a", 9))
        bot.now += timedelta(minutes=1)
        assert bot.reload() == []
    bot.now += timedelta(minutes=1)

    told = bot.reload()

    assert [each.text for each in told] == ["Rules reloaded: 1 changed"]
    assert bot.reloader.refused == ()
    assert bot.sell("2025-09-02", 5) == []


def test_an_edit_that_is_taken_back_after_a_failed_reload_leaves_nothing_to_look_at(
    tmp_path: Path,
) -> None:
    bot = Bot(tmp_path, a=every("a", 5))
    bot.sell("2025-09-01", 5)
    with without_mutes(bot.store), pytest.raises(sqlite3.OperationalError):
        bot.reload(a=every("a", 9))

    bot.reload(a=every("a", 5))

    assert health(bot).headline == "All is well"


def test_a_folder_that_is_there_again_leaves_nothing_to_look_at(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))
    bot.delete("a")
    bot.reload()
    assert health(bot).headline == "1 thing to look at"

    bot.reload(a=every("a"))

    assert health(bot).headline == "All is well"
