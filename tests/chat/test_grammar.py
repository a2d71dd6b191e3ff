"""What people type, as it is understood: every example and edge of the grammar."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.command import Target, Verb
from bot.chat.normalise import normalise
from bot.errors import QueryError
from bot.store.query import Sort, Term
from bot.store.searchable import FIELDS, NAMES
from tests.chat.questions import NOW, read


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(field: str, *values: Any) -> Term:
    return Term(field=field, values=values)


def between(low: str | None, high: str | None) -> Term:
    return Term(
        field="on",
        low=instant(low) if low else None,
        high=instant(high) if high else None,
        open_high=high is not None,
    )


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("OKLO", [said("ticker", "OKLO")]),
        ("oklo", [said("ticker", "OKLO")]),
        ("$oklo", [said("ticker", "OKLO")]),
        ("$LAST", [said("ticker", "LAST")]),
        ("ticker:last", [said("ticker", "LAST")]),
        ("XYZ", [said("ticker", "XYZ")]),
        ("BRK.B", [said("ticker", "BRK-B")]),
        ("BRK-B", [said("ticker", "BRK-B")]),
        ("OKLO,NVDA", [said("ticker", "OKLO", "NVDA")]),
        ("oklo,nvda", [said("ticker", "OKLO", "NVDA")]),
        ("symbol:OKLO,$nvda", [said("ticker", "OKLO", "NVDA")]),
        ("OKLO?", [said("ticker", "OKLO")]),
        ("oklo!?", [said("ticker", "OKLO")]),
        ("$OKLO.", [said("ticker", "OKLO")]),
        ("OKLO,NVDA.", [said("ticker", "OKLO", "NVDA")]),
        ("OKLO…", [said("ticker", "OKLO")]),
        ("Oklo?", [said("text", "Oklo?")]),
        ("XYZ?", [said("text", "XYZ?")]),
        ("why?", [said("text", "why?")]),
        ("ZZZZZZZ", [said("text", "ZZZZZZZ")]),
        ("reactor", [said("text", "reactor")]),
        ("Oklo", [said("text", "Oklo")]),
        ('"rate cut"', [said("text", "rate cut")]),
        ("“rate cut”", [said("text", "rate cut")]),
        ('-"rate cut"', [Term(field="text", values=("rate cut",), negated=True)]),
        ("https://sec.gov/x?a=1", [said("text", "https://sec.gov/x?a=1")]),
        ("<https://sec.gov/x>", [said("text", "https://sec.gov/x")]),
        ("reactor fuel", [said("text", "reactor"), said("text", "fuel")]),
        ("AT&amp;T", [said("text", "AT&T")]),
        ("#12", [said("id", 12)]),
        ("2026", [said("id", 2026)]),
        ("#12,#13", [said("id", 12, 13)]),
        ("12", [said("text", "12")]),
        ("insider", [said("kind", "insider")]),
        ("kind:price,fed", [said("kind", "price", "fed")]),
        ("type:insider_trade", [said("kind", "insider-trade")]),
        ("price_bar", [said("kind", "price-bar")]),
        ("fed", [said("kind", "fed")]),
        ("FED", [said("ticker", "FED")]),
        ("PRICE", [said("kind", "price")]),
        ("buys", [said("side", "buy")]),
        ("buy,sell", [said("side", "buy", "sell")]),
        ("CEO", [said("role", "ceo")]),
        ("cfo,ceo", [said("role", "cfo", "ceo")]),
        ("role:ten_percent_owner", [said("role", "ten-percent-owner")]),
        ("—side:sell", [Term(field="side", values=("sell",), negated=True)]),
        ("-OKLO", [Term(field="ticker", values=("OKLO",), negated=True)]),
        ("severity:high,critical", [said("sev", "high", "critical")]),
        ("fate:over-the-cap", [said("fate", "over-the-daily-cap")]),
        ('fate:"over the daily cap"', [said("fate", "over-the-daily-cap")]),
        ("fate:“in cooldown”", [said("fate", "in-cooldown")]),
        ("status:failed", [said("status", "failed")]),
        ("is:muted is:unacked", [said("is", "muted"), said("is", "unacked")]),
        ("channel:#insiders", [said("in", "#insiders")]),
        ("in:<#C024BE91L|insiders>", [said("in", "#C024BE91L")]),
        ("by:<@U024BE7LH|bob>", [said("by", "@U024BE7LH")]),
        ('who:"Sam Altman"', [said("who", "Sam Altman")]),
        ("insider:altman,huang", [said("who", "altman", "huang")]),
        ("who:Sam Altman", [said("who", "Sam"), said("text", "Altman")]),
        ("value:>=1m", [Term(field="value", low=100_000_000)]),
        ("value:≥$1m", [Term(field="value", low=100_000_000)]),
        (">$500k", [Term(field="value", low=50_000_000, open_low=True)]),
        ("&gt; 500k", [Term(field="value", low=50_000_000, open_low=True)]),
        ("min:$1m", [Term(field="value", low=100_000_000)]),
        ("max:1234.56", [Term(field="value", high=123_456)]),
        ("min:1m max:5m", [Term(field="value", low=100_000_000, high=500_000_000)]),
        ("value:250k…2m", [Term(field="value", low=25_000_000, high=200_000_000)]),
        ("value:250k–2m", [Term(field="value", low=25_000_000, high=200_000_000)]),
        ("shares:1k-$2k", [Term(field="shares", low=1_000, high=2_000)]),
        ("value:*..2m", [Term(field="value", high=200_000_000)]),
        ("value:1m", [said("value", 100_000_000)]),
        ("value:1m,2m", [said("value", 100_000_000, 200_000_000)]),
        ("shares:>=10k", [Term(field="shares", low=10_000)]),
        ("change:<-10%", [Term(field="change", high=-0.1, open_high=True)]),
        ("change:-10%..-5%", [Term(field="change", low=-0.1, high=-0.05)]),
        ("change:–10..–5", [Term(field="change", low=-0.1, high=-0.05)]),
        ("since:90d", [between("2026-08-24T19:32", None)]),
        ("since:-24h", [between("2026-11-21T19:32", None)]),
        ("-24h", [between("2026-11-21T19:32", None)]),
        ("30 days", [between("2026-10-23T19:32", None)]),
        ("last 2 weeks", [between("2026-11-08T19:32", None)]),
        ("since:2hours", [between("2026-11-22T17:32", None)]),
        ("since:1mo", [between("2026-10-22T18:32", None)]),
        ("today", [between("2026-11-22T05:00", "2026-11-23T05:00")]),
        ("yesterday", [between("2026-11-21T05:00", "2026-11-22T05:00")]),
        ("since:yesterday", [between("2026-11-21T05:00", None)]),
        ("after:2026-08-01", [between("2026-08-01T04:00", None)]),
        ("until:2026-08-01", [between(None, "2026-08-02T04:00")]),
        ("before:2026-08-01T14:32", [between(None, "2026-08-01T18:32")]),
        ("until:7d", [between(None, "2026-11-15T19:32")]),
        ("on:2026-08", [between("2026-08-01T04:00", "2026-09-01T04:00")]),
        ("2026-08-03", [between("2026-08-03T04:00", "2026-08-04T04:00")]),
        ("on:2026-08-01..2026-08-15", [between("2026-08-01T04:00", "2026-08-16T04:00")]),
        ("since:2026-08-01..*", [between("2026-08-01T04:00", None)]),
        ("to:2026-08-15 from:2026-08-01", [between("2026-08-01T04:00", "2026-08-16T04:00")]),
        ("on:>2026-08-01", [between("2026-08-02T04:00", None)]),
        ("on:<=2026-08-01", [between(None, "2026-08-02T04:00")]),
    ],
)  # fmt: skip
def test_a_search_has_these_terms(text: str, terms: list[Term]) -> None:
    command = read(text)

    assert command.verb is Verb.SEARCH
    assert list(command.query.terms) == terms


def test_days_are_those_of_who_asks() -> None:
    berlin = read("on:2026-08-03", zone=ZoneInfo("Europe/Berlin"))

    assert berlin.query.terms == (between("2026-08-02T22:00", "2026-08-03T22:00"),)
    assert berlin.understood == "on Aug 3 (CEST)"


@pytest.mark.parametrize(
    ("text", "limit", "sort"),
    [
        ("last 20", 20, Sort.NEW),
        ("LAST 1", 1, Sort.NEW),
        ("limit:1000", 1000, Sort.NEW),
        ("OKLO sort:value last 5", 5, Sort.VALUE),
        ("sort:old", None, Sort.OLD),
        ("OKLO", None, Sort.NEW),
    ],
)
def test_a_search_has_an_order_and_an_end(text: str, limit: int | None, sort: Sort) -> None:
    query = read(text).query

    assert (query.limit, query.sort) == (limit, sort)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("OKLO insider since:90d min:$1m", "OKLO · insider · ≥ $1M · since Aug 24 (ET)"),
        ("", "the newest alerts"),
        ("2026", "#2026"),
        ("OKLO,NVDA -sell", "OKLO or NVDA · not sell"),
        ("CEO buys", "CEO · buy"),
        ("who:Sam", "who “Sam”"),
        ("reactor rule:large", "“reactor” · rule large"),
        ("change:-10%..-5% sev:high", "change -10% to -5% · severity high"),
        ("fate:in-cooldown", "fate in cooldown"),
        ("status:failed in:#a", "delivery failed · #a"),
        ("value:>1m value:<=5m", "> $1M and ≤ $5M"),
        ("2h", "since Nov 22 12:32 (ET)"),
        ("since:2025-08-01", "since Aug 1, 2025 (ET)"),
        ("on:2026-08-01..2026-08-15", "Aug 1 to Aug 15 (ET)"),
        ("until:2026-08-31", "until Aug 31 (ET)"),
        ("sort:value last 5", "greatest value first · 5 of them"),
        ("last 5", "last 5"),
        ("stats 30d", "stats · since Oct 23 (ET)"),
        ("mute rule:cluster-buy for 4h", "mute the rule cluster-buy for 4h"),
        ("mute OKLO 7d earnings week", "mute OKLO for 7d because “earnings week”"),
    ],
)
def test_the_reading_is_told_in_words(text: str, understood: str) -> None:
    assert read(text).understood == understood


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("show 10482", "show 10482"),
        ("SHOW #12", "show 12"),
        ("ack 10482", "ack 10482"),
        ("why 10482", "why 10482"),
        ("why large oklo", "why large OKLO"),
        ("stats", "stats"),
        ("stats oklo", "stats ticker:OKLO"),
        ("export OKLO", "export csv ticker:OKLO"),
        ("export json", "export json"),
        ("subscribe OKLO insider since:90d", "subscribe ticker:OKLO kind:insider since:90d"),
        ("subscribe yesterday min:1m", "subscribe on:yesterday value:>=1m"),
        ("subs", "subs"),
        ("unsubscribe 3", "unsubscribe 3"),
        ("mutes", "mutes"),
        ("unmute OKLO", "unmute ticker:OKLO"),
        ("unmute 3", "unmute 3"),
        ("rules", "rules"),
        ("rules Large", "rules large"),
        ("help", "help"),
        ("help dates", "help dates"),
        ("test", "test"),
        ("doctor", "doctor"),
        ("health", "health"),
        ("mute OKLO 7d", "mute ticker:OKLO 7d"),
        ("mute rule:cluster-buy for 4h", "mute rule:cluster-buy 4h"),
        ("mute OKLO rule:large for 2 weeks", "mute ticker:OKLO rule:large 2w"),
        ('mute who:"Sam Altman" 1mo', 'mute who:"Sam Altman" 1mo'),
        ("mute OKLO 7d confirmed", "mute ticker:OKLO 7d confirmed"),
        ('mute OKLO 7d "a reason"', 'mute ticker:OKLO 7d "a reason"'),
        ("mute OKLO 7d confirmed a reason", 'mute ticker:OKLO 7d confirmed "a reason"'),
    ],
)
def test_a_verb_takes_what_it_needs(text: str, canonical: str) -> None:
    assert read(text).canonical == canonical


def test_a_mute_says_what_for_how_long_and_why() -> None:
    command = read("mute OKLO who:altman for 7d confirmed his trust sells")

    assert command.target == Target(ticker="OKLO", who="altman")
    assert command.span is not None
    assert command.span.text == "7d"
    assert command.confirmed
    assert command.reason == "his trust sells"


def test_a_search_keeps_the_words_its_terms_were_made_of() -> None:
    command = read("min:$1m oklo last 5 max:5m")

    assert command.typed == ("min:$1m max:5m", "oklo")


def test_a_relative_day_is_fixed_in_a_search_and_stays_relative_in_a_subscription() -> None:
    assert read("since:7d").canonical == "since:2026-11-15T19:32Z"
    assert read("subscribe since:7d").canonical == "subscribe since:7d"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026", "`2026` is the alert #2026; for the year write `since:2026-01`."),
        ("who:Sam Altman", 'For the whole name write `who:"Sam Altman"`.'),
        ("rule:cluster-by", "I know no rule `cluster-by`. Did you mean `cluster-buy`?"),
        ("rule:gone", "I know no rule `gone`."),
        ("OKLO <@U1|mira>", "What somebody acknowledged is `by:@U1`."),
        ("OKLO & x", "`&` says nothing to search for and was left out."),
        ("subs now", "`now` was left out: nothing is asked of it."),
    ],
)
def test_a_hint_says_how_it_could_be_said_better(text: str, hint: str) -> None:
    assert read(text).hints == (hint,)


def test_a_dash_between_words_is_left_out_without_a_word() -> None:
    command = read("OKLO – insider")

    assert command.canonical == "ticker:OKLO kind:insider"
    assert command.hints == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("“a” ‘b’ «c»", '"a" \'b\' "c"'),
        ("a–b —c −5", "a-b --c -5"),
        ("≥1 ≤2 1…2", ">=1 <=2 1..2"),
        ("a\u00a0 b\u202fc\u200b ", "a b c"),
        ("&amp;lt; &lt;x&gt;", "&lt; <x>"),
        ("<@U1|bob> <@U2> <#C1|x>", "@U1 @U2 #C1"),
        ("<http://a.b|a.b> <https://c.d/e>", "a.b https://c.d/e"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
    ],
)
def test_what_slack_and_phones_make_of_signs_is_undone(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_example_of_a_field_is_a_search_by_it(field: Any) -> None:
    for example in field.examples:
        query = read(example).query
        fields = {term.field for term in query.terms}
        if field.name == "limit":
            assert query.limit
        elif field.name == "sort":
            assert query.sort is not Sort.NEW
        else:
            assert fields == {"on" if field.name in ("since", "until") else field.name}


# The law.

_ATOMS = st.sampled_from(
    ["OKLO", "oklo", "a", "x y", "1m", "250k..2m", ">1", "<=-5%", "90d", "2026-08", "today", "#12",
     "high", "buy,sell", "in cooldown", "*..3", "2026-08-01T09:30", "fired", "CEO", "U1", "ß,é"]
) | st.text(max_size=8)  # fmt: skip
_NAMED = st.builds(
    lambda name, value, quote: f'{name}:"{value}"' if quote else f"{name}:{value}",
    st.sampled_from(sorted(NAMES)),
    _ATOMS,
    st.booleans(),
)
_VERBS = st.sampled_from(["", *Verb])
_TERMS = st.builds(lambda sign, term: sign + term, st.sampled_from(["", "-"]), _ATOMS | _NAMED)
LINES = st.builds(
    lambda verb, terms: " ".join([verb, *terms]), _VERBS, st.lists(_TERMS, max_size=5)
)


@given(LINES | st.text(max_size=40), st.sampled_from(["America/New_York", "Asia/Kolkata"]))
def test_any_text_is_a_mistake_that_is_told_or_reads_the_same_in_its_plainest_words(
    text: str, zone: str
) -> None:
    with suppress(QueryError):
        command = read(text, zone=ZoneInfo(zone))

        again = read(command.canonical, zone=ZoneInfo(zone))

        assert again == command
        assert again.canonical == command.canonical
        assert again.understood == command.understood


def test_the_plainest_words_do_not_hang_on_what_our_data_know() -> None:
    assert read("stats nvda").canonical == "stats ticker:NVDA"
    assert read("unheard").canonical == '"unheard"'
    assert read("FED").canonical == "ticker:FED"


def test_now_is_a_second_that_is_cut_to_its_minute() -> None:
    assert NOW.second
    assert read("since:1d").query.terms == (between("2026-11-21T19:32", None),)
