"""A question has one answer: by chat, on the terminal and in a file."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.cards.actions import Action, action_id
from bot.chat.answer import Answer, Tone
from bot.chat.answer_slack import button_value
from bot.chat.ask import Wired
from bot.chat.asker import Asker, Via
from bot.chat.desk import Desk
from bot.chat.form import form_of, line_of
from bot.facts import PRICE_BAR
from bot.rules.fire import Fate
from bot.store import Store
from bot.store.searchable import FIELDS
from tests.builders import NOW
from tests.chat.lists import button, numbers
from tests.cli.console import run
from tests.store.past import Past, past_store

ANN = Asker(user="UANN", name="ann", via=Via.SLACK, channel="C1")

EXAMPLES = (
    *(example for field in FIELDS for example in field.examples),
    "",
    "OKLO insider since:90d min:$1m",
    "OKLO,NVDA -side:sell",
    "—side:sell",
    "$OKLO buys today",
    "yesterday",
    "30d",
    ">$500k sort:old",
    'who:"Sam Altman" OKLO',
    "who:Sam Altman",
    "CEO",
    "is:muted",
    "is:acked by:bob",
    "last 3 sell",
    "max:2m sort:value",
    "https://example.org/x",
)


def an_alert(n: int) -> Past:
    """Alerts that differ in everything by which they can be asked for."""
    return Past(
        minutes=n * 900,
        ticker=("BRK-B", "NVDA", "OKLO")[n % 3],
        rule=("cluster-buy", "sales")[n % 2],
        severity=("notice", "high", "critical")[n % 3],
        kind="insider_trade" if n % 5 else PRICE_BAR.name,
        fate=Fate.MUTED if n % 7 == 0 else Fate.FIRED,
        side=("sell", "buy")[n % 2],
        role=("ceo", "director", None)[n % 3],
        value_cents=(n % 9) * 40_000_000 or None,
        shares=n * 1_000.0,
        change=-0.01 * n,
        who=("Altman Sam", "DeWitte Jacob")[n % 2],
        message=("a reactor is sold", "a rate cut")[n % 2],
        channel=("#insiders", None, "#a")[n % 3],
        state=("sent", "dead", "pending")[n // 3 % 3],
        acked_by=("bob", None, None)[n % 3],
        corrected=n % 4 == 0,
    )


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bot")
    past_store([an_alert(n) for n in range(60)], Store(folder / "bot.db")).close()
    file = folder / "config.toml"
    file.write_text('[store]\npath = "bot.db"\n')
    return file


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A few hours after the newest alert."""
    instant = NOW + timedelta(minutes=60 * 900)
    monkeypatch.setattr("bot.cli.history.system_clock", lambda: instant)
    return instant


def by_chat(config: Path, now: datetime, text: str) -> tuple[Answer, list[int]]:
    """The first page, and the numbers of all pages."""
    store = Store(config.with_name("bot.db"))
    wired = Wired(rules=tuple, doctor=tuple)
    desk = Desk(store, wired=wired, clock=lambda: now)
    answer = first = desk.answer(text, ANN)
    found = numbers(answer)
    while any(each.label == "Next" for each in answer.buttons):
        value = button_value(button(answer, "Next"))
        further = desk.click(action_id(Action.PAGE), value, ANN, None)
        assert further is not None
        answer = further
        found += numbers(answer)
    store.close()
    return first, found


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_of_the_grammar_finds_the_same_everywhere(
    config: Path, now: datetime, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    first, found = by_chat(config, now, text)

    assert run("--config", config, "history", "--json", text) == 0
    printed = [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]
    assert run("--config", config, "history", f"export json {text}") == 0
    exported = [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]

    assert first.tone is Tone.GOOD
    assert (found[: len(printed)], found) == (printed, exported)
    assert len(printed) == min(10, len(found)) or "last" in text or "limit" in text


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_finds_the_same_by_the_form(config: Path, now: datetime, text: str) -> None:
    """Written into its input for words, and refined from the answer."""
    first, found = by_chat(config, now, text)
    (refine,) = [each.command for each in first.buttons if each.action is Action.FORM]

    filled = form_of(refine, now=now, zone=ANN.zone)

    assert filled is not None
    for each in (filled, {"words": text}):
        line = line_of(each, is_ticker=lambda symbol: symbol == "OKLO")
        assert by_chat(config, now, line)[1] == found


def test_the_examples_find_something(config: Path, now: datetime) -> None:
    """Else they would all agree on nothing."""
    empty = {text for text in EXAMPLES if not by_chat(config, now, text)[1]}

    of_another_year = {"since:2026-08-01", "on:2026-08", "on:2026-08-01..2026-08-15"}
    of_other_fates = {"fate:in-cooldown", 'fate:"over the daily cap"'}
    assert empty <= of_another_year | of_other_fates | {"#10482", "https://example.org/x"}
