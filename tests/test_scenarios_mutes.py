"""Scenarios of mutes and of sources that do not answer, by their ids."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import to_ms
from bot.facts import SOURCE_POLL, Fact
from bot.store import Mute
from tests.builders import a_rule
from tests.routed import Routed

HOUR = 3600


def a_bot(**keys: str) -> Routed:
    """One rule that tells each trade of a ticker."""
    return Routed(a_rule(message='"{ticker} {id}"', **keys))


def muted(bot: Routed, begins: float, ends: float, **values: Any) -> int:
    """Mute between two times of the test, in seconds."""
    since, until = (to_ms(bot.start + timedelta(seconds=s)) for s in (begins, ends))
    return bot.store.circumstances.mute(Mute(since=since, until=until, **values))


def tickers(bot: Routed, since: int = 0) -> list[str]:
    return [text.split()[0] for _, text in bot.told()[since:]]


def test_m1_a_mute_holds_back_one_of_two_alerts_while_it_lasts() -> None:
    bot, told = a_bot(), list[list[str]]()
    muted(bot, 2.5, 4.5, ticker="A")

    for second in (2, 3, 4, 5):
        bot.at(second)
        before = len(bot.told())
        bot.see(*(bot.trade(f"{ticker}{second}", ticker=ticker) for ticker in "AB"))
        told.append(tickers(bot, before))

    assert told == [["A", "B"], ["B"], ["B"], ["A", "B"]]


def test_m2_when_a_mute_of_everything_is_lifted_alerts_come_again() -> None:
    bot, told = a_bot(), list[list[str]]()
    number = muted(bot, 1.5, 9)

    for second in (1, 2, 3, 4):
        bot.at(second)
        if second == 4:
            lifted = to_ms(bot.start + timedelta(seconds=3.5))
            assert bot.store.circumstances.unmute(number, at=lifted, by="bob")
        before = len(bot.told())
        bot.see(*(bot.trade(f"{ticker}{second}", ticker=ticker) for ticker in "AB"))
        told.append(tickers(bot, before))

    assert told == [["A", "B"], [], [], ["A", "B"]]


def test_m3_a_rule_that_is_muted_for_four_hours_alerts_after_five() -> None:
    bot = a_bot()
    muted(bot, 0, 4 * HOUR, rule="sales")

    bot.see(bot.trade("first"))
    assert bot.told() == []
    bot.at(5 * HOUR).see(bot.trade("later"))

    assert [fate for _, fate in bot.fates()] == ["muted", "fired"]


def test_m3_a_mute_of_a_rule_and_an_owner_lets_other_owners_through() -> None:
    bot = a_bot()
    muted(bot, 0, 4 * HOUR, rule="sales", who="doe")

    bot.see(bot.trade("other", owner_name="Cook Lisa"), bot.trade("same", owner_name="Doe Jane"))
    bot.at(5 * HOUR).see(bot.trade("later", owner_name="Doe Jane"))

    assert bot.fates() == [("other", "fired"), ("same", "muted"), ("later", "fired")]


def mute_lines(bot: Routed) -> list[list[str]]:
    """What each post says of mutes."""
    return [[line.text for line in card.lines if line.label == "Muted"]
            for _, _, card in bot.posts.timed]  # fmt: skip


def test_m5_the_next_alert_after_a_mute_tells_of_it_and_what_it_held_back() -> None:
    bot = a_bot()
    muted(bot, 0, HOUR, ticker="A", by="ann", why="earnings")
    for n in range(3):
        bot.see(bot.trade(f"held{n}", ticker="A"))
    bot.see(bot.trade("other", ticker="B"))

    bot.at(HOUR)
    bot.see(bot.trade("unconcerned", ticker="B"))
    bot.see(bot.trade("next", ticker="A"))
    bot.see(bot.trade("after", ticker="A"))

    said = "was muted until 2025-09-02 13:00 ET by ann, 3 held back: earnings"
    assert mute_lines(bot) == [[], [], [said], []]


def test_m5_a_mute_that_was_lifted_says_by_whom_and_when() -> None:
    bot = a_bot()
    number = muted(bot, 0, 9 * HOUR, by="ann")
    bot.see(bot.trade("held"))

    bot.at(HOUR)
    bot.store.circumstances.unmute(number, at=to_ms(bot.now), by="bob")
    bot.see(bot.trade("next"))

    (said,) = mute_lines(bot)
    assert said == ["was muted until 2025-09-02 13:00 ET by ann (lifted by bob), 1 held back"]


def test_m5_of_a_mute_that_held_nothing_back_nobody_is_told() -> None:
    bot = a_bot()
    muted(bot, 0, HOUR, ticker="A", by="ann")

    bot.at(HOUR).see(bot.trade("next", ticker="A"))

    assert mute_lines(bot) == [[]]


def test_m5_what_a_message_tells_of_a_mute_stays_when_more_of_its_document_comes() -> None:
    bot = a_bot()
    muted(bot, 0, HOUR)
    bot.see(bot.trade("held"))
    bot.at(HOUR)

    for name in ("first", "second"):
        bot.store.facts.add([bot.arrival(name, document=7)])
        bot.judge.tick()
    bot.run()

    ((_, _, card),) = bot.posts.timed
    assert card.headlines == ("OKLO first", "OKLO second")
    assert mute_lines(bot) == [["was muted until 2025-09-02 13:00 ET, 1 held back"]]


def test_m5_muted_matches_stay_in_history_with_their_fate() -> None:
    bot = a_bot()
    muted(bot, 0, HOUR, by="ann")
    bot.see(bot.trade("held"))

    (held,) = bot.store.decisions.all(fate="muted")
    assert held["reason"] == "until 2025-09-02T17:00:00.000Z by ann"
    assert held["message"] == "OKLO held"


# Sources that do not answer.


def a_poll(bot: Routed, source: str, *, ok: bool) -> Fact:
    return Fact(kind=SOURCE_POLL, id=f"{source}{bot.now}", subject=source, known_at=bot.now,
                values={"source": source, "ok": ok})  # fmt: skip


def test_i1_only_rules_that_need_the_silent_source_are_held_back_and_only_so_long() -> None:
    rules = [a_rule(id=source, needs_source=source) for source in ("edgar", "prices")]
    bot = Routed(*rules, fresh=timedelta(seconds=1))

    for second in range(1, 6):
        bot.at(second)
        bot.see(a_poll(bot, "edgar", ok=second != 3), a_poll(bot, "prices", ok=True))
        bot.at(second + 0.1).see(bot.trade(f"t{second}"))

    held = [(each["rule"], each["fact_id"], each["reason"])
            for each in bot.store.decisions.all(fate="inhibited")]  # fmt: skip
    assert held == [("edgar", "t3", "edgar has not answered since 2025-09-02T16:00:02.000Z")]
    assert len(bot.told()) == 9


def test_i2_two_mutes_that_end_at_one_instant_are_both_told_to_have_ended() -> None:
    bot = a_bot()
    muted(bot, 0, HOUR, ticker="A", by="ann")
    muted(bot, 0, HOUR, rule="sales", by="bob")
    bot.see(bot.trade("held", ticker="A"))

    bot.at(HOUR).see(bot.trade("next", ticker="A"))

    (said,) = mute_lines(bot)
    assert said == [f"was muted until 2025-09-02 13:00 ET by {who}, 1 held back"
                    for who in ("ann", "bob")]  # fmt: skip
    assert bot.store.decisions.all(fate="muted")[0]["reason"] == (
        "until 2025-09-02T17:00:00.000Z by ann; until 2025-09-02T17:00:00.000Z by bob"
    )


def test_i3_what_was_held_back_is_not_sent_after_a_restart(tmp_path: Path) -> None:
    rules = [a_rule(id="needing", needs_source="edgar"), a_rule(id="free")]
    bot = Routed(*rules, path=tmp_path / "bot.db", fresh=timedelta(seconds=1))
    bot.see(a_poll(bot, "edgar", ok=True))
    muted(bot, 0, HOUR, rule="free")
    bot.at(60).see(bot.trade("before"))

    bot.restart()
    bot.run()
    bot.at(61).see(bot.trade("after"))

    assert bot.told() == []
    fates = [(each["rule"], each["fate"]) for each in bot.store.decisions.all()]
    assert fates == [("needing", "inhibited"), ("free", "muted")] * 2
