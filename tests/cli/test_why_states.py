"""``bot rules why`` in every state that a key can have."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.clock import to_ms
from bot.store import Mute
from tests.builders import NOW, Line, a_trade, instant, ms, rules_of
from tests.cli.console import run

HEAD = "rules:\n- id: r\n  on: insider_trade\n  message: '{ticker}'\n"
Why = Callable[..., str]


class Bot:
    """A bot's files, and what ``why`` says of its one rule r."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.config = folder / "config.toml"
        self.config.write_text('[store]\npath = "bot.db"\n[rules]\npath = "rules.yaml"\n')

    def start(self, *lines: str, more: str = "") -> Line:
        text = HEAD + "".join(f"  {line}\n" for line in lines) + more
        (self.folder / "rules.yaml").write_text(text)
        self.line = Line(*rules_of(text), path=self.folder / "bot.db")
        return self.line

    def why(self, key: str = "OKLO", *arguments: str, rule: str = "r", status: int = 0) -> str:
        assert run("--config", self.config, "rules", "why", rule, key, *arguments) == status
        return self.capsys.readouterr().out

    def json(self, key: str = "OKLO", *arguments: str, rule: str = "r") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.why(key, *arguments, "--json", rule=rule))
        return found


@pytest.fixture
def bot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Bot:
    return Bot(tmp_path, capsys)


def test_a_silence_that_was_told_names_the_last_fact_before_it(bot: Bot) -> None:
    line = bot.start("by: ticker", "absent: 30d")
    line.add_at(
        a_trade(
            "2025-09-01", accession_number="0000000001-25-000001", form="4", issuer_cik="0001849056"
        )
    )
    line.judge.tick(instant("2025-10-20"))

    told = bot.why()

    assert "last decision: fired, 2025-10-01T16:00:00.000Z" in told
    assert "yes     no fact for 30d" in told
    assert "last fact before the silence:\n  2025-09-01T16:00:00.000Z  Form 4 0000000001" in told
    assert "state now: silent since 2025-09-01T16:00:00.000Z" in told


def test_a_watched_key_that_never_had_a_fact_has_a_proof_too(bot: Bot) -> None:
    text = "rules:\n- id: r\n  on: source_poll\n  by: source\n  absent: 2h\n  message: '{source}'\n"
    (bot.folder / "rules.yaml").write_text(text)
    line = Line(*rules_of(text), path=bot.folder / "bot.db", watched=("edgar",))
    line.judge.tick(instant("2025-10-20"))

    for key in ("edgar", "EDGAR", "Edgar"):
        told = bot.why(key)
        assert "last decision: fired, 2025-10-01T18:00:00.000Z" in told
        assert "last fact before the silence:\n  none ever" in told
    assert bot.json("edgar")["decision"]["fact"] is None


def test_a_key_whose_silence_is_still_counted_tells_when_its_alert_is_due(bot: Bot) -> None:
    line = bot.start("absent: 50y")
    line.add_at(a_trade("2025-09-01", subject="0001849056"))
    line.run()

    told = bot.why("oklo")

    assert "silence counts from 2025-09-01T16:00:00.000Z, an alert is due at 2075-09-01" in told
    assert "it has judged nothing about 0001849056" in told
    assert "its newest insider_trade: 2025-09-01" in told


def test_a_match_that_waits_tells_until_when(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "fire: rise", "for: 50y")
    line.add_at(a_trade("2025-09-01"))
    line.run()

    told = bot.why()

    assert "holds since 2025-09-01T16:00:00.000Z, waiting until 2075-09-01" in told
    assert "last decision: waiting (until 2075-09-01" in told


def test_the_facts_behind_an_alert_that_fell_due_are_those_of_that_instant(bot: Bot) -> None:
    line = bot.start(
        "by: ticker", "let: {n: {count: events, over: 10d}}", "when: n >= 1", "fire: rise",
        "for: 5d",
    )  # fmt: skip
    for day in ("2025-09-01", "2025-09-05", "2025-09-20"):
        line.add_at(a_trade(day))
        line.run()

    found = bot.json("OKLO", "--at", "2025-09-07 12:00 ET")

    assert (found["decision"]["fate"], found["decision"]["at"][:10]) == ("fired", "2025-09-06")
    (n,) = found["measures"]
    assert (n["value"], len(n["facts"])) == (2, 2)


def test_a_key_that_is_held_tells_until_when(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "fire: rise", "hold: 50y")
    line.see(a_trade("2025-09-01"))
    line.see(a_trade("2025-09-02", value_usd=1))

    told = bot.why()

    assert "fired since 2025-09-01T16:00:00.000Z, ended at 2025-09-02T16:00:00.000Z" in told
    assert "held until 2075-09-02" in told


def test_a_cooldown_and_a_mute_tell_until_when(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "cooldown: 50y")
    line.see(a_trade("2025-09-01"))
    line.store.circumstances.mute(
        Mute(since=to_ms(NOW), until=ms("2090-01-02"), ticker="OKLO", by="ann")
    )

    told = bot.why()

    assert "cooling until 2075-09-01" in told
    assert "muted until 2090-01-02T17:00:00.000Z by ann" in told


def test_a_blind_key_tells_what_it_needs_and_has(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "needs_history: 2y")
    line.see(a_trade("2025-09-01"))
    assert "blind (needs 2y of insider_trade, it is not collected)" in bot.why()

    line.store.collection.cover("insider_trade", None, instant("2025-03-01"))
    line.see(a_trade("2025-09-02"))

    assert "last decision: blind (needs 2y of insider_trade, has 6mo of it)" in bot.why()


def test_a_rule_that_is_off_or_fails_says_so(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "enabled: no")
    line.see(a_trade("2025-09-01"))

    told = bot.why(status=1)
    assert "the rule is off (enabled: no): it judges nothing" in told
    assert "state now: off\n" in told

    line.store.circumstances.note_failure(
        "r", "v", at=ms("2025-09-01"), fact_id="f", error="Oh: no"
    )
    assert "the rule fails since 2025-09-01T16:00:00.000Z: Oh: no" in bot.why(status=1)


def test_alerts_that_a_rule_counts_are_shown(bot: Bot) -> None:
    watcher = (
        "- id: w\n  on: insider_trade\n  by: ticker\n  let: {n: {seen: r, over: 10d}}\n"
        "  when: n >= 2\n  message: x\n"
    )
    line = bot.start("by: ticker", "when: value_usd >= $1M", more=watcher)
    line.see(a_trade("2025-09-01"))
    line.see(a_trade("2025-09-02"))

    told = bot.why(rule="w")

    assert "n 2: seen of r over 10d, 2 alerts" in told
    assert "  2025-09-02T16:00:00.000Z OKLO OKLO" in told
    assert [each["at"][:10] for each in bot.json(rule="w")["measures"][0]["alerts"]] == [
        "2025-09-02",
        "2025-09-01",
    ]


def test_before_a_key_was_judged_at_asks_in_vain_and_says_so(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M")
    line.see(a_trade("2025-09-01"))

    told = bot.why("OKLO", "--at", "2025-08-01 12:00 ET", status=1)

    assert "it had judged nothing about OKLO by 2025-08-01" in told
    assert "no insider_trade about it is stored by 2025-08-01" in told


def test_at_tells_the_cooldown_that_held_then_and_nothing_of_now(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "cooldown: 30d")
    line.see(a_trade("2025-09-01"))
    line.see(a_trade("2025-09-10"))

    told = bot.why("OKLO", "--at", "2025-09-15")

    assert "state then: cooling until 2025-10-01T16:00:00.000Z" in told
    assert "state now" not in told
    assert bot.json("OKLO", "--at", "2025-09-15")["state"].startswith("cooling until 2025-10-01")


def test_at_tells_the_rise_of_then_whatever_became_of_it(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "fire: rise")
    line.see(a_trade("2025-09-01"))
    line.see(a_trade("2025-09-02", value_usd=200_000_000))
    line.see(a_trade("2025-09-03", value_usd=None))
    line.see(a_trade("2025-09-04", value_usd=1))

    for day in ("2025-09-01", "2025-09-02", "2025-09-03"):
        assert "state then: fired since 2025-09-01" in bot.why("OKLO", "--at", day)
    assert "state then: armed" in bot.why("OKLO", "--at", "2025-09-04")


def test_at_does_not_guess_a_state_that_no_decision_tells(bot: Bot) -> None:
    line = bot.start("by: ticker", "when: value_usd >= $1M", "fire: rise", "clear: value_usd < $2")
    line.see(a_trade("2025-09-01"))
    line.see(a_trade("2025-09-04", value_usd=1))

    assert "state then: not told by the decisions" in bot.why("OKLO", "--at", "2025-09-04")


def test_at_looks_at_no_key_that_came_later(bot: Bot) -> None:
    line = bot.start("by: [ticker, person_key]", "when: value_usd >= $1M")
    line.see(a_trade("2025-09-01", person_key="7"))
    line.see(a_trade("2025-09-20", person_key="8"))

    found = bot.json("OKLO", "--at", "2025-09-02")

    assert (found["key"], found["other_keys"]) == ("OKLO/7", [])
    assert "state then: nothing was decided by then" in bot.why(
        "OKLO/8", "--at", "2025-09-02", status=1
    )


def test_a_rule_of_one_state_says_so_and_which_fact_decided(bot: Bot) -> None:
    line = bot.start("by: all", "when: value_usd >= $1M", "fire: rise")
    line.see(a_trade("2025-09-01"))
    line.see(a_trade("2025-09-02", ticker="NWIN"))

    told = bot.why("OKLO")

    assert "r · all" in told
    assert "one state for everything (by: all), none of OKLO alone" in told
    assert "the last decision is about NWIN" in told
    assert bot.json("OKLO")["one_for_all"] is True
    assert "none of ZZZ alone" in bot.why("ZZZ")
    assert "none of" not in bot.why("all")


def a_change(bot: Bot, *values: int | None) -> str:
    """What is told of a change over 30 days, with one trade each 20 days."""
    line = bot.start("by: ticker", "let: {g: {change: shares_after, over: 30d}}", "when: g > 0%")
    for day, value in zip(("2025-06-01", "2025-07-01", "2025-07-21", "2025-07-25"), values,
                          strict=False):  # fmt: skip
        line.see(a_trade(day, shares_after=value))
    return bot.why()


def test_a_change_shows_the_newest_and_the_base_and_nothing_between(bot: Bot) -> None:
    told = a_change(bot, 100, 300, 200, 400)

    assert "g 300%: change of shares_after over 30d, 2 facts" in told
    assert "  newest: 2025-07-25T16:00:00.000Z shares_after 400" in told
    assert "  base: 2025-06-01T16:00:00.000Z shares_after 100" in told
    assert "shares_after 300" not in told


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((None, 300, 200, 400), "no known shares_after before its start"),
        ((100, None, None, None), "no known shares_after in the window"),
        ((0, 300, 200, 400), "the base is 0"),
    ],
)
def test_an_unknown_change_says_why(bot: Bot, values: Sequence[int | None], reason: str) -> None:
    assert "g unknown: change of shares_after over 30d" in (told := a_change(bot, *values))
    assert f"  unknown: {reason}\n" in told
