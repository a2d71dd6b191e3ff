"""Closed sessions: asked for when they can be whole, stored as traded, told in their order."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.facts import PRICE_BAR, SOURCE_POLL
from tests.market.closes import DAYS, FLAT, LAST, a_market
from tests.market.trading import evening, listing, new_york, sessions_before, trading


def rising(first: float = 50.0, step: float = 0.1) -> list[float]:
    return [round(first + step * n, 2) for n in range(len(DAYS))]


def test_the_first_sight_of_a_ticker_tells_thirty_sessions_quietly_and_the_next_one_aloud(
    tmp_path: Path,
) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising())

        place.evenings(LAST[:2])

        facts = place.facts("OKLO")
        assert [fact["session"] for fact in facts] == DAYS[-35:-4]
        assert [fact["quiet"] for fact in facts] == [1] * 30 + [0]
        assert facts[-1]["return_1d"] == pytest.approx(rising()[-5] / rising()[-6] - 1)
        assert facts[-1]["excess_21d"] == facts[-1]["return_21d"]
        assert facts[-1]["high_252d"] is True
        assert facts[-1]["source"] == "folder"


def test_nothing_is_told_of_a_session_before_a_quarter_of_an_hour_has_passed(
    tmp_path: Path,
) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising())
        place.look(evening(LAST[0]))

        place.look(new_york(f"{LAST[1]}T12:00"))
        place.look(new_york(f"{LAST[1]}T16:14"))
        assert place.told("OKLO") == []

        place.look(new_york(f"{LAST[1]}T16:15"))
        assert place.told("OKLO") == [LAST[1]]


def test_a_half_day_is_told_a_quarter_of_an_hour_after_its_early_close(tmp_path: Path) -> None:
    days = sessions_before("2025-11-28", 40)
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        place.lists(listing("IWM", days, [1.0] * 40), listing("OKLO", days, [5.0] * 40))
        place.look(new_york("2025-11-26T17:00"))

        place.look(new_york("2025-11-27T17:00"))  # Thanksgiving
        place.look(new_york("2025-11-28T13:14"))
        assert place.told("OKLO") == []

        place.look(new_york("2025-11-28T13:15"))
        assert place.told("OKLO") == [date(2025, 11, 28)]
        assert place.facts("OKLO")[-1]["known_at"] == new_york("2025-11-28T13:00")


def test_nothing_is_asked_on_a_holiday(tmp_path: Path) -> None:
    days = sessions_before("2025-11-26", 40)
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        place.lists(listing("IWM", days, [1.0] * 40), listing("OKLO", days, [5.0] * 40))
        place.look(evening(days[-1]))
        (tmp_path / "prices").rename(tmp_path / "gone")  # asking would fail

        place.offer.clock.now = new_york("2025-11-27T17:00")
        place.desk.look()
        polls = place.store.facts.select(SOURCE_POLL)
        assert polls[0]["ok"] == 1

        place.offer.clock.now = new_york("2025-11-28T17:00")
        place.desk.look()
        assert place.store.facts.select(SOURCE_POLL)[0]["ok"] == 0


def test_the_close_of_a_session_is_an_hour_later_in_utc_when_daylight_saving_ends(
    tmp_path: Path,
) -> None:
    days = sessions_before("2025-11-03", 40)
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        place.lists(listing("IWM", days, [1.0] * 40), listing("OKLO", days, [5.0] * 40))

        place.evenings(days[-3:])

        hours = [fact["known_at"].hour for fact in place.facts("OKLO")[-2:]]
        assert days[-2:] == [date(2025, 10, 31), date(2025, 11, 3)]
        assert hours == [20, 21]


def test_a_session_that_a_provider_lacks_is_unknown_and_told_late_when_it_comes(
    tmp_path: Path,
) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising(), missing=[LAST[2]])
        place.evenings(LAST[:4])
        assert place.told("OKLO") == [LAST[1], LAST[3]]
        assert place.fact("OKLO", LAST[3])["missing_sessions"] == 1

        a_market(place, rising())
        place.look(evening(LAST[4]))

        assert place.told("OKLO") == [LAST[1], LAST[3], LAST[2], LAST[4]]
        late = place.store.facts.select(PRICE_BAR, fact_id=f"bar:OKLO:{LAST[2]}")[0]
        assert late["judged_at"] > late["known_at"]


def test_values_whose_span_lacks_two_sessions_are_unknown(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising(), missing=LAST[1:3])

        place.evenings(LAST)

        fact = place.fact("OKLO", LAST[3])
        assert fact["return_5d"] is None
        assert fact["return_1d"] is None


def test_a_missing_session_is_asked_for_after_growing_pauses(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising(), missing=[LAST[1]])
        place.evenings(LAST[:2])
        a_market(place, rising())

        place.look(evening(LAST[1]) + timedelta(minutes=14))
        assert place.told("OKLO") == []

        place.look(evening(LAST[1]) + timedelta(minutes=16))
        assert place.told("OKLO") == [LAST[1]]


def test_a_week_without_the_provider_is_made_up_one_fact_a_session(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising())
        place.look(evening(LAST[0]))
        (tmp_path / "prices").rename(tmp_path / "gone")
        for day in LAST[1:5]:
            place.offer.clock.now = evening(day)
            place.desk.look()
        assert place.told("OKLO") == []
        assert place.store.facts.select(SOURCE_POLL)[0]["error"] is not None

        (tmp_path / "gone").rename(tmp_path / "prices")
        place.look(evening(LAST[5]))

        assert place.told("OKLO") == LAST[1:]
        assert place.store.facts.select(SOURCE_POLL)[0]["ok"] == 1


# Restated bars, ends and beginnings.


def test_a_restated_close_is_told_anew_quietly(tmp_path: Path) -> None:
    restated = rising()
    restated[-5] = 99.0
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising())
        place.evenings(LAST[:3])

        a_market(place, restated)
        place.look(evening(LAST[3]))

        fact = place.fact("OKLO", LAST[1])
        assert (fact["id"], fact["close_usd"]) == (f"bar:OKLO:{LAST[1]}~2", 99.0)
        assert place.told("OKLO") == [LAST[3]]
        assert place.fact("OKLO", LAST[2])["return_1d"] == pytest.approx(restated[-4] / 99 - 1)
        assert len(place.store.prices.restated("OKLO")) == 1


def test_a_ticker_that_ends_is_asked_for_ever_less_often_and_stops_nobody(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["SIVB", "OKLO"]) as place:
        a_market(place, rising())
        place.lists(listing("SIVB", DAYS[:-60], FLAT[:-60]))

        place.evenings(DAYS[-62:])

        (ended,) = [f for f in place.store.followed.all() if f.ticker == "SIVB"]
        assert ended.last == DAYS[-61]
        assert ended.asked is not None
        assert ended.asked < DAYS[-1]
        assert place.told("OKLO") == DAYS[-61:]


def test_a_ticker_that_the_provider_does_not_know_is_told_and_stops_nobody(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["NONE", "OKLO"]) as place:
        a_market(place, rising())

        place.evenings(LAST[:2])

        (unknown,) = [f for f in place.store.followed.all() if f.ticker == "NONE"]
        assert "no file of" in (unknown.refused or "")
        assert place.told("OKLO") == [LAST[1]]


def test_a_new_listing_has_its_return_since_then_and_no_longer_ones(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["NEW"]) as place:
        closes = [10.0 + n for n in range(40)]
        place.lists(listing("IWM", DAYS, FLAT), listing("NEW", DAYS[-40:], closes))

        place.look(evening(LAST[-1]))

        fact = place.facts("NEW")[-1]
        assert fact["since_listing"] == pytest.approx(49 / 10 - 1)
        assert fact["return_252d"] is None


def test_how_a_company_did_since_a_listing_that_lies_before_all_bars_is_unknown(
    tmp_path: Path,
) -> None:
    days = sessions_before("2025-11-25", 1_600)
    with trading(tmp_path / "prices", watch=["OLD"]) as place:
        place.lists(listing("OLD", days, [10.0] * 1_599 + [11.0]))

        place.look(evening(LAST[-1]))

        fact = place.facts("OLD")[-1]
        assert fact["return_1d"] == pytest.approx(0.1)
        assert fact["since_listing"] is None
        assert fact["excess_1d"] is None  # no benchmark


def test_a_reused_ticker_begins_with_the_company_that_it_means_now(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, [10.0] * (len(DAYS) - 20) + [5.0] * 20)
        identity = f"ticker,valid_from\nOKLO,{DAYS[-20]}\n"
        (tmp_path / "prices" / "identity.csv").write_text(identity)

        place.look(evening(LAST[-1]))

        facts = place.facts("OKLO")
        assert [fact["session"] for fact in facts] == DAYS[-20:]
        assert facts[-1]["return_21d"] is None
        assert facts[-1]["since_listing"] == 0


# All or nothing, and who is followed.


def test_bars_and_their_facts_are_kept_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising())
        place.look(evening(LAST[0]))

        with monkeypatch.context() as killed:
            killed.setattr(
                place.store.facts, "add", lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
            )
            with pytest.raises(KeyboardInterrupt):
                place.look(evening(LAST[1]))
        assert place.store.prices.sessions("OKLO", LAST[1]) == frozenset()

        place.look(evening(LAST[1]) + timedelta(minutes=1))
        assert place.told("OKLO") == [LAST[1]]


def test_rules_that_need_history_know_since_when_a_ticker_is_told(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, rising())
        place.look(evening(LAST[-1]))

        since = place.store.collection.covered_since(PRICE_BAR.name, "OKLO")

        assert since == new_york(f"{DAYS[-30]}T09:30")


def test_who_comes_after_the_bars_is_called_once_a_session(tmp_path: Path) -> None:
    called: list[date] = []
    with trading(tmp_path / "prices", watch=["OKLO"], after=called.append) as place:
        a_market(place, rising())

        for day in LAST[:2]:
            place.look(evening(day))
            place.look(evening(day) + timedelta(minutes=1))

    assert called == LAST[:2]


def test_a_bar_in_another_unit_is_put_right_and_marked(tmp_path: Path) -> None:
    closes = rising()
    closes[-5] *= 100
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, closes)

        place.evenings(LAST[:4])

        fact = place.fact("OKLO", LAST[1])
        assert place.fact("OKLO", LAST[3])["return_5d"] == pytest.approx(
            closes[-3] / closes[-8] - 1
        )
        assert fact["quality"] == "wrong_unit"
        assert fact["close_usd"] == pytest.approx(closes[-5] / 100)


def test_many_new_tickers_are_all_asked_for_in_one_go_and_the_benchmark_first(
    tmp_path: Path,
) -> None:
    names = [f"T{n:03}" for n in range(230)]
    called: list[date] = []
    with trading(tmp_path / "prices", watch=names, after=called.append) as place:
        place.lists(*(listing(name, DAYS[-40:], FLAT[-40:]) for name in ("IWM", *names)))

        place.look(evening(LAST[-1]))

        followed = place.store.followed.all()
        assert len(followed) == 231
        assert all(each.told == LAST[-1] for each in followed)
        assert place.facts("T229")[-1]["excess_21d"] == 0
        assert called == [LAST[-1]]
