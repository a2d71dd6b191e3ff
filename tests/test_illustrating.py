"""Charts come after their alerts: drawn by a child, handed to Slack, put on the card."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cards import Card
from bot.chart_desk import chart_desk_of
from bot.clock import to_ms
from bot.composing import composed
from bot.config import Config, Secret, Slack
from bot.errors import ConfigError
from bot.illustrating import Draughtsman, Drawn, Illustrator
from bot.illustrating.asking import NotDrawn
from bot.illustrating.draw import answer
from bot.notifiers.slack import SlackNotifier
from bot.numbers import percent_text
from bot.outbox import Outgoing
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.signals.last import last_signals
from bot.store import NewMessage, Store
from tests.builders import NOW
from tests.cards.samples import a_card
from tests.prices_of import a_series, sessions
from tests.processes import LONG

DAYS = sessions("2025-09-02", 20)
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Line:
    """A bot's way to one channel of a local Slack, with a clock of its own."""

    store: Store
    slack: SlackServer
    drawn: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = NOW
        self.notifier = SlackNotifier(self.slack.token, api_url=self.slack.api_url)
        self.outgoing = Outgoing(
            self.store, self.notifier, clock=lambda: self.now, jitter=lambda: 1.0,
            compose=partial(composed, self.store),
        )  # fmt: skip
        self.illustrator = Illustrator(
            self.store, draw=self.draw, upload=self.notifier.upload, clock=lambda: self.now
        )

    def draw(self, chart: str, ticker: str) -> Drawn | None:
        self.drawn.append(f"{ticker} {chart}")
        return Drawn(png=PNG, shows="Closes of OKLO, +107%")

    def sends(self, card: Card, channel: str = "#alerts") -> None:
        self.store.outbox.add(
            [NewMessage(message_id=card.alert_id, channel=channel, created_at=to_ms(self.now),
                        text=card.text, card=card.to_json())]
        )  # fmt: skip
        self.passes(5)

    def passes(self, seconds: float) -> None:
        """Time, and what goes out in it."""
        for _ in range(int(seconds)):
            self.now += timedelta(seconds=1)
            self.outgoing.deliver()

    def images(self) -> list[dict[str, Any]]:
        blocks = [b for m in self.slack.messages("alerts") for b in m["blocks"]]
        return [block for block in blocks if block["type"] == "image"]


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    server = SlackServer(channels=("alerts", "insiders"), burst=100)
    with closing(Store(tmp_path / "bot.db")) as store, server as slack:
        yield Line(store, slack)


def an_alert(number: int = 12, **values: Any) -> Card:
    return a_card(alert_id=number, chart="price", **values)


def test_an_alert_goes_out_without_its_chart_which_comes_as_a_change(line: Line) -> None:
    line.sends(an_alert())
    assert line.images() == []

    assert line.illustrator.look()
    line.passes(5)

    (image,) = line.images()
    assert image["slack_file"]["id"].startswith("F")
    assert image["alt_text"] == "Closes of OKLO, +107%"
    assert len(line.slack.messages("alerts")) == 1
    assert not line.illustrator.look()


def test_an_alert_in_two_channels_is_drawn_once(line: Line) -> None:
    line.sends(an_alert())
    line.sends(an_alert(), channel="#insiders")

    while line.illustrator.look():
        pass
    line.passes(5)

    assert line.drawn == ["OKLO price"]
    shown = [line.slack.messages(name)[0]["blocks"] for name in ("alerts", "insiders")]
    assert [sum(block["type"] == "image" for block in blocks) for blocks in shown] == [1, 1]


def test_what_has_no_ticker_or_is_no_alert_or_is_old_is_not_drawn(line: Line) -> None:
    line.sends(an_alert(1, ticker=None))
    line.sends(replace(an_alert(2), chart=None))
    line.sends(an_alert(-3))
    line.sends(an_alert(4))
    line.now += timedelta(hours=2)

    assert not line.illustrator.look()


def too_early(line: Line) -> Illustrator:
    """One that says where a file will be before Slack shows it: the first that it takes."""
    return Illustrator(
        line.store, draw=line.draw, upload=lambda **_: "F0000000001", clock=lambda: line.now
    )


def test_a_file_that_slack_has_not_looked_through_is_shown_a_little_later(line: Line) -> None:
    line.sends(an_alert())
    too_early(line).look()
    line.passes(3)
    assert line.images() == []

    line.notifier.upload(name="a.png", body=PNG, title="OKLO", alt_text="OKLO")
    line.passes(30)

    assert len(line.images()) == 1


def test_a_file_that_slack_never_shows_leaves_the_alert_as_it_is(line: Line) -> None:
    line.sends(an_alert())
    (before,) = line.slack.messages("alerts")
    too_early(line).look()

    with capture_logs() as logs:
        line.passes(200)

    (after,) = line.slack.messages("alerts")
    assert line.images() == []
    assert after["text"] == before["text"]
    assert [block["type"] for block in after["blocks"]] == [b["type"] for b in before["blocks"]]
    refused = [log for log in logs if log["event"] == "card.without_picture"]
    assert len(refused) == 6
    assert line.store.outbox.to_edit(line.now) == []


@pytest.mark.parametrize("code", ["missing_scope", "unknown_method"])
def test_where_slack_takes_no_files_that_is_told_once_and_no_more_is_drawn(
    line: Line, code: str
) -> None:
    for number in (1, 2):
        line.sends(an_alert(number))
    line.slack.faults.append(Fault(FaultKind.ERROR, method="files.getUploadURLExternal", code=code))

    with capture_logs() as logs:
        while line.illustrator.look():
            pass

    assert line.drawn == ["OKLO price"]
    assert [log["event"] for log in logs] == ["charts.off"]
    assert logs[0]["why"] == code


def test_an_upload_that_fails_is_tried_again_but_not_for_ever(line: Line) -> None:
    line.sends(an_alert())
    line.slack.faults += [
        Fault(FaultKind.ERROR, method="files.getUploadURLExternal") for _ in range(9)
    ]

    looks = 0
    while line.illustrator.look():
        looks += 1

    assert looks == 3


@pytest.mark.parametrize(
    ("raised", "looks", "event"),
    [
        (NotDrawn("killed"), 3, "chart.not_drawn"),
        (ConfigError("no matplotlib", where="here", mend="install it"), 1, "charts.off"),
    ],
)
def test_what_can_not_be_drawn_harms_nothing(
    line: Line, raised: Exception, looks: int, event: str
) -> None:
    def fails(chart: str, ticker: str) -> Drawn | None:
        raise raised

    line.sends(an_alert())
    illustrator = Illustrator(
        line.store, draw=fails, upload=line.notifier.upload, clock=lambda: line.now
    )

    with capture_logs() as logs:
        made = sum(1 for _ in iter(illustrator.look, False))

    assert made == looks
    assert {log["event"] for log in logs} == {event}


def test_a_ticker_without_a_bar_is_asked_for_once(line: Line) -> None:
    line.sends(an_alert())
    asked: list[str] = []
    illustrator = Illustrator(
        line.store, draw=lambda *told: asked.append(str(told)), upload=line.notifier.upload,
        clock=lambda: line.now,
    )  # fmt: skip

    while illustrator.look():
        pass

    assert len(asked) == 1


def test_the_child_draws_what_the_store_knows_and_says_it_in_words(line: Line) -> None:
    for ticker, rise in (("OKLO", 4.0), ("IWM", 0.1)):
        closes = [100 + rise * n for n in range(20)]
        line.store.prices.keep(a_series(ticker, DAYS, closes), source="folder", seen_at=1)
    draughtsman = Draughtsman(
        line.store.path or Path(), benchmark="IWM", today=lambda: date(2025, 9, 30), within_s=LONG
    )

    drawn = draughtsman.draw("pe", "OKLO")

    assert drawn is not None
    assert drawn.png.startswith(PNG)
    assert drawn.shows == (
        "Closes from 2025-09-02 to 2025-09-29: OKLO +76%, beside IWM +1.9%; no insider trades known"
    )
    assert draughtsman.draw("price", "KLG") is None


def test_a_chart_tells_the_change_of_the_252_sessions_of_its_card(tmp_path: Path) -> None:
    days = sessions("2024-02-01", 420)
    bars = a_series("OKLO", days, [10 * 1.01**n for n in range(420)])
    with closing(Store(tmp_path / "bot.db")) as store:
        store.prices.keep(bars, source="folder", seen_at=1)
    (card,) = last_signals([bars], None)
    asked = {"store": tmp_path / "bot.db", "chart": "price", "ticker": "OKLO", "benchmark": "IWM"}

    drawn = answer({**asked, "until": days[-1].isoformat()})
    years_later = answer({**asked, "until": "2028-01-03"})

    since, change = card.since["252d"], card.values["return_252d"]
    assert change is not None
    told = f"Closes from {since} to {days[-1]}: OKLO +{percent_text(change)};"
    assert drawn["shows"].startswith(told)
    assert "nothing" in years_later


def test_a_child_that_is_too_slow_is_ended(tmp_path: Path) -> None:
    draughtsman = Draughtsman(
        tmp_path / "bot.db", benchmark="IWM", today=lambda: date(2025, 9, 30), within_s=0.01
    )

    with pytest.raises(NotDrawn, match="not within"):
        draughtsman.draw("price", "OKLO")


def test_after_a_hang_up_nothing_is_drawn(tmp_path: Path) -> None:
    draughtsman = Draughtsman(tmp_path / "bot.db", benchmark="IWM", today=lambda: date(2025, 9, 30))

    draughtsman.hang_up()

    with pytest.raises(NotDrawn, match="ends"):
        draughtsman.draw("price", "OKLO")


@pytest.mark.parametrize(
    ("slack", "wanted"),
    [
        (Slack(bot_token=Secret("xoxb-x")), True),
        (Slack(bot_token=Secret("xoxb-x"), charts=False), False),
        (Slack(webhook_url=Secret("https://hooks.slack.com/x")), False),
    ],
)
def test_charts_are_for_a_bot_token_and_can_be_switched_off(slack: Slack, wanted: bool) -> None:
    config = Config(slack=slack)
    notifier = SlackNotifier("xoxb-x", api_url=slack.api_url)

    with closing(Store(None)) as store:
        desk = chart_desk_of(config, store, notifier, clock=lambda: NOW)

    assert (desk is not None) == wanted
