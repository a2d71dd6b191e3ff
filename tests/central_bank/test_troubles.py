"""What keeps the Board and the regional banks from answering, and how that is told."""

from datetime import timedelta

from structlog.testing import capture_logs

from bot.clock import from_ms
from bot.sandbox.edgar_faults import FaultKind
from tests.central_bank.world import (
    BEFORE,
    MINUTE,
    SECOND,
    a_world,
    eastern,
)
from tests.sources.edgar.local_edgar import Reply, serving

PAGE = "/newsevents/pressreleases/monetary20250917a.htm"
HOUR = timedelta(hours=1)


def test_an_outage_is_told_by_polls_and_by_a_line_at_its_beginning_and_end() -> None:
    with a_world() as world, capture_logs() as logs:
        world.look()
        world.fed.faults.add(FaultKind.UNAVAILABLE, path="/feeds/", times=None)
        for minute in range(1, 4):
            world.look(BEFORE + minute * MINUTE)
        world.fed.faults.clear()
        world.look(BEFORE + 4 * MINUTE)

        assert [row["ok"] for row in world.polls()] == [1, 0, 0, 0, 1]
        events = [each["event"] for each in logs]
        assert events.count("fed.does_not_answer") == 1
        assert events.count("fed.answers_again") == 1


def test_one_feed_that_does_not_come_keeps_nobody_from_the_others() -> None:
    at = eastern(2025, 9, 23, 12, 35)
    with a_world(at - MINUTE) as world:
        world.look()
        world.fed.faults.add(FaultKind.WEB_PAGE, path="/feeds/press_all", times=None)
        world.watch(at + 3 * MINUTE, step=10 * SECOND)

        assert world.told() == ["powell20250923a"]
        assert world.polls()[-1]["ok"] == 0


def test_after_hanging_up_a_look_asks_and_tells_nothing() -> None:
    with a_world() as world:
        world.desk.hang_up()
        world.look()

        assert world.fed.requests == ()
        assert world.polls() == []


# Regional banks.


def test_a_regional_bank_that_does_not_answer_is_no_trouble_of_the_source() -> None:
    with a_world() as world:
        world.restart([world.fed.url + "/nothing.xml"])
        world.look()

        assert world.polls()[0]["ok"] == 1


def a_page(*titles: str) -> Reply:
    links = "".join(f'<a href="/speeches/{n}/">{each}</a>' for n, each in enumerate(titles))
    return Reply(body=f"<!DOCTYPE html><html><body>{links}</body></html>".encode())


def test_a_list_without_dates_tells_what_it_names_anew_from_when_it_was_seen() -> None:
    first, second = "The outlook for growth", "The outlook for inflation"
    replies = [a_page(first), a_page(first, second)]
    with serving(lambda _: replies.pop(0)) as bank, a_world() as world:
        world.restart([f"{bank.url}/speeches/"])
        world.look()
        world.look(BEFORE + 11 * MINUTE)

        (old,) = [row for row in world.releases() if row["title"] == first]
        (new,) = world.releases(quiet=False)
        assert old["quiet"] == 1
        assert (new["title"], new["type"]) == (second, "speech")
        assert from_ms(new["known_at"]) == BEFORE + 11 * MINUTE


def test_a_list_with_many_new_addresses_at_once_has_changed_and_tells_nothing() -> None:
    titles = [f"A speech of number {n}" for n in range(9)]
    replies = [a_page(*titles[:1]), a_page(*titles)]
    with serving(lambda _: replies.pop(0)) as bank, a_world() as world:
        world.restart([f"{bank.url}/speeches/"])
        world.look()
        world.look(BEFORE + 11 * MINUTE)

        assert len([row for row in world.releases() if "speech of number" in row["title"]]) == 9
        assert world.told() == []
