"""Mistakes teach: what is wrong, where, and the line to copy."""

import pytest

from bot.chat.misread import Misread
from tests.chat.questions import read


def mistake(text: str, prompt: str = "/alerts") -> Misread:
    with pytest.raises(Misread) as raised:
        read(text, prompt=prompt)
    return raised.value


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("vlaue:>1m", "I don't know `vlaue:`. Did you mean `value:`?",
         "`/alerts value:>1m` · Fields: ticker, rule, kind,"),
        ("frobnicate:1", "I don't know `frobnicate:`.", "Fields: ticker, rule, kind,"),
        ("since:3m", "`3m` could be months or minutes.", "Write `3mo` or `3min`."),
        ("3m", "`3m` could be months or minutes.", "Write `3mo` or `3min`."),
        ("mute OKLO 3m", "`3m` could be months or minutes.", "Write `3mo` or `3min`."),
        ("since:lastweek", "`lastweek` is not a date I know.",
         "Try `since:90d`, `since:2026-08-01`, `since:yesterday`; units: min h d w mo y."),
        ("since:2026-13-01", "`2026-13-01` is not a date I know.", "Try `since:90d`"),
        ("since:0001-01-01", "`0001-01-01` is not a date I know.", "Try `since:90d`"),
        ("since:9999999d", "`9999999d` is not a date I know.", "Try `since:90d`"),
        ("on:*..*", "`*..*` is not a date I know.", "Try `since:90d`"),
        ("kind:insidr", "`kind:insidr` is unknown. One of: insider, price, fed,", "kind:insider`"),
        ("kind:insidr", "Did you mean `insider`?", "`/alerts kind:insider`"),
        ("fate:told", "`fate:told` is unknown. One of: quiet, superseded,", "fate:"),
        ("rule:>x", "`rule:` does not compare; drop the `>`: `rule:x`.", "`rule:x`"),
        ("since:>=2d", "`since:` does not compare; drop the `>=`: `since:2d`.", "`since:2d`"),
        ("show", "Which alert?",
         "`/alerts show 1234` (the number is at the foot of every alert)."),
        ("show me", "`me` is not a number. Which alert?", "`/alerts show 1234`"),
        ("ack", "Which alert?", "`/alerts ack 1234`"),
        ("unsubscribe", "Which subscription?", "`/alerts unsubscribe 3` (`subs` lists them)."),
        ("why", "Why what?", "`/alerts why 1234`"),
        ("mute OKLO", "Mute what, for how long?",
         "`/alerts mute OKLO 7d` or `/alerts mute rule:cluster-buy 4h`."),
        ("mute", "Mute what, for how long?", "`/alerts mute OKLO 7d`"),
        ("mute all 1h", "`all` can not be muted: a ticker, a rule or an insider can.",
         "`/alerts mute OKLO 7d`, `/alerts mute rule:cluster-buy 4h`, "
         '`/alerts mute who:"Sam Altman" 1d`.'),
        ("mute OKLO kind:fed 1d", "`kind:fed` can not be muted", "`/alerts mute OKLO 7d`"),
        ("mute 7d", "Mute what, for how long?", "`/alerts mute OKLO 7d`"),
        ("mute OKLO soon", "`soon` is not a length of time.", "Try `4h`, `7d`"),
        ("mute -OKLO 7d", "`-OKLO`: a mute says what is to be silent", "`/alerts mute OKLO 7d`"),
        ("mute OKLO,NVDA 7d", "A mute has one of each.", "Mute each by itself"),
        ("mute OKLO NVDA 7d", "A mute has one of each.", "Mute each by itself"),
        ("unmute", "Unmute what?", "`/alerts unmute OKLO`"),
        ('who:"Sam', "A quote is not closed.",
         'Put the phrase between two quotes: `who:"Sam Altman"`.'),
        ("ticker:", "`ticker:` needs a value, e.g. `ticker:OKLO`.", "`ticker:OKLO`"),
        ('who:""', "`who:` needs a value", "`who:altman`"),
        ("min:", "`min:` needs a value, e.g. `min:1m`.", "`min:1m`"),
        ("value:lots", "`lots` is not an amount.", "Try `value:>=1m`, `value:250k..2m`."),
        ("value:-5", "`-5` is below zero, which no `value:` is.", "Try `value:>=1m`"),
        ("min:-$5k", "`-$5k` is below zero", "Try `value:>=1m`"),
        ("shares:-10..10", "`-10..10` is below zero, which no `shares:` is.", "`shares:>=10k`"),
        ("shares:>some", "`some` is not a number.", "Try `shares:>=10k`"),
        ("change:up", "`up` is not a percentage.", "Try `change:<-10%`, `change:-10%..-5%`."),
        ("value:>1,000,000", "A comma means 'or'", "`value:>1000000`"),
        ("value:5m..1m", "has its bounds the wrong way", "lower one first"),
        ("since:2d until:3d", "ends before it begins", "earlier day first"),
        ("ticker:A ticker:B", "`ticker:` is there twice. Write `ticker:A,B`.", "ticker:A,B`"),
        ("OKLO NVDA", "`ticker:` is there twice. Write `ticker:OKLO,NVDA`.", "OKLO,NVDA`"),
        ("insider price", "`kind:` is there twice. Write `kind:insider,price`.", "insider,price`"),
        ("since:1d since:2d", "`since:` is there twice.", "One lower and one upper bound"),
        ("min:1m value:>2m", "`value:` is there twice.", "One lower and one upper bound"),
        ("last 3 last 4", "`limit:` is there twice.", "`/alerts last 3`"),
        ("last", "Last how many?", "`/alerts last 20`"),
        ("last 0", "`0` is not a number of alerts.", "`last 1` to `last 1000`"),
        ("last 1001", "`1001` is not a number of alerts.", "`last 1` to `last 1000`"),
        ("last -1", "`-1` is not a number of alerts.", "`last 1` to `last 1000`"),
        ("last week", "`week` is not a number of alerts.", "`since:7d`"),
        ("id:x", "`x` is not the number of an alert.", "`#10482`"),
        ("ticker:A..B", "`A..B` is not a ticker.", "`ticker:OKLO`"),
        ("who:@mira", "`who:` is an insider, by the name in the filing.",
         "Who acknowledged an alert is `by:`. Write `/alerts by:@mira`."),
        ("insider:<@U1|mira>", "`insider:` is an insider", "`/alerts by:@U1`"),
        ("mute who:@mira 7d", "a mute of a person is of an insider", 'mute who:"Sam Altman" 7d`'),
        ("who:-", "`-` has no letter and no digit.", "`who:altman`"),
        (" ".join(["x"] * 65), "There are more than 64 terms.", "Leave some out."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_mend(text: str, what: str, mend: str) -> None:
    found = mistake(text)

    assert what in found.what
    assert mend in found.mend


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("OKLO vlaue:>1m last 5", "OKLO value:>1m last 5"),
        ("OKLO -vlaue:>1m", "OKLO -value:>1m"),
        ("stats kind:insidr 30d", "stats kind:insider 30d"),
        ("OKLO insider NVDA", "ticker:OKLO,NVDA insider"),
        ('who:"Sam', 'who:"Sam"'),
        ("mute OKLO 3m", "mute OKLO 3min"),
        ("OKLO since:3m", "OKLO since:3mo"),
        ("mute -OKLO 7d", "mute OKLO 7d"),
        ("min:1,000,000", "value:>=1000000"),
        ("last 3 OKLO last 4", "last 3 OKLO"),
        ("OKLO and NVDA 7d", "OKLO,NVDA 7d"),
        ("ticker:OKLO AND ticker:NVDA", "ticker:OKLO,NVDA"),
        ("OKLO and reactor", "OKLO reactor"),
        ("reactor and fuel", "reactor fuel"),
        ("OKLO who:@mira 7d", "OKLO by:@mira 7d"),
        ("stats -owner:<@U1|mira>", "stats -by:@U1"),
    ],
)
def test_the_corrected_line_is_there_to_copy_and_reads(text: str, corrected: str) -> None:
    found = mistake(text)

    assert found.corrected == corrected
    read(corrected)


@pytest.mark.parametrize(
    ("text", "where"),
    [("vlaue:1", "query:1"), ("OKLO vlaue:1", "query:6"), ("a “b", "query:3"), ("show", "query:5")],
)
def test_a_mistake_says_where_it_stands(text: str, where: str) -> None:
    assert mistake(text).where == where


def test_on_the_terminal_the_mend_is_written_as_it_is_typed_there() -> None:
    assert mistake("show", prompt="bot history").mend.startswith("`bot history show 1234`")


@pytest.mark.parametrize(
    ("text", "what", "corrected"),
    [
        ("OKLO OR NVDA", "is written as a comma", "OKLO,NVDA"),
        ("kind:insider or kind:price 7d", "is written as a comma", "kind:insider,price 7d"),
        ("reactor and OKLO", "all words must hold", "reactor OKLO"),
        ("export xls OKLO", "csv or json, not `xls`", "export csv OKLO"),
    ],
)
def test_words_of_other_searches_are_taught_with_a_line_that_runs(
    text: str, what: str, corrected: str
) -> None:
    told = mistake(text)

    assert what in told.what
    assert told.corrected == corrected
    read(corrected)


@pytest.mark.parametrize("sign", ["🚀", "%", "- -"])
def test_what_says_nothing_does_not_become_a_subscription_to_everything(sign: str) -> None:
    assert "says nothing to search for" in mistake(f"subscribe {sign}").what
    assert read("subscribe").query.terms == ()


@pytest.mark.parametrize("span", ["7D", "2W", "1Y", "12H"])
def test_a_capital_behind_a_number_is_a_time_where_it_can_be_nothing_else(span: str) -> None:
    assert read(span).query == read(f"since:{span.lower()}").query


def test_days_the_wrong_way_round_are_told_without_words_of_numbers() -> None:
    assert "dots" not in mistake("since:2d until:3d").mend
