"""The search form gives lines of the one grammar, and is filled by them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.command import Command, Verb
from bot.chat.form import Filled, form_of, line_of, mistakes, refined_line, with_rules
from bot.chat.form_inputs import BY_INPUT, INPUTS, MOST_CHARACTERS, Input
from bot.chat.grammar import read_command
from bot.chat.known import Known
from bot.clock import NEW_YORK
from bot.store.searchable import BY_NAME

NOW = datetime(2026, 11, 27, 21, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


KNOWN = Known(is_ticker=lambda symbol: symbol == "OKLO")


def read(line: str, zone: ZoneInfo = NEW_YORK) -> Command:
    """As it is read of somebody whose data know the ticker OKLO."""
    return read_command(line, now=NOW, zone=zone, known=KNOWN)


def as_line(filled: Filled) -> str:
    return line_of(filled, is_ticker=KNOWN.is_ticker)


@pytest.mark.parametrize(
    ("filled", "typed"),
    [
        ({}, ""),
        ({"ticker": "oklo, NVDA brk.b"}, "ticker:OKLO,NVDA,BRK-B"),
        ({"words": "reactor who:altman"}, "reactor who:altman"),
        ({"kind": "insider", "side": "buy", "sev": "high,critical"},
         "kind:insider side:buy sev:high,critical"),
        ({"value": "1m"}, "min:1m"),
        ({"value": "$250k..2m"}, "value:250k..2m"),
        ({"value": "< 500k"}, "value:<500k"),
        ({"value": "≥ $5m"}, "value:>=5m"),
        ({"value": ">= 5m"}, "value:>=5m"),
        ({"value": "≤ 2m"}, "value:<=2m"),
        ({"value": "250k–2m"}, "value:250k..2m"),
        ({"value": "$250k - $2m"}, "value:250k..2m"),
        ({"value": "0"}, "value:>=0"),
        ({"ticker": "who is oklo, really"}, "ticker:WHO,IS,OKLO,REALLY"),
        ({"ticker": "this is no ticker of oklo at all."},
         "text:this text:is text:no text:ticker text:of ticker:OKLO text:at text:all"),
        ({"ticker": "brk.b"}, "ticker:BRK-B"),
        ({"since": "90d"}, "90d"),
        ({"from": "2026-08-01", "to": "2026-08-31"}, "since:2026-08-01 until:2026-08-31"),
        ({"rule": "a rule, with blanks"}, 'rule:"a rule, with blanks"'),
        ({"fate": "over-the-daily-cap", "status": "failed"},
         'fate:"over the daily cap" status:failed'),
        ({"sort": "value", "words": "last 20"}, "sort:value limit:20"),
        ({"words": "mute OKLO 7d"}, "text:mute OKLO since:7d"),
        ({"words": "“Sam Altman” ≥ $1m"}, '"Sam Altman" value:>=1m'),
        ({"words": "AT&T a<b> &lt;x"}, '"AT&amp;T" "a&lt;b&gt;" "&amp;lt;x"'),
    ],
)  # fmt: skip
def test_what_is_filled_in_asks_what_somebody_would_have_typed(filled: Filled, typed: str) -> None:
    command = read(as_line(filled))

    assert mistakes(filled, now=NOW) == {}
    assert command.verb is Verb.SEARCH
    assert set(command.query.terms) == set(read(typed).query.terms)
    assert (command.query.sort, command.query.limit) == (
        read(typed).query.sort,
        read(typed).query.limit,
    )


@pytest.mark.parametrize(
    ("filled", "at", "told"),
    [
        ({"ticker": "TOOLONG"}, "ticker", "TOOLONG is not a ticker."),
        ({"value": "lots"}, "value", "not an amount. Write 250k"),
        ({"value": "1m ticker:X"}, "value", "not an amount"),
        ({"value": "-5"}, "value", "-5 is below zero, which no value: is. Write 250k"),
        ({"value": "-5..5"}, "value", "is below zero"),
        ({"ticker": "oklo or nvda"}, "ticker", "written as a comma"),
        ({"words": "vlaue:>1m", "kind": "fed"}, "words", "Did you mean value:? Write: value:>1m"),
        ({"words": 'who:"Sam', "rule": "r"}, "words", 'Write: who:"Sam"'),
        ({"words": "since:3m"}, "words", "months or minutes. Write: since:3mo"),
        ({"words": "last"}, "words", "Last how many?"),
        ({"words": "OKLO", "ticker": "NVDA"}, "words", "Write ticker:NVDA,OKLO."),
        ({"words": "OR reactor", "side": "buy"}, "words", "written as a comma"),
        ({"since": "90d", "from": "2026-08-01"}, "from", "not both"),
        ({"from": "2026-08-02", "to": "2026-08-01"}, "to", "before the period begins"),
        ({"since": "7d", "to": "2026-08-01"}, "to", "before the period begins"),
    ],
)
def test_a_mistake_is_told_at_its_input_without_marks(filled: Filled, at: str, told: str) -> None:
    found = mistakes(filled, now=NOW)

    assert list(found) == [at]
    assert told in found[at]
    assert "`" not in found[at]


def test_each_input_has_its_own_mistake() -> None:
    filled = {"ticker": "A!", "words": "x:y", "value": "lots", "kind": "insider"}

    assert mistakes(filled, now=NOW).keys() == {"ticker", "words", "value"}


@given(st.dictionaries(st.sampled_from([each.name for each in INPUTS]), st.text(max_size=40)))
def test_whatever_is_filled_in_is_a_search_or_has_a_mistake(filled: dict[str, str]) -> None:
    wrong = mistakes(filled, now=NOW)

    if wrong:
        assert wrong.keys() <= {name for name, value in filled.items() if value}
    else:
        assert read_as_form_reads(filled).verb is Verb.SEARCH


def read_as_form_reads(filled: Filled) -> Command:
    nothing = Known(is_ticker=lambda _: False)
    return read_command(
        line_of(filled, is_ticker=nothing.is_ticker), now=NOW, zone=NEW_YORK, known=nothing
    )


@pytest.mark.parametrize(
    ("typed", "filled"),
    [
        ("", {}),
        ("OKLO insider since:90d min:$1m",
         {"ticker": "OKLO", "kind": "insider", "since": "90d", "value": "1m"}),
        ("OKLO,NVDA buys sev:high,critical",
         {"ticker": "OKLO, NVDA", "side": "buy", "sev": "high,critical"}),
        ("since:2026-08-01 until:2026-08-31", {"from": "2026-08-01", "to": "2026-08-31"}),
        ("on:2026-08", {"from": "2026-08-01", "to": "2026-08-31"}),
        ("yesterday", {"from": "2026-11-26", "to": "2026-11-26"}),
        ("since:today", {"since": "today"}),
        ("since:3d", {"words": "since:3d"}),
        ("kind:insider,price", {"words": "kind:insider,price"}),
        ("-side:sell", {"words": "-side:sell"}),
        ("value:250k..2m", {"value": "250k..2m"}),
        ("value:>1m value:<2m", {"words": "value:>1m value:<2m"}),
        ("rule:a,b change:<-10%", {"words": "rule:a,b change:<-10%"}),
        ("rule:cluster-buy fate:in-cooldown", {"rule": "cluster-buy", "fate": "in-cooldown"}),
        ("reactor who:\"Sam Altman\" is:unacked in:#insiders",
         {"words": '"reactor" who:"Sam Altman" is:unacked in:#insiders'}),
        ("last 20 sort:value", {"words": "limit:20", "sort": "value"}),
        ("#12,#13 status:sent", {"words": "#12,#13", "status": "sent"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("zone", [NEW_YORK, TOKYO])
def test_a_search_fills_the_form_and_the_form_asks_the_same_search(
    typed: str, filled: Filled, zone: ZoneInfo
) -> None:
    asked = read(typed, zone)
    if typed == "yesterday" and zone is TOKYO:
        filled = {"from": "2026-11-27", "to": "2026-11-27"}  # it is the 28th there

    found = form_of(refined_line(asked), now=NOW, zone=zone)

    assert found == filled
    again = read(as_line(filled), zone).query
    assert set(again.terms) == set(asked.query.terms)
    assert (again.sort, again.limit) == (asked.query.sort, asked.query.limit)


def test_a_page_whose_days_are_fixed_fills_the_form_with_days_where_they_are_whole() -> None:
    page = read(read("on:2026-08 OKLO").canonical)
    instant = read(read("90d").canonical)

    assert form_of(refined_line(page), now=NOW, zone=NEW_YORK) == {
        "ticker": "OKLO", "from": "2026-08-01", "to": "2026-08-31",
    }  # fmt: skip
    assert form_of(refined_line(instant), now=NOW, zone=NEW_YORK) == {
        "words": "since:2026-08-29T21:00Z"
    }


def test_a_search_that_no_input_can_hold_fills_none() -> None:
    many = ",".join(f"#{number}" for number in range(1, MOST_CHARACTERS))

    assert form_of(f"id:{many}", now=NOW, zone=NEW_YORK) is None
    assert form_of("what:is this", now=NOW, zone=NEW_YORK) is None


@pytest.mark.parametrize("name", [each.name for each in INPUTS if each.choices])
def test_every_choice_is_a_word_of_the_grammar(name: str) -> None:
    for choice in BY_INPUT[name].choices:
        assert mistakes({name: choice.value}, now=NOW) == {}, choice.value


@pytest.mark.parametrize("each", INPUTS, ids=lambda each: each.name)
def test_no_two_choices_of_an_input_look_alike_or_say_nothing(each: Input) -> None:
    labels = [choice.label for choice in each.choices]

    assert len(set(labels)) == len(labels)
    assert "None" not in labels


@pytest.mark.parametrize("name", ["kind", "side", "sev", "status", "sort"])
def test_every_word_that_an_error_would_list_can_be_chosen(name: str) -> None:
    words = set(BY_NAME[name].listed or BY_NAME[name].words)

    chosen = {choice.value for choice in BY_INPUT[name].choices}

    assert words - chosen <= {"new"}  # newest first asks nothing


def test_a_rule_that_is_gone_can_still_be_chosen_where_it_was() -> None:
    assert [each.value for each in with_rules(["b", "a"], "gone")] == ["", "a", "b", "gone"]
    assert [each.value for each in with_rules(["b", "a"], "a")] == ["", "a", "b"]
