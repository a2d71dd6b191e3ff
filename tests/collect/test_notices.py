"""Forms 144 collected beside Forms 4: by the same polls, the same index, one fact a poll."""

from datetime import timedelta

from bot.collect import INSIDERS, INSIDERS_AND_NOTICES, Watch
from bot.facts import FORM144, SOURCE_POLL
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.filings import SyntheticFiling
from bot.sandbox.notices import SyntheticNotice
from tests.collect.bots import MARKET, Live
from tests.insider.notices import NOTICED, a_notice, a_sale

HELD = a_sale("2025-08-20", "10")
NOTICES = [
    a_notice(
        accession=f"0001849056-25-00090{number}",
        form=form,
        accepted_at=NOTICED + timedelta(hours=number),
    )
    for number, form in ((0, "144"), (1, "144/A"))
]


class World:
    """A market under a clock that stands still until a test moves it, and bots that look at it."""

    def __init__(self, *filings: SyntheticFiling | SyntheticNotice) -> None:
        self.clock = SandboxClock(start=HELD.accepted_at + timedelta(days=1), speed=0)
        self.market = SandboxMarket.of([HELD, *filings])
        self.edgar = SandboxEdgar(self.market, self.clock, requests_per_second=None)
        self.bots: list[Live] = []

    def bot(self, *, notices: bool = True, watch: Watch = MARKET) -> Live:
        forms = INSIDERS_AND_NOTICES if notices else INSIDERS
        self.bots.append(Live(self.edgar.url, self.clock, None, watch, forms))
        return self.bots[-1]


def seen(bot: Live) -> list[tuple[str, str]]:
    return [(row["form"], row["stage"]) for row in bot.store.facts.select(FORM144)[::-1]]


def test_a_poll_brings_notices_and_trades_and_tells_one_fact() -> None:
    world = World(*NOTICES)
    with world.edgar:
        bot = world.bot()
        bot.poll()
        assert seen(bot) == []

        world.clock.move_to(NOTICED + timedelta(hours=2))
        bot.poll()

        assert seen(bot) == [("144", "announced"), ("144/A", "announced")]
        assert [row["quiet"] for row in bot.store.facts.select(FORM144)] == [0, 0]
        polls = bot.store.facts.select(SOURCE_POLL)
        assert [(row["ok"], row["items"]) for row in polls] == [(1, 2), (1, 1)]
        bot.close()


def test_a_market_without_any_notice_is_no_trouble() -> None:
    world = World()
    with world.edgar:
        bot = world.bot()
        bot.poll()
        assert [row["ok"] for row in bot.store.facts.select(SOURCE_POLL)] == [1]
        bot.close()


def test_a_notice_that_the_feed_never_listed_is_found_in_the_index() -> None:
    world = World(*NOTICES)
    world.market.hide_from_feed(NOTICES[0].accession)
    with world.edgar:
        bot = world.bot()
        bot.poll()
        world.clock.move_to(NOTICED + timedelta(days=2))
        bot.poll()

        assert {row["accession_number"] for row in bot.store.facts.select(FORM144)} == {
            each.accession for each in NOTICES
        }
        bot.close()


def test_notices_of_issuers_that_are_not_watched_are_not_kept() -> None:
    world = World(*NOTICES)
    with world.edgar:
        bot = world.bot(watch=Watch(ciks=frozenset({"0000000007"})))
        bot.poll()
        world.clock.move_to(NOTICED + timedelta(days=2))
        bot.poll()

        assert seen(bot) == []
        assert bot.store.collection.settled("edgar", [NOTICES[0].accession])
        bot.close()


def test_where_notices_are_switched_off_nothing_is_asked_for_them() -> None:
    world = World(*NOTICES)
    with world.edgar:
        bot = world.bot(notices=False)
        bot.poll()
        world.clock.move_to(NOTICED + timedelta(days=2))
        bot.poll()

        assert seen(bot) == []
        assert {each.kind for each in bot.store.collection.coverage()} == {"insider_trade"}
        assert not [r for r in world.edgar.requests if "type=144" in r.path]
        bot.close()


def test_the_store_knows_since_when_notices_are_collected() -> None:
    world = World()
    with world.edgar:
        bot = world.bot()
        bot.poll()
        assert {(each.kind, each.subject) for each in bot.store.collection.coverage()} == {
            ("insider_trade", None), ("form144", None),
        }  # fmt: skip
        bot.close()


def test_a_list_that_does_not_come_keeps_no_other_list_from_coming() -> None:
    world = World(*NOTICES, a_sale("2025-09-02", "1000"))
    with world.edgar:
        bot = world.bot()
        bot.poll()
        world.clock.move_to(NOTICED + timedelta(minutes=30))
        feed = bot.client.feed

        def broken(start: int, count: int = 100, form: str = "4") -> bytes:
            return b"<html>" if form == "144" else feed(start, count, form)

        bot.client.feed = broken  # type: ignore[method-assign]
        bot.poll()

        assert bot.store.facts.count()["insider_trade"] == 2
        assert seen(bot) == []
        newest = bot.store.facts.select(SOURCE_POLL)[0]
        assert newest["ok"] == 0
        assert "web page" in newest["error"]
        bot.client.feed = feed  # type: ignore[method-assign]
        bot.poll()
        assert seen(bot) == [("144", "announced"), ("144", "executed")]
        bot.close()


def test_the_clock_ends_a_notice_only_when_every_day_up_to_its_deadline_is_read() -> None:
    world = World(NOTICES[0])
    with world.edgar:
        bot = world.bot()
        bot.poll()
        world.clock.move_to(NOTICED + timedelta(minutes=5))
        bot.poll()
        world.clock.move_to(NOTICED + timedelta(days=93))
        bot.poll()
        assert seen(bot) == [("144", "announced"), ("144", "not_executed")]
        bot.close()
