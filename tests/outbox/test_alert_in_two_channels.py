"""An alert for two channels has a thread in each; what answers it stands in each channel's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.composing import composed
from bot.judge import Judge
from bot.outbox import Outgoing
from bot.routes import Routes
from bot.routes.match import Way
from bot.sandbox.filings import SyntheticFiling
from tests.builders import NOW, a_rule
from tests.channels import LOST, Channels
from tests.corrected import SALES, Judged
from tests.insider.ledgers import COCHRAN, DEWITTE, amendment, form, sale
from tests.outgoing import Time

BOTH = ("#a", "#b")


@dataclass
class TwoChannels:
    """A bot that tells each sale in both channels."""

    def __post_init__(self) -> None:
        self.line = Judged(a_rule(SALES))
        self.store = self.line.store
        way = Way(to=BOTH, stories=timedelta(days=1))
        routes = Routes(channel="#a", ways=(way,))
        self.line.judge = Judge(self.store, self.line.rules, clock=lambda: NOW, route=routes)
        self.channels, self.time = Channels(), Time()
        self.outgoing = Outgoing(
            self.store, self.channels, clock=self.time, jitter=lambda: 1.0,
            compose=partial(composed, self.store),
        )  # fmt: skip

    def reads(self, filing: SyntheticFiling) -> None:
        self.line.read(filing)
        for _ in range(20):
            self.outgoing.deliver()
            self.time.passes(5)

    def threads(self) -> Mapping[str, list[str | None]]:
        """Below what each message of a channel stands: "root" is that channel's first."""
        found = {}
        for channel in BOTH:
            standing = self.channels.standing[channel]
            found[channel] = [
                "root" if each.thread == standing[0].ts else each.thread for each in standing
            ]
        return found


def test_a_later_alert_of_the_story_stands_in_the_thread_of_each_channel() -> None:
    bot = TwoChannels()
    bot.reads(form(1, DEWITTE, sale(100_000, 20)))

    bot.reads(form(2, COCHRAN, sale(200_000, 20)))

    assert bot.threads() == {"#a": [None, "root"], "#b": [None, "root"]}
    for channel in BOTH:
        first, _ = bot.channels.standing[channel]
        assert "story, 2 alerts" in first.card.text


def test_a_correction_stands_in_the_thread_of_each_channel_and_on_each_card() -> None:
    bot = TwoChannels()
    bot.reads(form(1, DEWITTE, sale(100_000, 20)))

    bot.reads(amendment(2, DEWITTE, sale(10_000, 20)))

    assert bot.threads() == {"#a": [None, "root"], "#b": [None, "root"]}
    for channel in BOTH:
        first, reply = bot.channels.standing[channel]
        assert "corrected" in first.card.marks
        assert "no longer at least $1M" in reply.card.text
    numbers = {bot.channels.standing[channel][1].card.alert_id for channel in BOTH}
    assert len(numbers) == 2


def test_a_correction_of_a_later_alert_stands_in_the_thread_of_its_story_in_each_channel() -> None:
    bot = TwoChannels()
    bot.reads(form(1, COCHRAN, sale(200_000, 20)))
    bot.reads(form(2, DEWITTE, sale(100_000, 20)))

    bot.reads(amendment(3, DEWITTE, sale(10_000, 20)))

    assert bot.threads() == {"#a": [None, "root", "root"], "#b": [None, "root", "root"]}


def test_a_reply_whose_answer_was_lost_is_looked_for_in_the_thread_of_its_own_channel() -> None:
    bot = TwoChannels()
    bot.reads(form(1, DEWITTE, sale(100_000, 20)))
    bot.channels.answers["#b"] = [LOST]

    bot.reads(form(2, COCHRAN, sale(200_000, 20)))

    assert bot.threads() == {"#a": [None, "root"], "#b": [None, "root"]}
    assert bot.store.outbox.unfinished() == []


def test_where_one_channel_refused_the_first_the_other_has_its_thread_all_the_same() -> None:
    bot = TwoChannels()
    bot.reads(form(1, DEWITTE, sale(100_000, 20)))
    gone = next(each for each in bot.store.outbox.all() if each.channel == "#b")
    bot.store.outbox.detach(gone.id, why="message_not_found")

    bot.reads(amendment(2, DEWITTE, sale(10_000, 20)))

    assert bot.threads() == {"#a": [None, "root"], "#b": [None, None]}
