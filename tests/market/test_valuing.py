"""Valuations of a session: by hand, from an EDGAR on loopback and small files."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import to_ms
from bot.facts import COMPANY_FILING, VALUATION, Fact
from bot.sandbox.edgar_faults import FaultKind
from bot.store import Arrival, Expected
from tests.market.readings import DAYS, FRIDAY, OKLO, a_market
from tests.market.trading import evening, listing, new_york
from tests.market.valued import CIKS, FOUR_QUARTERS, ROWS, Valued, a_row, reported, valued
from tests.prices_of import a_split


def test_a_company_costs_its_close_over_the_earnings_of_four_quarters(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert told["eps_ttm_usd"] == 4.40
        assert told["pe_trailing"] == pytest.approx(88 / 4.40)
        assert told["pe_method"] == "GAAP diluted EPS of 4 quarters to 2025-09-30, filed 2025-11-05"
        assert told["issuer_cik"] == OKLO
        assert told["as_of"] == FRIDAY
        assert told["known_at"] == evening(FRIDAY) - timedelta(minutes=20)
        assert told["listed"] is True
        assert [part["value"] for part in told["sources"]["eps_ttm_usd"]] == ["4.0", "3.3", "2.9"]


def test_a_session_is_read_once_and_a_restart_adds_nothing(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        assert place.evening(FRIDAY) == 3

        assert place.later(minutes=1) == 0
        place.restart()
        assert place.later(minutes=1) == 0

        assert [fact["id"] for fact in place.readings("OKLO")] == [f"valuation:OKLO:{FRIDAY}"]


def test_a_loss_has_no_price_earnings_ratio_and_its_earnings_are_told(tmp_path: Path) -> None:
    year = ("2024-01-01", "2024-12-31", -0.74, "2025-03-24")
    with valued(tmp_path, reports={OKLO: reported("OKLO", year)}) as place:
        a_market(place, "OKLO")

        place.look(evening(DAYS[0]))
        place.look(evening(FRIDAY))

        told = place.reading("OKLO")
        assert (told["pe_trailing"], told["pe_missing"]) == (None, "stale")


def test_earnings_below_zero_are_a_loss(tmp_path: Path) -> None:
    year = ("2024-11-01", "2025-10-31", -0.74, "2025-12-01")
    with valued(tmp_path, reports={OKLO: reported("OKLO", year)}) as place:
        a_market(place, "OKLO")

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert (told["pe_trailing"], told["pe_missing"], told["eps_ttm_usd"]) == (
            None, "loss", -0.74,
        )  # fmt: skip


def test_without_figures_at_the_sec_a_company_is_told_with_what_else_is_known(
    tmp_path: Path,
) -> None:
    with valued(tmp_path) as place:
        a_market(place, "OKLO")

        place.evening(FRIDAY)
        place.later(days=2)

        told = place.reading("OKLO")
        assert (told["pe_missing"], told["close_usd"], told["quality"]) == ("no_facts", 88, None)
        assert place.asked().count(OKLO) == 1


def test_figures_in_another_currency_make_no_price_earnings_ratio(tmp_path: Path) -> None:
    body = reported("OKLO", *FOUR_QUARTERS, unit="EUR/shares")
    with valued(tmp_path, reports={OKLO: body}) as place:
        a_market(place, "OKLO")

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert (told["pe_trailing"], told["pe_missing"]) == (None, "currency")
        assert "foreign_currency" in told["quality"]


def test_after_a_split_earnings_that_were_filed_before_it_are_divided(tmp_path: Path) -> None:
    closes = [880.0] * 5 + [88.0] * 3
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place)
        split = a_split("OKLO", DAYS[5], 10)
        place.trading.lists(listing("OKLO", DAYS, closes, actions=[split]))

        place.evening(DAYS[4])
        place.evening(DAYS[5])

        before, after = place.readings("OKLO")
        assert (before["eps_ttm_usd"], after["eps_ttm_usd"]) == (4.40, 0.44)
        assert before["pe_trailing"] == pytest.approx(200)
        assert after["pe_trailing"] == pytest.approx(200)


def test_a_close_that_looks_like_a_split_of_which_nobody_told_is_no_price(tmp_path: Path) -> None:
    closes = [880.0] * 7 + [88.0]
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place)
        place.trading.lists(listing("OKLO", DAYS, closes))
        place.evening(DAYS[6])

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert (told["pe_trailing"], told["close_usd"]) == (None, None)
        assert (told["pe_missing"], told["quality"]) == ("no_price", "suspect_split")


def test_what_is_filed_after_a_session_is_not_in_its_reading(tmp_path: Path) -> None:
    later = ("2025-01-01", "2025-09-30", 9.90, "2025-12-12")
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS, later)}) as place:
        a_market(place, "OKLO")

        place.evening(DAYS[6])
        place.evening(FRIDAY)

        before, after = place.readings("OKLO")
        assert (before["eps_ttm_usd"], after["eps_ttm_usd"]) == (4.40, 11.0)
        assert after["known_at"] == new_york(f"{FRIDAY}T16:20")  # 17:30 at the latest, and not yet


def a_company_filing(number: str, form: str, at: str, items: str | None = None) -> Fact:
    return Fact(
        kind=COMPANY_FILING, id=f"filing:{number}", subject=OKLO, ticker="OKLO",
        known_at=new_york(at),
        values={
            "accession_number": number, "form": form, "issuer_cik": OKLO, "items": items,
            "filed_on": new_york(at).date(),
        },
    )  # fmt: skip


def keep(place: Valued, *facts: Fact) -> None:
    seen_at = to_ms(place.trading.offer.clock())
    place.trading.store.facts.add(Arrival(fact=fact, seen_at=seen_at) for fact in facts)


def test_a_report_of_the_evening_is_known_when_it_was_accepted(tmp_path: Path) -> None:
    evening_report = ("2024-01-01", "2024-12-31", 5.00, "2025-12-12")
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        place.evening(FRIDAY)
        place.reports[OKLO] = reported("OKLO", *FOUR_QUARTERS, evening_report)
        number = "0000000001-25-121200"
        keep(place, a_company_filing(number, "10-K/A", f"{FRIDAY}T17:02"))

        place.later(minutes=52)

        anew, first = place.trading.store.facts.select(VALUATION, ticker="OKLO")
        assert first["gone_seq"] == anew["seq"]
        told = place.reading("OKLO")
        assert told["id"] == f"valuation:OKLO:{FRIDAY}~2"
        assert told["eps_ttm_usd"] == 5.40
        assert told["known_at"] == new_york(f"{FRIDAY}T17:02")


def test_figures_are_asked_for_after_a_report_and_else_once_a_week(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        place.evening(FRIDAY)
        assert place.asked().count(OKLO) == 1

        keep(place, a_company_filing("1", "8-K", f"{FRIDAY}T16:30", "5.02"))
        place.look(new_york(f"{FRIDAY}T16:45"))
        assert place.asked().count(OKLO) == 1
        keep(place, a_company_filing("2", "8-K", f"{FRIDAY}T16:50", "2.02 9.01"))
        place.look(new_york(f"{FRIDAY}T16:59"))
        assert place.asked().count(OKLO) == 1
        place.look(new_york(f"{FRIDAY}T17:00"))
        assert place.asked().count(OKLO) == 2
        place.look(new_york(f"{FRIDAY}T22:51"))
        assert place.asked().count(OKLO) == 3
        place.look(new_york("2025-12-19T22:50"))
        assert place.asked().count(OKLO) == 3
        place.look(new_york("2025-12-19T22:52"))
        assert place.asked().count(OKLO) == 4


def test_two_documents_are_asked_for_at_a_look(tmp_path: Path) -> None:
    with valued(tmp_path, watch=["OKLO", "NWD"]) as place:
        a_market(place, "OKLO", "NWD")

        place.trading.look(evening(FRIDAY))
        place.valuing.look()
        assert len(place.asked()) == 2

        place.valuing.look()
        assert sorted(place.asked()) == sorted({*CIKS.values()})


def test_while_the_sec_does_not_answer_what_else_is_known_is_told_and_it_is_asked_ever_less(
    tmp_path: Path,
) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        place.edgar.faults.add(FaultKind.UNAVAILABLE, times=None, path="companyfacts")
        place.evening(FRIDAY)
        place.later(minutes=2)

        told = place.reading("OKLO")
        assert (told["pe_trailing"], told["quality"]) == (None, "figures_not_read")
        before = len(place.asked())
        for _ in range(24):
            place.later(hours=2)
        assert len(place.asked()) - before < 24 * 2 * 4

        place.edgar.faults.clear()
        place.later(hours=3)
        told = place.reading("OKLO")
        assert told["pe_trailing"] == pytest.approx(88 / 4.40)
        assert told["quality"] is None
        assert told["known_at"] == new_york(f"{FRIDAY}T16:00")


def test_a_document_that_can_not_be_read_stops_nobody_else(tmp_path: Path) -> None:
    broken = b'{"cik": 1849056, "entityName": "Oklo", "facts": {}, "facts": {"us-gaap": 1}}'
    nwd = CIKS["NWD"]
    reports = {OKLO: broken, nwd: reported("NWD", *FOUR_QUARTERS)}
    with valued(tmp_path, watch=["OKLO", "NWD"], reports=reports) as place:
        a_market(place, "OKLO", "NWD")

        place.evening(FRIDAY)

        assert place.reading("NWD")["pe_trailing"] == pytest.approx(20)
        assert place.reading("OKLO")["pe_trailing"] is None


def test_two_classes_of_one_company_are_read_from_one_document(tmp_path: Path) -> None:
    nwd = CIKS["NWD"]
    with valued(
        tmp_path, watch=["NWD", "NWDA"], reports={nwd: reported("NWD", *FOUR_QUARTERS)}
    ) as place:
        a_market(place, "NWD")
        place.trading.lists(listing("NWDA", DAYS, [44.0] * 8))

        place.evening(FRIDAY)

        assert place.asked().count(nwd) == 1
        assert place.reading("NWD")["pe_trailing"] == pytest.approx(20)
        assert place.reading("NWDA")["pe_trailing"] == pytest.approx(10)


def test_a_company_that_left_its_exchange_is_not_listed_and_one_without_a_bar_is_unknown(
    tmp_path: Path,
) -> None:
    with valued(tmp_path, watch=["OKLO", "NWD"]) as place:
        a_market(place, "OKLO")
        place.trading.lists(listing("NWD", DAYS[:-1], [44.0] * 7))
        place.trading.look(evening(DAYS[-2]))
        keep(
            place,
            a_company_filing("1", "8-K", f"{DAYS[-2]}T09:00", "3.01"),
            a_company_filing("2", "25-NSE", f"{DAYS[-2]}T09:30"),
        )

        place.evening(FRIDAY)

        assert place.reading("OKLO")["listed"] is False
        assert place.reading("NWD")["listed"] is None


def test_five_sessions_without_a_bar_are_a_doubt_and_no_delisting(tmp_path: Path) -> None:
    with valued(tmp_path) as place:
        a_market(place)
        place.trading.lists(listing("OKLO", DAYS[:3], [44.0] * 3))
        place.evening(DAYS[2])

        place.evening(DAYS[6])
        assert place.reading("OKLO")["listed"] is None
        assert "prices_stale" not in (place.reading("OKLO")["quality"] or "")
        place.evening(FRIDAY)
        told = place.reading("OKLO")
        assert (told["listed"], told["close_usd"]) == (None, None)
        assert "prices_stale" in told["quality"].split()


def test_a_start_at_a_weekend_values_the_newest_session_alone(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")

        place.look(new_york("2025-12-14T12:00"))

        assert [fact["as_of"] for fact in place.readings("OKLO")] == [FRIDAY]


def test_without_bars_a_table_is_read_an_hour_after_the_close(tmp_path: Path) -> None:
    with valued(tmp_path) as place:
        a_market(place)
        place.table("index_pe.csv", ROWS + a_row("SPY", FRIDAY, 22.5))
        place.trading.offer.clock.now = evening(FRIDAY)
        place.valuing = place.renew()
        assert place.valuing.look() == 0

        place.trading.offer.clock.now = evening(FRIDAY) + timedelta(minutes=56)
        place.valuing.look()

        told: Any = place.reading("SPY")
        assert (told["pe_forward"], told["close_usd"]) == (22.5, None)


def test_a_company_is_compared_with_the_benchmark_of_price_earnings_ratios(tmp_path: Path) -> None:
    rows = "ticker,as_of,pe_trailing,method,source\n" + f"SPY,{FRIDAY},25,losses included,me\n"
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        place.table("index_pe.csv", rows)

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert (told["benchmark"], told["pe_ratio"]) == ("SPY", pytest.approx(0.8))
        assert told["pe_spread"] == pytest.approx(-5)
        assert CIKS["SPY"] not in place.asked()


def test_a_forward_ratio_of_the_provider_is_told_with_its_method_and_when_it_was_asked(
    tmp_path: Path,
) -> None:
    with valued(tmp_path) as place:
        a_market(place, "OKLO")
        at = evening(FRIDAY)
        expected = Expected(
            ticker="OKLO", pe=30.0, method="next fiscal year", provider="yahoo", session=FRIDAY,
            asked_at=at,
        )  # fmt: skip
        place.trading.store.figures.keep_expected([expected])

        place.look(at + timedelta(minutes=5))

        told = place.reading("OKLO")
        assert told["pe_forward"] == 30
        assert told["pe_method"] == f"forward: next fiscal year, yahoo, {FRIDAY}"
        assert told["known_at"] == at


def test_the_day_of_the_next_results_is_estimated_from_those_before(tmp_path: Path) -> None:
    with valued(tmp_path) as place:
        a_market(place, "OKLO")
        keep(place, a_company_filing("1", "8-K", "2025-02-24T16:05", "2.02 9.01"))

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert told["earnings_on"].isoformat() == "2026-02-23"
        assert told["sources"]["earnings_on"] == {"how": "results of 2025-02-24 + 364 days"}


@pytest.mark.parametrize("odd", ["IWM", "SPY"])
def test_odd_figures_of_one_ticker_stop_no_other_and_are_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], odd: str
) -> None:
    too_small = "0." + "0" * 400 + "1"
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        row = f"{odd},{FRIDAY},{too_small},,losses excluded,fund site\n"
        place.table("index_pe.csv", ROWS + row)

        place.evening(FRIDAY)
        place.later(minutes=5)

        assert place.reading("OKLO")["pe_trailing"] == pytest.approx(20)
        assert place.reading(odd)["quality"] == "figures_odd"
        assert capsys.readouterr().out.count("valuation.failed") == 1
