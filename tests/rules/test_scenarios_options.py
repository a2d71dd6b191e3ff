"""The scenarios of time, history, sources, hours, caps and mutes, by their numbers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import to_ms
from bot.facts import SOURCE_POLL, Fact
from bot.judge import Judge
from bot.rehearsal import rehearse
from bot.routes import everything_to
from bot.rules.cases import RuleTest
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.store import Arrival, Mute
from tests.builders import Line, a_rule, a_trade, instant, ms, rules_of

M = 100_000_000
COUNTED = "let: {n: {count: events, over: 10d}}"


def fates(rule: Rule, test: str) -> list[tuple[str, str]]:
    """Time of day in New York and fate of every decision of a test written in YAML."""
    indented = test.strip().replace("\n", "\n  ")
    text = "rules:\n- id: t\n  on: source_poll\n  by: source\n  absent: 30s\n  message: x\n"
    text += f"  tests:\n  - {indented}"
    case: RuleTest = load_rules([("t.yaml", text)]).or_raise()[0].tests[0]
    return [(f"{_at(o.at):%H:%M:%S}", str(o.fate)) for o in rehearse([rule], case)]


def _at(at: int) -> Any:
    from bot.clock import NEW_YORK, from_ms

    return from_ms(at).astimezone(NEW_YORK)


def a_poll_rule(text: str, **keys: str) -> Rule:
    return a_rule(text, on="source_poll", by="source", message='"{source}"', **keys)


def polls(*given: tuple[str, str], more: str = "") -> str:
    facts = "\n".join(
        f"  - {{at: 2025-09-02 {at} ET, source_poll: {{source: edgar, {values}}}}}"
        for at, values in given
    )
    return f"name: n\n  given:\n{facts}\n  expect: []{more}"


# Silence.


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
        _see_poll(line, at, ok=ok_)
    line.add_at(a_trade("2025-09-02 11:00 ET"))

    line.judge.tick(instant("2025-09-02 14:00 ET"))

    assert [d["fate"] for d in line.store.decisions.all()] == ["unknown"]
    assert "edgar has not answered since" in line.store.decisions.all()[0]["reason"]


def _see_poll(line: Line, at: str, *, ok: bool) -> None:
    fact = Fact(kind=SOURCE_POLL, id=f"p{at}", subject="edgar", known_at=instant(at),
                values={"source": "edgar", "ok": ok})  # fmt: skip
    line.store.facts.add([Arrival(fact=fact, seen_at=ms(at))])


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


# History.


def test_w8_a_count_below_a_line_is_blind_until_enough_is_known() -> None:
    rule = a_rule(
        "let: {n: {distinct: person_key, over: 10min}}\nwhen: n < 4\nneeds_history: 10min",
        fire="rise",
    )
    line = Line(rule)
    line.store.collection.cover("insider_trade", None, instant("2025-09-02 12:00 ET"))
    first = [a_trade("2025-09-02 12:00 ET", id=f"a{n}", person_key=str(n)) for n in range(2)]
    more = [a_trade("2025-09-02 12:05 ET", id=f"b{n}", person_key=str(2 + n)) for n in range(3)]

    told = line.see(*first, *more, a_trade("2025-09-02 12:15 ET", id="c", person_key="0"))

    assert told == ["blind"] * 5 + ["fired"]


def test_n2_a_rule_that_needs_two_years_is_blind_after_six_months() -> None:
    line = Line(a_rule("needs_history: 2y"))
    line.store.collection.cover("insider_trade", None, instant("2025-03-23"))

    assert line.see(a_trade("2025-09-23")) == ["blind"]
    assert line.store.decisions.all()[0]["reason"] == "needs 2y of insider_trade, has 6mo of it"


def test_a_back_fill_of_one_subject_opens_the_eyes_for_it_alone() -> None:
    line = Line(a_rule("needs_history: 2y"))
    line.store.collection.cover("insider_trade", "OKLO", instant("2020-01-01"))

    assert line.see(a_trade(id="a"), a_trade(id="b", ticker="KLG")) == ["fired", "blind"]


# Waiting and holding.


LEVEL = a_poll_rule("for: 1min\nhold: 1min", when="items > 50", fire="rise")


def readings(*items: int, until: int) -> str:
    given = tuple((f"12:0{minute}:00", f"items: {n}") for minute, n in enumerate(items))
    return polls(*given, more=f"\n  until: 2025-09-02 12:0{until}:00 ET")


def test_p1_it_fires_when_it_has_held_and_stays_fired_for_a_while() -> None:
    told = fates(LEVEL, readings(75, 85, 70, 70, 10, 10, 75, until=6))

    expected = ["waiting", "fired", "already fired", "already fired", "no", "no", "waiting"]
    assert [fate for _, fate in told] == expected
    assert told[1][0] == "12:01:00"


def test_p1_a_match_within_hold_is_the_same_alert() -> None:
    given = (("12:00:00", "items: 75"), ("12:01:00", "items: 75"), ("12:02:00", "items: 10"),
             ("12:02:30", "items: 75"), ("12:04:00", "items: 75"))  # fmt: skip

    assert [f for _, f in fates(LEVEL, polls(*given))] == [
        "waiting", "fired", "no", "already fired", "already fired"]  # fmt: skip


def test_p2_what_ends_before_its_time_never_fires() -> None:
    assert [f for _, f in fates(LEVEL, readings(75, 10, until=9))] == ["waiting", "no"]


def test_a_condition_that_holds_fires_without_a_new_fact_at_the_computed_instant() -> None:
    assert fates(LEVEL, readings(75, until=5)) == [("12:00:00", "waiting"), ("12:01:00", "fired")]


def test_unknown_neither_ends_nor_delays_the_wait() -> None:
    given = (("12:00:00", "items: 75"), ("12:00:30", "ok: yes"))

    told = fates(LEVEL, polls(*given, more="\n  until: 2025-09-02 12:05:00 ET"))

    assert told[-1] == ("12:01:00", "fired")


def test_a_window_that_empties_before_its_time_ends_the_wait() -> None:
    line = Line(a_rule("let: {n: {count: events, over: 1d}}\nwhen: n >= 1\nfor: 2d", fire="rise"))
    line.add_at(a_trade("2025-09-02"))

    line.judge.tick(instant("2025-09-20"))

    assert [d["fate"] for d in line.store.decisions.all()] == ["waiting", "no"]


def test_p4_a_longer_wait_takes_a_fired_key_back_to_waiting() -> None:
    now = [instant("2025-09-02 12:00 ET")]
    line = Line()

    def judging(wait: str) -> Judge:
        rule = a_rule(f"for: {wait}", fire="rise")
        return Judge(line.store, [rule], clock=lambda: now[0], route=everything_to("#a"))

    judge = judging("15s")
    line.add_at(a_trade("2025-09-02 12:00 ET"))
    judge.tick(instant("2025-09-02 12:00:20 ET"))
    now[0] = instant("2025-09-02 12:00:30 ET")

    judge = judging("1h")
    judge.tick(instant("2025-09-02 12:00:31 ET"))
    between = [d["fate"] for d in line.store.decisions.all()]
    judge.tick(instant("2025-09-02 13:00:01 ET"))

    assert between == ["waiting", "fired"]
    alerts = line.store.decisions.all(fate="fired")
    assert [a["at"] for a in alerts] == [ms("2025-09-02 12:00:15 ET"), ms("2025-09-02 13:00 ET")]


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
        _see_poll(line, f"2025-09-02 {at} ET", ok=answered)
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


# Rules that fail.


def test_p10_a_rule_that_raises_stops_no_other_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad = a_rule(id="good"), a_rule(id="bad")
    line = Line()
    line.judge = Judge(line.store, [bad, good], clock=lambda: instant("2025-09-10"),
                       route=everything_to("#a"), ops_channel="#ops")  # fmt: skip
    prepared = line.judge._rules[0]

    def raises(row: Any) -> int:
        if row["id"] != "c":
            raise ZeroDivisionError("by design")
        return 1

    line.judge._rules[0] = replace(prepared, when=raises, reads=("id",))
    line.see(a_trade("2025-09-02", id="a"), a_trade("2025-09-03", id="b"))
    (failing,) = line.store.circumstances.failing()
    line.see(a_trade("2025-09-04", id="c"))

    assert [(d["rule"], d["fact_id"]) for d in line.store.decisions.all()] == [
        ("good", "a"), ("good", "b"), ("bad", "c"), ("good", "c")]  # fmt: skip
    assert (failing.rule, failing.times, failing.failing) == ("bad", 2, True)
    assert not line.store.circumstances.failing()[0].failing
    ops = [m.text for m in line.store.outbox.all() if m.channel == "#ops"]
    assert ops == ["The rule bad fails: ZeroDivisionError: by design"]


# Tests of rules.


def test_t1_a_test_that_names_a_rule_that_does_not_exist_is_refused_in_its_place() -> None:
    (problem,) = load_rules([("r.yaml", a_file_with("also: [nowhere]"))]).mistakes

    assert (problem.where, problem.what) == ("r.yaml:8:12", "there is no rule 'nowhere'")


def a_file_with(line: str) -> str:
    return (
        "rules:\n- id: t\n  on: insider_trade\n  when: shares > 1\n  message: x\n"
        f"  tests:\n  - name: n\n    {line}\n    given: []\n    expect: []\n"
    )


def test_rules_over_kinds_of_both_sorts_say_how_they_fire() -> None:
    text = "rules:\n- id: t\n  on: [insider_trade, source_poll]\n  by: ticker\n  message: x\n"
    text += "  when: ticker is known\n"

    (problem,) = load_rules([("r.yaml", text)]).mistakes
    assert "'fire' is needed" in problem.what
    assert rules_of(f"{text}  fire: rise\n")[0].fire == "rise"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("for: 1h", "'for' works only with fire: rise"),
        ("hold: 1h", "'hold' works only with fire: rise"),
        ("absent: 2h", "'when' does not go with 'absent'"),
        ("max_per_day: 0", "no whole number"),
        ("during: markets", "no value of 'during'"),
        ("needs_source: edgra", "no source"),
        ("needs_history: 2m", "2min or 2mo?"),
        ("to: insiders", "'insiders' is no channel"),
        ('to: "#Insiders"', "'#Insiders' is no channel"),
    ],
)
def test_an_option_that_is_wrong_is_refused_in_its_place(lines: str, what: str) -> None:
    text = "rules:\n- id: t\n  on: insider_trade\n  when: shares > 1\n  message: x\n"

    (problem,) = load_rules([("r.yaml", f"{text}  {lines}\n")]).mistakes

    assert what in problem.what
    assert problem.mend


# Laws.

TIMED = rules_of(
    """
rules:
- {id: lasts, on: insider_trade, by: ticker, fire: rise, for: 30h, hold: 20h, message: "{n}",
   let: {n: {count: events, over: 3d}}, when: n >= 2}
- {id: silent, on: insider_trade, by: ticker, absent: 40h, max_per_day: 1, message: "{ticker}"}
- {id: capped, on: insider_trade, by: person_key, when: value_usd >= $1M, max_per_day: 2,
   cooldown: 13h, message: x}
"""
)
STREAM = [
    a_trade("2025-09-02", id=f"{n:03d}", ticker="AB"[n % 3 % 2], person_key=str(n % 4),
            value_usd=M * (n % 3)) for n in range(30)
]  # fmt: skip
STREAM = [
    replace(fact, known_at=fact.known_at + timedelta(hours=(n * n * 7) % 23 + 9 * n))
    for n, fact in enumerate(STREAM)
]
END = max(fact.known_at for fact in STREAM) + timedelta(days=9)


def judged(*, ticks_every: int | None, limit: int = 1_000, each: bool = False) -> Line:
    line = Line(*TIMED)
    for fact in sorted(STREAM, key=lambda fact: fact.known_at):
        seen = fact.known_at + timedelta(minutes=7)
        line.store.facts.add([Arrival(fact=fact, seen_at=to_ms(seen))])
        if each:
            line.judge.judge(limit)
        if ticks_every:
            line.judge.tick(seen)
            for hour in range(0, 5, ticks_every):
                if not any(seen < f.known_at + timedelta(minutes=7) < seen + timedelta(hours=hour)
                           for f in STREAM):  # fmt: skip
                    line.judge.tick(seen + timedelta(hours=hour))
    line.run(limit)
    line.judge.tick(END)
    return line


@pytest.mark.parametrize(
    ("ticks_every", "limit", "each"),
    [(1, 1_000, True), (3, 2, True), (None, 1, True), (None, 4, False)],
)
def test_how_often_the_clock_is_looked_at_changes_no_decision(
    ticks_every: int | None, limit: int, each: bool
) -> None:
    line = judged(ticks_every=ticks_every, limit=limit, each=each)
    told, whole = line.told(), judged(ticks_every=None).told()

    assert told[0] == whole[0]
    assert told[1] == whole[1]
    assert {d["fate"] for d in whole[0]} >= {"waiting", "fired", "over the daily cap"}


def test_state_that_was_deleted_is_the_same_when_it_is_made_again_from_the_facts() -> None:
    line = judged(ticks_every=None)
    keys = [(rule.id, key) for rule in TIMED for key in ("A", "B", "0", "1", "2", "3")]
    before, told = line.store.decisions.states(keys), line.told()

    line.judge.rebuild()

    assert line.store.decisions.states(keys) == before
    assert line.told() == told


def test_a_silence_is_told_though_the_last_fact_of_its_key_was_amended_away() -> None:
    line = Line(a_rule(on="insider_trade", by="person_key", absent="2h"))
    line.add_at(a_trade("2025-09-02 12:00 ET", id="old", person_key="1"))
    line.add_at(a_trade("2025-09-02 13:00 ET", id="new", person_key="2"))
    line.store.facts.supersede(["old"], by="new")

    line.judge.tick(instant("2025-09-02 14:30 ET"))

    told = [(d["key"], d["fate"]) for d in line.store.decisions.all()]
    assert told == [("1", "fired")]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_falls_due_after_an_amendment_is_told_however_it_is_batched(at_once: bool) -> None:
    line = Line(a_rule(on="insider_trade", by="all", absent="2h", message="x"))
    for at, name in (("12:00", "a"), ("17:00", "b"), ("22:00", "c")):
        line.add_at(a_trade(f"2025-09-02 {at} ET", id=name))
        if name == "b":
            line.store.facts.supersede(["a"], by="b")
        if not at_once:
            line.judge.tick(instant(f"2025-09-02 {at} ET") + timedelta(hours=4))
    line.judge.tick(instant("2025-09-03 02:00 ET"))

    assert [d["fate"] for d in line.store.decisions.all()] == ["fired"] * 3


@pytest.mark.parametrize("limit", [1, 1_000])
def test_a_fact_does_not_count_an_alert_that_falls_due_at_its_own_instant(limit: int) -> None:
    rules = rules_of(
        """
rules:
- {id: silent, on: insider_trade, by: ticker, absent: 3h, message: x}
- {id: sales, on: insider_trade, by: ticker, let: {s: {seen: silent, over: 3d, by: all}},
   when: s >= 1, message: x}
"""
    )
    line = Line()
    judge = Judge(
        line.store,
        rules,
        clock=lambda: instant("2025-09-02 09:00 ET"),
        route=everything_to("#a"),
        watched=lambda rule: ("Z",) if rule.absent else None,
    )
    for at in ("2025-09-02 12:00 ET", "2025-09-02 12:01 ET"):
        line.add_at(a_trade(at, id=at[11:16]))
    while judge.judge(limit):
        pass

    told = [(d["rule"], d["fate"]) for d in line.store.decisions.all()]
    assert told == [("sales", "no"), ("silent", "fired"), ("sales", "fired")]
