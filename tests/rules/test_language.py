"""Names, dimensions and literals: what an expression means and what has no meaning."""

import pytest

from bot.facts import INSIDER_TRADE, Field, Type
from bot.rules import expressions as ex
from bot.rules.evaluate import Row, evaluator, measure_key
from bot.rules.grammar import Mistake
from bot.rules.language import read_condition
from bot.rules.scope import Scope

ROW: Row = {
    "side": "sell", "class": "open_market", "role": "cfo", "planned": 0, "is_director": 1,
    "ticker": "OKLO", "owner_name": "R. Craig Bealmear", "issuer_cik": "0001849056",
    "value_usd": 940_000_000, "price_usd": 145.06, "shares": 64_800.0, "shares_after": 144_300.0,
    "holding_change_ratio": -0.31, "lag_business_days": 2, "traded_on": 20_350, "filed_on": 20_352,
    "officer_title": None, "target_pct": 4.25, "form": "4",
    measure_key("sellers"): 3, measure_key("sold"): 1_900_000_000, measure_key("newest"): "sell",
    measure_key("sell"): 7,
}  # fmt: skip
TARGET = Field(name="target_pct", type=Type.PERCENT, doc="")
MEASURES = {
    "sellers": Field(name="sellers", type=Type.COUNT, doc=""),
    "sold": Field(name="sold", type=Type.MONEY, doc=""),
    "newest": Field(name="newest", type=Type.WORD, doc="", words=("buy", "sell", "none")),
    "sell": Field(name="sell", type=Type.COUNT, doc=""),
}
LISTS = {
    "watch": ("OKLO", "ON", "NO", "TRUE", "Y"),
    "sides": ("buy", "sell"),
    "sizes": ("64800", "1_000"),
    "amounts": ("$9.4M", "5"),
    "lines": ("-31%", "0.5"),
    "issuers": ("1849056",),
    "days": ("2025-09-19",),
    "side": ("buy",),
    "nobody": (),
    "typo": ("sael",),
}


def scope() -> Scope:
    fields = {**INSIDER_TRADE.by_name, "target_pct": TARGET}
    return Scope(fields=fields, measures=MEASURES, lists=LISTS, kinds="insider_trade")


def says(text: str) -> object:
    return evaluator(read_condition(text, scope()))(ROW)


def refused(text: str) -> Mistake:
    with pytest.raises(Mistake) as caught:
        read_condition(text, scope())
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        # Money: k M B T in either case; a bare number is dollars.
        "value_usd == $9.4M",
        "value_usd == $9.4m and value_usd == $9_400k and value_usd == $0.0094B",
        "value_usd < $1t and value_usd == 9400000 and value_usd > -$1",
        "value_usd > 9399999.99 and value_usd >= 9.4e6",
        "price_usd == $145.06 and price_usd == 145.06",
        # Ratios.
        "holding_change_ratio <= -20% and holding_change_ratio == -0.31",
        "holding_change_ratio == -31%",
        "target_pct == 4.25 and target_pct < 5",
        # Words, yes and no, texts.
        "side == sell and sell == side and side != buy",
        'side == "sell"',
        "not planned and planned == no and planned != yes and no == planned",
        "planned != is_director",
        'ticker == "OKLO" and ticker == \'OKLO\'',
        'owner_name contains "bealmear" and not owner_name contains "Klein"',
        'role contains "cf"',
        "issuer_cik == 1849056 and issuer_cik == \"0001849056\" and issuer_cik in (\"1849056\")",
        # Days and spans.
        "traded_on == 2025-09-19 and traded_on < \"2025-09-20\"",
        "filed_on - traded_on == 2d and filed_on - traded_on <= 48h",
        # Lists.
        "role in (ceo, cfo) and role not in (director, other)",
        "ticker in watch and side in sides and shares in sizes and value_usd in amounts",
        "holding_change_ratio in lines and issuer_cik in issuers and traded_on in days",
        "ticker not in nobody",
        # Known and unknown.
        "officer_title is unknown and side is known and not (side is unknown)",
        # Arithmetic: '/' is real, money meets prices in one scale.
        "5 / 2 == 2.5 and 1 + 2 * 3 == 7 and -(2) == 0 - 2",
        "shares / shares_after > 40% and value_usd / shares > $145 and value_usd / $1M == 9.4",
        "shares * price_usd > $9.3M and value_usd > shares * price_usd",
        "value_usd - $0.4M == $9M and value_usd * 2 == $18.8M and 20% * value_usd == $1.88M",
        "value_usd / sold > 0.49 and sold - value_usd == $9.6M",
        "1 + holding_change_ratio == 69%",
        # Functions: literals take the dimension of the value that says most.
        "abs(holding_change_ratio) >= 20% and abs(0 - 3) == 3",
        "min(5, value_usd) == $5 and max($20M, value_usd, 3) == $20M",
        "max(0, holding_change_ratio) == 0% and max(price_usd, value_usd) == $9.4M",
        "min(value_usd, price_usd) == $145.06",
        # Measures, and opposite a field of words its own words first.
        "sellers >= 3 and sellers > 2.5 and sold > value_usd",
        "newest == sell and newest in (buy, sell)",
        "sell == 7",
    ],
)  # fmt: skip
def test_it_is_true_of_the_row(text: str) -> None:
    assert says(text) == 1


@pytest.mark.parametrize(
    "text",
    ["value_usd / (shares - shares) > 1", "shares / 0 > 1", "not (1 / 0 > 1)",
     'officer_title == "x"', 'officer_title contains "x"', "officer_title in (\"x\")",
     "abs(1 / 0) > 1"],
)  # fmt: skip
def test_what_hangs_on_something_unknown_is_unknown(text: str) -> None:
    assert says(text) is None


@pytest.mark.parametrize(
    ("text", "at", "what", "mend"),
    [
        ("valeu_usd > $1M", "valeu_usd", "no measure and no field of insider_trade", "'value_usd'"),
        ("side == sael", "sael", "'sael' is no word of side (buy, sell, none)", "'sell'"),
        ('side == "sael"', '"sael"', "'sael' is no word of side", "'sell'"),
        ("newest == sael", "sael", "'sael' is no word of newest", "'sell'"),
        ("planned == maybe", "maybe", "'maybe' is no word of planned (yes, no)", "yes, no"),
        ("planned == unknown", "unknown", "unknown is no value", "planned is unknown"),
        ("ticker == OKLO", "OKLO", "'OKLO' is no name", '"OKLO"'),
        ("ticker == tickr", "tickr", "'tickr' is no name", "'ticker'"),
        ("owner_name contains Klein", "Klein", "'Klein' is no name", '"Klein"'),
        ("value_usd > 5%", "5%", "value_usd is dollars, 5% is a ratio", "$20M"),
        ("target_pct >= 5%", "5%", "5% is a ratio", "4.25, without the sign"),
        ("sellers > 5%", "5%", "sellers is a number, 5% is a ratio", "3"),
        ("shares > 95%", "95%", "shares is a number", "95 where it runs to 100, 0.95 where"),
        ("value_usd > 10d", "10d", "10d is a span of time", "$20M"),
        ("value_usd > shares", "shares", "shares is a number", "$20M"),
        ("shares > $5", "$5", "$5 is dollars", "3"),
        ("ticker == 5", "5", "5 is a number", '"text" in quotes'),
        ("side > buy", "> buy", "it has no order", "'=='"),
        ("side", "side", "'side' is a word, not yes or no", "words"),
        ("sellers", "sellers", "'sellers' is a number, not yes or no", "3"),
        ("side + 1 > 2", "+ 1 > 2", "has no meaning", "one dimension"),
        ("value_usd * price_usd > 2", "* price_usd > 2", "dollars * dollars has no meaning", ""),
        ("1 / value_usd > 2", "/ value_usd > 2", "a number / dollars has no meaning", ""),
        ('shares contains "5"', 'shares contains "5"', "'contains' needs text", "'=='"),
        ("ticker contains 5", "5", "'contains' looks for text", "quote"),
        ("rows is known", "rows is known", "'rows' is for display only", "another field"),
        ("traded_on == 2025-02-30", "2025-02-30", "there is no day 2025-02-30", "year-month-day"),
        ("issuer_cik == 12345678901", "12345678901", "no CIK", "ten digits"),
        ("shares > 99999999999999d", "99999999999999d", "too long a span", "10d"),
        ("value_usd > 1e30", "1e30", "larger than 1e15", "$20M"),
        ("value_usd > $99999999999999999", "$99999999999999999", "larger than 1e15", "$20M"),
        ("shares > ٣", "٣", "is no number", "20"),
        ("avg(shares) > 1", "avg(shares) > 1", "no function 'avg'", "abs min max"),
        ("abs(shares, 1) > 1", "abs(shares, 1) > 1", "'abs' takes one value", "abs(a)"),
        ("max(shares) > 1", "max(shares) > 1", "'max' takes several values", "max(a, b)"),
        ("max(shares, value_usd) > 1", "value_usd) > 1", "dollars", ""),
        ("max(side, 1) > 1", "side, 1) > 1", "is a word", ""),
        ("ticker in wathc", "wathc", "there is no list 'wathc'", "'watch'"),
        ("ticker == watch", "watch", "'watch' is a list", "in watch"),
        ("side in side", "side", "'side' is a list and a field too", "rename the list"),
        ("side in typo", "typo", "list 'typo' holds 'sael'", "'sell'"),
        ("shares in watch", "watch", "list 'watch' holds 'OKLO'", ""),
        ("role in (ceo, cfoo)", "cfoo)", "'cfoo' is no word of role", "'cfo'"),
        ('ticker in ("A", ticker)', "ticker)", "'ticker' is no plain value", "plain values"),
    ],
)
def test_what_has_no_meaning_is_told_at_its_place(text: str, at: str, what: str, mend: str) -> None:
    mistake = refused(text)

    assert text[mistake.offset :].startswith(at)
    assert what in mistake.what
    assert mend in mistake.mend


def test_every_wrong_clause_of_a_condition_is_told() -> None:
    mistake = refused('(valeu_usd > 1 or side == sael) and not tikcer == "A" and shares > 1')

    assert [each.offset for each in mistake.all] == [1, 26, 40]


def test_nothing_is_suggested_where_no_word_is_near() -> None:
    assert "did you mean" not in refused("zzz > 1").mend


def test_a_measure_with_a_mistake_of_its_own_is_not_told_again() -> None:
    broken = Scope(
        fields=INSIDER_TRADE.by_name, measures={}, lists={}, kinds="k", broken=frozenset({"sold"})
    )

    with pytest.raises(Mistake) as caught:
        read_condition("sold > $5M and valeu_usd > 1", broken)

    assert [type(each).__name__ for each in caught.value.all] == ["Untold", "Mistake"]


def test_an_expression_means_the_same_however_it_is_laid_out() -> None:
    one = read_condition("side==sell and value_usd>=$5M", scope())
    other = read_condition("side  ==  sell\n  and value_usd >= 5000000", scope())

    assert one == other


def test_an_enum_word_wins_over_a_measure_of_its_name_only_opposite_its_field() -> None:
    opposite = read_condition("side == sell", scope())
    alone = read_condition("sell > 3", scope())

    assert ex.measures_of(opposite) == set()
    assert ex.measures_of(alone) == {"sell"}
