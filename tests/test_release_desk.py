"""Releases in the resident bot: who is waited for, and what the doctor asks of them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_clock
from bot.config import Calendar, Config, Edgar, Fed
from bot.errors import SourceUnavailable
from bot.fed_desk import fed_desk_of
from bot.release_desk import plans, release_desk_of
from bot.store import Store
from tests.releases.agencies import Agencies, Planned, Time, ny

CPI = Planned("Consumer Price Index", ny("2025-10-15 08:30"))


def config(url: str, *agencies: str) -> Config:
    calendar = Calendar(agencies=agencies, bls_url=url, bea_url=url)
    return Config(calendar=calendar, edgar=Edgar(contact="a@example.org"), fed=Fed(url=url))


def test_without_agencies_nobody_is_waited_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "bot.db")

    assert release_desk_of(config("http://x"), store, None, clock=system_clock) is None
    assert list(plans(config("http://x"), system_clock())) == []
    store.close()


@pytest.mark.parametrize(
    ("agencies", "asked"),
    [
        (("bls",), {"/schedule/news_release/bls.ics"}),
        (("bea",), {"/API/signup/release_dates.json"}),
        (("fed",), set()),
        (("bls", "bea"), {"/schedule/news_release/bls.ics", "/API/signup/release_dates.json"}),
    ],
)
def test_only_named_agencies_are_asked(
    tmp_path: Path, agencies: tuple[str, ...], asked: set[str]
) -> None:
    clock = Time(CPI.at - timedelta(hours=2))
    with Agencies(clock) as server:
        server.plan = [CPI]
        store = Store(tmp_path / "bot.db")
        desk = release_desk_of(config(server.url, *agencies), store, None, clock=clock)
        assert desk is not None
        desk.look()
        desk.close()
        store.close()

        assert set(server.asked) == asked


def test_the_board_is_waited_for_by_the_calendar_of_its_desk(tmp_path: Path) -> None:
    clock = Time(CPI.at)
    with Agencies(clock) as server:
        store = Store(tmp_path / "bot.db")
        settings = config(server.url, "fed")
        fed = fed_desk_of(settings, store, clock=clock, judge=lambda: None)
        desk = release_desk_of(settings, store, fed, clock=clock)
        assert fed is not None
        assert desk is not None
        desk.look()  # nothing of the Board is known yet, and nothing is asked for it
        fed.close()
        desk.close()
        store.close()

        assert server.asked == []


def test_the_doctor_is_told_what_comes_next_or_why_nothing_is_known() -> None:
    with Agencies(Time(CPI.at)) as server:
        server.plan = [CPI, Planned(CPI.title, ny("2025-11-13 08:30"))]
        told = [(name, ask()) for name, ask in plans(config(server.url, "bls"), CPI.at)]
        assert told == [
            ("BLS", "answers, the next is Consumer Price Index on 2025-11-13 08:30 ET, 1 to come")
        ]

        server.denied = {".ics"}
        for _, ask in plans(config(server.url, "bls"), CPI.at):
            with pytest.raises(SourceUnavailable, match="403"):
                ask()
