"""The scenarios of caps, cooldowns, mutes and amendments, by their numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import to_ms
from bot.store import Mute
from tests.builders import COUNTED, Line, a_rule, a_trade, instant, ms
from tests.rules.timed import see_a_poll

# Caps, cooldowns, mutes.


@pytest.mark.parametrize(("cap", "told"), [("", 2), ("max_per_day: 2", 2), ("max_per_day: 1", 1)])
def test_p5_what_is_over_the_cap_waits_for_a_digest_and_is_never_lost(cap: str, told: int) -> None:
    line = Line(a_rule(cap))

    got = line.see(a_trade(ticker="A", id="a"), a_trade(ticker="B", id="b"))

    assert got == ["fired"] * told + ["over the daily cap"] * (2 - told)
    assert [m.state for m in line.store.outbox.all()] == ["pending"] * told + ["digest"] * (
        2 - told
    )


def test_a_cap_begins_anew_with_the_day_in_new_york() -> None:
    line = Line(a_rule("max_per_day: 1"))

    told = line.see(*(a_trade(at) for at in ("2025-09-02 20:00 ET", "2025-09-02 23:59 ET",
                                             "2025-09-03 00:00 ET")))  # fmt: skip

    assert told == ["fired", "over the daily cap", "fired"]


def test_d1_matches_at_one_instant_alert_once_and_the_end_of_a_cooldown_is_outside_it() -> None:
    line = Line(a_rule(cooldown="50s"))
    start = instant("2025-09-02")
    each_second = [replace(a_trade(id=f"{n:02d}"), known_at=start + timedelta(seconds=n))
                   for n in range(60)]  # fmt: skip

    line.see(*each_second)

    alerts = [d["at"] - to_ms(start) for d in line.store.decisions.all(fate="fired")]
    assert alerts == [0, 50_000]


def test_d2_keys_have_cooldowns_of_their_own() -> None:
    line = Line(a_rule(cooldown="10min", by="owner_cik"))

    told = line.see(
        a_trade("2025-09-02 12:00 ET", owner_cik="1"),
        a_trade("2025-09-02 12:05 ET", owner_cik="1"),
        a_trade("2025-09-02 12:05 ET", owner_cik="2"),
        a_trade("2025-09-02 12:05 ET", owner_cik=None),
    )

    assert told == ["fired", "in cooldown", "fired"]


def test_d4_a_match_that_was_muted_starts_no_cooldown() -> None:
    line = Line(a_rule(cooldown="7d"))
    mute = Mute(since=0, until=ms("2025-09-03"), ticker="OKLO", by="ann")
    line.store.circumstances.mute(mute)
    line.add_at(a_trade("2025-09-02"))
    line.add_at(a_trade("2025-09-04"))
    line.run()

    told = [(d["fate"], d["reason"]) for d in line.store.decisions.all()]
    assert told == [("muted", "until 2025-09-03T16:00:00.000Z by ann"), ("fired", None)]


def test_d5_every_match_is_kept_with_its_fate() -> None:
    told = Line(a_rule(cooldown="7d")).see(*(a_trade(id=str(n)) for n in range(5)))

    assert told == ["fired"] + ["in cooldown"] * 4


def test_a_rise_is_spent_though_it_was_muted() -> None:
    line = Line(a_rule(fire="rise"))
    line.store.circumstances.mute(Mute(since=0, until=ms("2025-09-03")))
    line.add_at(a_trade("2025-09-02"))
    line.add_at(a_trade("2025-09-04"))
    line.run()

    assert [d["fate"] for d in line.store.decisions.all()] == ["muted", "already fired"]


def test_i1_a_match_is_inhibited_while_its_source_does_not_answer() -> None:
    line = Line(a_rule(needs_source="edgar"))
    for at, answered in (("12:00", True), ("12:10", False), ("12:30", False), ("12:40", True)):
        line.add_at(a_trade(f"2025-09-02 {at}:01 ET"))
        see_a_poll(line, f"2025-09-02 {at} ET", ok=answered)
        line.add_at(a_trade(f"2025-09-02 {at}:02 ET"))
    line.run()

    told = [d["fate"] for d in line.store.decisions.all()]
    assert told == ["fired"] * 4 + ["inhibited"] * 3 + ["fired"]


# Amendments.


def test_d8_an_amendment_of_a_trade_that_was_told_is_not_told_again() -> None:
    line = Line(a_rule())
    line.see(a_trade("2025-09-02", id="old"))
    line.add(a_trade("2025-09-03", id="new"))
    line.store.facts.supersede(["old"], by="new")

    line.run()

    assert [d["fate"] for d in line.store.decisions.all()] == ["fired", "already fired"]


def test_an_amendment_that_makes_the_rule_yes_for_the_first_time_is_told_once() -> None:
    line = Line(a_rule())
    line.see(a_trade("2025-09-02", id="a", value_usd=1))
    line.add(a_trade("2025-09-03", id="b", amendment=True), a_trade("2025-09-04", id="c"))
    assert line.store.facts.supersede(["a"], by="b") == 1
    line.store.facts.supersede(["b"], by="c")

    line.run()

    assert [d["fate"] for d in line.store.decisions.all()] == ["no", "fired", "already fired"]
    assert "amended" in line.store.outbox.all()[0].text


def test_windows_count_the_amending_trade_in_place_of_the_old_one() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))
    line.see(a_trade("2025-09-02", id="old"))
    line.add(a_trade("2025-09-03", id="new"))
    line.store.facts.supersede(["old"], by="new")
    line.run()

    assert line.values("n") == [1, 1]
