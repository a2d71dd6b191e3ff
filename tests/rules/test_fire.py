"""When a match becomes an alert: the pure step, one decision of the design a test."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.fire import NEW, Fate, Firing, Moment, State, cooling_until, step
from bot.rules.model import Fire
from bot.rules.spans import read_span

EVERY = Firing(fire=Fire.EVERY)
RISE = Firing(fire=Fire.RISE)
CLEARED = Firing(fire=Fire.RISE, has_clear=True)
COOLED = Firing(fire=Fire.EVERY, cooldown=read_span("10s"))
RISE_COOLED = Firing(fire=Fire.RISE, cooldown=read_span("10s"))


def yes(at: int, *, first: int | None = None, quiet: bool = False) -> Moment:
    return Moment(at=at, matches=1, clears=0, first=first, quiet=quiet)


def no(at: int, *, clears: int | None = 0, first: int | None = None) -> Moment:
    return Moment(at=at, matches=0, clears=clears, first=first)


def unknown(at: int) -> Moment:
    return Moment(at=at, matches=None, clears=None)


def fates(firing: Firing, *moments: Moment, state: State = NEW) -> list[Fate]:
    told = []
    for moment in moments:
        state, fate = step(firing, state, moment)
        told.append(fate)
    return told


def test_every_alerts_for_each_match() -> None:
    assert fates(EVERY, yes(1), yes(2), no(3), yes(4)) == ["fired", "fired", "no", "fired"]


def test_a_rise_alerts_once_until_a_no_arms_it_again() -> None:
    told = fates(RISE, yes(1), yes(2), no(3), yes(4))

    assert told == ["fired", "already fired", "no", "fired"]


def test_unknown_neither_fires_nor_arms() -> None:
    told = fates(RISE, unknown(1), yes(2), unknown(3), yes(4))

    assert told == ["unknown", "fired", "unknown", "already fired"]


def test_with_clear_a_no_does_not_arm_and_only_clear_does() -> None:
    told = fates(
        CLEARED, yes(1), no(2), yes(3), no(4, clears=None), yes(5), no(6, clears=1), yes(7)
    )

    assert told == ["fired", "no", "already fired", "no", "already fired", "no", "fired"]


def test_a_key_starts_armed_even_where_there_is_a_clear() -> None:
    assert fates(CLEARED, no(1), yes(2)) == ["no", "fired"]


def test_a_cooldown_begins_with_its_alert_and_its_end_lies_outside() -> None:
    told = fates(COOLED, yes(0), yes(0), yes(9_999), yes(10_000), yes(19_999), yes(20_000))

    held = "in cooldown"
    assert told == ["fired", held, held, "fired", held, "fired"]


def test_a_cooldown_counts_from_alerts_and_not_from_matches_held_back() -> None:
    assert fates(COOLED, yes(0), yes(9_000), yes(10_000))[2] == "fired"


def test_a_fact_of_an_earlier_instant_that_comes_after_the_alert_is_in_cooldown() -> None:
    assert fates(COOLED, yes(50_000), yes(45_000)) == ["fired", "in cooldown"]


def test_a_rise_held_back_by_a_cooldown_is_spent() -> None:
    told = fates(RISE_COOLED, yes(0), no(1_000), yes(2_000), yes(20_000))

    assert told == ["fired", "no", "in cooldown", "already fired"]


def test_a_rise_is_told_before_a_cooldown() -> None:
    assert fates(RISE_COOLED, yes(0), yes(1)) == ["fired", "already fired"]


def test_a_quiet_fact_never_fires_but_spends_the_rise() -> None:
    told = fates(RISE, yes(1, quiet=True), yes(2), no(3), yes(4))

    assert told == ["quiet", "already fired", "no", "fired"]


def test_a_quiet_match_starts_no_cooldown() -> None:
    assert fates(COOLED, yes(1, quiet=True), yes(2)) == ["quiet", "fired"]


def test_a_superseded_fact_leaves_no_trace_in_the_state() -> None:
    gone = Moment(at=5, matches=1, superseded=True)

    assert step(RISE, NEW, gone) == (NEW, Fate.SUPERSEDED)
    assert fates(RISE, gone, yes(6)) == ["superseded", "fired"]


def test_quiet_is_told_before_superseded() -> None:
    gone = Moment(at=5, matches=1, superseded=True, quiet=True)

    assert step(RISE, NEW, gone) == (NEW, Fate.QUIET)


@pytest.mark.parametrize("firing", [RISE, CLEARED])
def test_a_key_whose_windows_have_emptied_since_its_last_fact_is_armed_first(
    firing: Firing,
) -> None:
    within = fates(firing, yes(100), yes(150, first=51))
    emptied = fates(firing, yes(100), yes(151, first=101))

    assert within == ["fired", "already fired"]
    assert emptied == ["fired", "fired"]


def test_a_rule_without_a_window_is_never_armed_by_a_gap() -> None:
    assert fates(RISE, yes(100), yes(10**12)) == ["fired", "already fired"]


def test_any_judged_fact_of_the_key_ends_the_gap() -> None:
    told = fates(CLEARED, yes(100, first=1), no(150, first=51), yes(190, first=91))

    assert told == ["fired", "no", "already fired"]


def test_the_state_remembers_when_its_rise_was_spent_and_its_last_alert() -> None:
    state, _ = step(RISE_COOLED, NEW, yes(7))
    state, _ = step(RISE_COOLED, state, yes(9))

    assert state == State(risen_at=7, judged_at=9, alerted_at=7)


def test_a_fact_of_an_earlier_instant_does_not_move_the_last_fact_back() -> None:
    state, _ = step(RISE, State(risen_at=80, judged_at=100), yes(50))

    assert state.judged_at == 100


def test_of_an_armed_key_without_alerts_nothing_is_remembered() -> None:
    state, _ = step(RISE, State(risen_at=80, judged_at=100), no(200))

    assert state == NEW


MOMENTS = st.lists(
    st.builds(
        Moment,
        at=st.integers(0, 60_000),
        matches=st.sampled_from([0, 1, None]),
        clears=st.sampled_from([0, 1, None]),
        quiet=st.booleans(),
        superseded=st.booleans(),
    ),
    max_size=12,
)
FIRINGS = st.sampled_from([EVERY, RISE, CLEARED, COOLED, RISE_COOLED])


@given(FIRINGS, MOMENTS)
def test_only_a_yes_that_is_neither_quiet_nor_superseded_fires(
    firing: Firing, moments: list[Moment]
) -> None:
    for moment, fate in zip(moments, fates(firing, *moments), strict=True):
        if fate is Fate.FIRED:
            assert moment.matches == 1
            assert not moment.quiet
            assert not moment.superseded


@given(FIRINGS, MOMENTS)
def test_no_alert_stands_inside_the_cooldown_of_another(
    firing: Firing, moments: list[Moment]
) -> None:
    told = zip(moments, fates(firing, *moments), strict=True)
    alerts = [moment.at for moment, fate in told if fate is Fate.FIRED]

    if firing.cooldown is not None:
        for before, after in itertools.pairwise(alerts):
            assert after >= firing.cooldown.after(before)


def test_the_end_of_a_cooldown_is_told_while_it_holds() -> None:
    assert cooling_until(COOLED, State(alerted_at=1_000), 5_000) == 11_000
    assert cooling_until(COOLED, State(alerted_at=1_000), 11_000) is None
    assert cooling_until(EVERY, State(alerted_at=1_000), 5_000) is None
