"""Valuations made of the user's tables: P/Es and fair values told, funds by what they hold."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import load_rule_paths
from bot.facts import MARKET_BREADTH
from bot.judge import Judge
from bot.routes import everything_to
from bot.rules.fire import Fate
from tests.market.readings import DAYS, FRIDAY, OKLO, a_market
from tests.market.trading import evening, listing, sessions_before
from tests.market.valued import CIKS, FOUR_QUARTERS, ROWS, a_row, reported, valued


def test_a_row_that_a_user_adds_is_an_alert_of_the_shipped_rule_at_the_next_look(
    tmp_path: Path,
) -> None:
    rules = load_rule_paths([Path("rules/valuations.yaml")]).or_raise()
    with valued(tmp_path) as place:
        a_market(place)
        place.table("index_pe.csv", ROWS + a_row("SPY", FRIDAY, 22.5))
        store = place.trading.store
        judge = Judge(
            store, rules, clock=place.trading.offer.clock, route=everything_to("#a"),
            stale_after=timedelta(hours=24),
        )  # fmt: skip
        place.evening(FRIDAY)
        judge.tick()
        assert store.outbox.all() == []

        added = place.trading.offer.clock() + timedelta(hours=40)
        both = ROWS + a_row("SPY", FRIDAY, 22.5) + a_row("IWM", FRIDAY, 24.64)
        place.table("index_pe.csv", both, at=added)
        place.look(added + timedelta(seconds=30))
        judge.tick()

        told = place.reading("IWM")
        assert told["known_at"] == added
        fired = [d for d in store.decisions.all() if d["fate"] == Fate.FIRED]
        assert [(d["rule"], d["fact_id"]) for d in fired] == [
            ("small-caps-dearer", f"valuation:IWM:{FRIDAY}~2")
        ]
        (message,) = store.outbox.all()
        assert "9.5% dearer" in message.text
        assert message.state == "pending"


def test_a_mistake_in_a_table_leaves_the_other_rows_and_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with valued(tmp_path) as place:
        a_market(place)
        place.table("index_pe.csv", ROWS + "IWM,someday,24,,x,y\n" + a_row("SPY", FRIDAY, 22.5))

        place.evening(FRIDAY)
        place.later(minutes=5)

        assert place.reading("SPY")["pe_forward"] == 22.5
        assert capsys.readouterr().out.count("as_of is no day: 'someday'") == 1


def test_a_table_that_only_moves_its_rows_tells_nothing_anew(tmp_path: Path) -> None:
    with valued(tmp_path) as place:
        a_market(place)
        place.table("index_pe.csv", ROWS + a_row("SPY", FRIDAY, 22.5))
        place.evening(FRIDAY)

        place.table("index_pe.csv", ROWS + "\n\n" + a_row("SPY", FRIDAY, 22.5))
        assert place.later(minutes=1) == 0


def test_a_fair_value_of_the_user_is_compared_with_the_close(tmp_path: Path) -> None:
    with valued(tmp_path) as place:
        a_market(place, "OKLO")
        rows = f"ticker,as_of,fair_value_usd,source\nOKLO,{DAYS[0]},110,me\n"
        place.table("fair_values.csv", rows)

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert told["fair_value_discount"] == pytest.approx(0.2)
        assert told["sources"]["fair_value_usd"]["row"].endswith("fair_values.csv:2")


def a_fund(*weights: tuple[str, float]) -> str:
    lines = (f"{ticker},{weight},{DAYS[0]}" for ticker, weight in weights)
    return "\n".join(["ticker,weight,as_of", *lines])


@pytest.mark.parametrize(
    ("weights", "pe", "missing"),
    [
        ([("OKLO", 50.0), ("NWD", 50.0)], 1 / (0.5 / 20 + 0.5 / 40), None),
        ([("OKLO", 85.0), ("CASH_USD", 15.0)], None, "coverage"),
    ],
)
def test_the_ratio_of_a_fund_is_the_harmonic_mean_of_what_it_holds(
    tmp_path: Path, weights: list[tuple[str, float]], pe: float | None, missing: str | None
) -> None:
    nwd = CIKS["NWD"]
    half = tuple((start, end, eps / 2, filed) for start, end, eps, filed in FOUR_QUARTERS)  # type: ignore[operator]
    reports = {OKLO: reported("OKLO", *FOUR_QUARTERS), nwd: reported("NWD", *half)}
    with valued(tmp_path, watch=["OKLO", "NWD"], reports=reports) as place:
        a_market(place, "OKLO", "NWD")
        place.table("holdings/IWM.csv", a_fund(*weights))

        place.evening(FRIDAY)

        told = place.reading("IWM")
        assert told["pe_trailing"] == (pytest.approx(pe) if pe else None)
        assert told["pe_missing"] == missing
        assert "losses excluded" in told["pe_method"]
        assert f"weights of {DAYS[0]}" in told["pe_method"]


def test_the_breadth_of_a_fund_is_told_once_a_session(tmp_path: Path) -> None:
    days = sessions_before(str(FRIDAY), 70)
    rise = [10.0 + n / 10 for n in range(70)]
    with valued(tmp_path, watch=["OKLO", "NWD"]) as place:
        for ticker, closes in (("OKLO", rise), ("NWD", [10.0] * 70), ("SPY", rise), ("IWM", rise)):
            place.trading.lists(listing(ticker, days, closes))
        rows = f"ticker,weight,as_of\nOKLO,60,{days[-64]}\nNWD,40,{days[-64]}\n"
        place.table("holdings/IWM.csv", rows)

        place.look(evening(FRIDAY))
        place.later(minutes=1)

        (told,) = place.trading.facts("IWM", MARKET_BREADTH)
        gain = rise[-1] / rise[-64] - 1
        assert told["id"] == f"breadth:IWM:{FRIDAY}"
        assert told["since"] == days[-64]
        assert told["index_return"] == pytest.approx(0.6 * gain)
        assert told["beating_share"] == 0.5
        assert [each["ticker"] for each in told["top"]] == ["OKLO", "NWD"]


def test_breadth_of_a_fund_of_which_a_tenth_has_no_bars_is_unknown(tmp_path: Path) -> None:
    days = sessions_before(str(FRIDAY), 70)
    with valued(tmp_path) as place:
        for ticker in ("OKLO", "SPY", "IWM"):
            place.trading.lists(listing(ticker, days, [10.0] * 70))
        rows = f"ticker,weight,as_of\nOKLO,89,{days[-64]}\nNONE,11,{days[-64]}\n"
        place.table("holdings/IWM.csv", rows)

        place.look(evening(FRIDAY))

        (told,) = place.trading.facts("IWM", MARKET_BREADTH)
        assert (told["index_return"], told["coverage"]) == (None, 0.89)


def test_a_bar_of_a_holding_that_comes_late_makes_the_ratio_of_its_fund(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place)
        place.trading.lists(listing("OKLO", DAYS, [88.0] * 8, missing=[FRIDAY]))
        place.table("holdings/IWM.csv", a_fund(("OKLO", 100.0)))
        place.evening(FRIDAY)
        assert place.reading("IWM")["pe_missing"] == "coverage"

        a_market(place, "OKLO")
        place.later(minutes=20)

        assert place.reading("IWM")["pe_trailing"] == pytest.approx(20)
