"""``bot history``: the grammar of the chat on the terminal."""

import csv
import io
import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import reading_store
from bot.chat.asker import Asker, Via
from bot.chat_desk import terminal_desk
from bot.clock import system_clock, to_ms
from bot.config import load_config
from bot.rules.fire import Fate
from bot.store import Correction, Delivery, Store
from tests.builders import NOW
from tests.cli.console import run
from tests.store.past import BEGAN, Past, past_store

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A store of nine alerts of the last minutes, of which three are large."""
    begin = (to_ms(system_clock()) - BEGAN) // 60_000 - 30
    with closing(Store(tmp_path / "bot.db")) as store:
        past_store(
            [
                Past(
                    minutes=begin + number,
                    ticker="OKLO" if number % 3 else "SMR",
                    value_cents=200_000_000 if number % 3 else 500,
                    who="DeWitte Jacob" if number == 4 else None,
                    fate=Fate.MUTED if number == 8 else Fate.FIRED,
                    message=f"alert {number}",
                )
                for number in range(9)
            ],
            store,
        )
    (tmp_path / "bot.toml").write_text(f'[store]\npath = "{tmp_path}/bot.db"\n')
    return tmp_path / "bot.toml"


def ids(capsys: Printed) -> list[int]:
    return [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ([], [8, 7, 6, 5, 4, 3, 2, 1]),
        (["SMR"], [7, 4, 1]),
        (["OKLO", "min:$1m", "last", "2"], [8, 6]),
        (["OKLO min:$1m last 2"], [8, 6]),
        (["who:Jacob DeWitte"], [5]),
        (["who:jac dew", "OKLO"], [5]),
        (["-SMR sort:old limit:2"], [2, 3]),
        (["is:muted"], [9]),
        (["1h", "alert 3"], [4]),
        (['"alert 3"'], [4]),
        (["#3,#4"], [4, 3]),
    ],
)
def test_the_words_of_the_chat_find_the_same(
    config: Path, capsys: Printed, words: list[str], numbers: list[int]
) -> None:
    assert run("history", *words, "--json", "--config", config) == 0

    assert ids(capsys) == numbers


@pytest.mark.parametrize(
    "words",
    [
        "", "OKLO", "oklo insider min:$1m", "SMR,OKLO last 3", "who:jac", '"alert 3"', "is:muted",
        "—OKLO", "insider >$500k sort:value", "rule:sales 1h sort:old", "fate:no OKLO", "#5,#6",
        "status:none", "value:*..1k", "today or not", "kind:price",
    ],
)  # fmt: skip
def test_chat_and_terminal_find_the_same(config: Path, capsys: Printed, words: str) -> None:
    run("history", words, "--json", "--config", config)
    on_the_terminal = ids(capsys)

    settings = load_config(config)
    ann = Asker(user="U1", name="Ann", via=Via.SLACK)
    with reading_store(settings) as store:
        rows = terminal_desk(settings, store).answer(words, ann).rows

    assert [int(row.text.split()[0].lstrip("#")) for row in rows] == on_the_terminal


def test_the_reading_is_echoed_with_the_number_found(config: Path, capsys: Printed) -> None:
    assert run("history", "OKLO insider min:$1m since:90d", "--config", config) == 0

    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("OKLO · insider · ≥ $1M · since")
    assert first.endswith("(ET) → 5 alerts")
    assert second.split()[0] == "#"


def test_a_channel_is_echoed_by_the_name_that_messages_went_by(
    tmp_path: Path, config: Path, capsys: Printed
) -> None:
    with closing(Store(tmp_path / "bot.db")) as store:
        past_store([Past(channel="#alerts")], store)
        (message,) = store.outbox.all()
        store.outbox.settle(message, Delivery.SENT, at=NOW, place="C0ALERTS", ts="1.0")

    assert run("history", "in:C0ALERTS", "--config", config) == 0

    assert "#alerts → 1 alert" in capsys.readouterr().out


def test_the_foot_names_the_next_page(config: Path, capsys: Printed) -> None:
    run("history", "OKLO", "last", "4", "--json", "--config", config)
    four = ids(capsys)
    assert four == [8, 6, 5, 3]

    run("history", "--config", config, "limit:2")
    assert "next:" not in capsys.readouterr().out


def test_a_page_follows_the_one_before(tmp_path: Path, config: Path, capsys: Printed) -> None:
    with closing(Store(tmp_path / "bot.db")) as store:
        past_store([Past(minutes=n, ticker="AAPL") for n in range(25)], store)

    seen, cursor = list[int](), list[str]()
    for _ in range(3):
        run("history", "AAPL", *cursor, "--json", "--config", config)
        seen += ids(capsys)
        run("history", "AAPL", *cursor, "--config", config)
        foot = [line for line in capsys.readouterr().out.splitlines() if line.startswith("next: ")]
        cursor = foot[0].split()[3:5] if foot else []

    assert seen == list(range(34, 9, -1))
    assert not cursor
    assert run("history", "AAPL", "--page", "nonsense", "--config", config) == 2
    assert "there is no page 'nonsense'" in capsys.readouterr().err


def test_where_nothing_is_found_the_term_that_leaves_nothing_is_named(
    config: Path, capsys: Printed
) -> None:
    assert run("history", "SMR min:$1m", "--config", config) == 0

    shown = capsys.readouterr().out
    assert "SMR · ≥ $1M → 0 alerts" in shown
    assert "Without `SMR` there are 5." in shown
    assert "Without `min:$1m` there are 3." in shown


def test_an_export_goes_to_the_standard_output(config: Path, capsysbinary: object) -> None:
    assert run("history", "export csv SMR", "--config", config) == 0

    out = capsysbinary.readouterr().out  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(out.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["7", "4", "1"]


def test_other_verbs_are_answered_by_the_desk_of_the_chat(config: Path, capsys: Printed) -> None:
    assert run("history", "show", "5", "--config", config) == 0
    assert "#5" in capsys.readouterr().out

    assert run("history", "help", "--config", config) == 0
    assert "bot history" in capsys.readouterr().out


def test_a_mistake_is_mended_as_it_is_typed_on_the_terminal(config: Path, capsys: Printed) -> None:
    assert run("history", "vlaue:>1m", "--config", config) == 2

    shown = capsys.readouterr().err
    assert "Did you mean `value:`?" in shown
    assert "`bot history value:>1m`" in shown


def test_an_option_that_there_is_not_is_no_word_of_the_question(
    config: Path, capsys: Printed
) -> None:
    assert run("history", "--jsno", "OKLO", "--config", config) == 2

    assert "No such option '--jsno'" in capsys.readouterr().err


def test_the_table_says_which_alerts_were_corrected(config: Path, capsys: Printed) -> None:
    with closing(Store(config.parent / "bot.db")) as store:
        store.corrected.keep(
            [Correction(alert=5, seq=1, text="Amended: …", figures="value $2M → $200K")]
        )

    run("history", "--config", str(config), "#4,#5")

    words = " ".join(capsys.readouterr().out.split())
    assert "corrected: value $2M → $200K" in words
    assert words.count("corrected") == 1
    run("history", "--json", "--config", str(config), "#4,#5")
    fifth, fourth = map(json.loads, capsys.readouterr().out.splitlines())
    assert fifth["corrected"] == "Amended: …"
    assert "corrected" not in fourth
