"""The scenarios of silence and of the hours of the market, by their numbers."""

import pytest

from bot.judge import Judge
from bot.routes import everything_to
from tests.builders import Line, a_rule, a_trade, instant, ms
from tests.rules.timed import a_poll_rule, fates, polls, see_a_poll

SILENT = a_poll_rule("absent: 30s")


def ok(*times: str) -> tuple[tuple[str, str], ...]:
    return tuple((time, "ok: yes") for time in times)


def test_f1_one_alert_a_silence_at_its_deadline_and_another_after_the_next() -> None:
    told = fates(SILENT, polls(*ok("12:00:00", "12:00:09", "12:00:52"),
                               more="\n  until: 2025-09-02 12:10:00 ET"))  # fmt: skip

    assert told == [("12:00:39", "fired"), ("12:01:22", "fired")]


def test_f2_a_key_that_never_had_a_fact_is_counted_from_the_start() -> None:
    more = "\n  keys: [prices]\n  until: 2025-09-02 12:00:40 ET"

    told = fates(SILENT, polls(*ok("12:00:00", "12:00:20"), more=more))

    assert told == [("12:00:30", "fired")]


def test_f2_at_the_start_nothing_is_silent_yet() -> None:
    more = "\n  keys: [prices]\n  until: 2025-09-02 12:00:29 ET"

    assert fates(SILENT, polls(*ok("12:00:00"), more=more)) == []


def test_f3_a_source_of_the_configuration_that_was_never_seen_alerts_live() -> None:
    line = Line()
    judge = Judge(line.store, [SILENT], clock=lambda: instant("2025-09-02 12:00 ET"),
                  route=everything_to("#a"), watched=lambda _rule: ("edgar",))  # fmt: skip

    judge.tick(instant("2025-09-02 12:00:30 ET"))
    before = line.store.decisions.all()
    judge.tick(instant("2025-09-02 14:00 ET"))
    judge.tick(instant("2025-09-02 15:00 ET"))

    assert before == []
    (alert,) = line.store.decisions.all()
    assert (alert["fate"], alert["key"], alert["message"]) == ("fired", "edgar", "edgar")
    assert alert["at"] == ms("2025-09-02 12:00:30 ET")
    assert [m.text for m in line.store.outbox.all()] == ["edgar"]


def test_f4_while_a_source_fails_a_silence_of_its_facts_is_unknown() -> None:
    rule = a_rule(on="insider_trade", by="ticker", absent="2h", needs_source="edgar")
    line = Line(rule)
    poll_at = {True: "2025-09-02 10:00 ET", False: "2025-09-02 10:30 ET"}
    for ok_, at in poll_at.items():
        see_a_poll(line, at, ok=ok_)
    line.add_at(a_trade("2025-09-02 11:00 ET"))

    line.judge.tick(instant("2025-09-02 14:00 ET"))

    assert [d["fate"] for d in line.store.decisions.all()] == ["unknown"]
    assert "edgar has not answered since" in line.store.decisions.all()[0]["reason"]


@pytest.mark.parametrize(
    ("at", "fate"),
    [
        ("2025-09-06 12:00 ET", "no"),  # a Saturday
        ("2025-09-01 12:00 ET", "no"),  # Labor Day
        ("2025-11-28 13:00 ET", "no"),  # the end of a half day
        ("2025-11-28 12:59 ET", "fired"),
        ("2025-09-02 09:30 ET", "fired"),
    ],
)
def test_f5_a_rule_limited_to_the_market_is_silent_outside_its_sessions(at: str, fate: str) -> None:
    assert Line(a_rule(during="market")).see(a_trade(at)) == [fate]


def test_f5_time_to_wait_passes_only_while_the_market_is_open() -> None:
    line = Line(a_rule("for: 1h\nduring: market", fire="rise"))
    line.add_at(a_trade("2025-09-05 15:30 ET"))  # a Friday

    line.judge.tick(instant("2025-09-09"))

    assert line.store.decisions.all()[-1]["at"] == ms("2025-09-08 10:00 ET")
