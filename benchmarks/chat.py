"""Commands in Slack while 200 alerts are being delivered: acknowledged when, and answered when.

A bot as a process of its own, beside a Slack and an EDGAR on loopback, with 20,000 past alerts in
its store.  Commands come ten a second through the socket, whatever becomes of those before.
"""

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles

from benchmarks import Figure, Options
from bot.cards import Card
from bot.clock import system_clock, to_ms
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.slack import Envelope, SlackServer
from bot.store import NewMessage, Store
from tests.processes import command, environment, until, write_config
from tests.store.past import Past, past_store

PAST, ALERTS, CHANNELS, COMMANDS = 20_000, 200, 20, 300
_EVERY_S, _LOOK_EVERY_S = 0.1, 0.005
_ASKED = ("{word} since:3y", "OKLO {word}", "{word} sev:high sort:value", "kind:insider {word}")
"""Each with a word of its own, by which its answer is known."""

_RULES = """
rules:
- id: any-sale
  on: insider_trade
  when: value_usd >= $100M
  message: "{ticker}: {owner_name} sold {value_usd:money}"
"""


def measure(options: Options) -> Iterator[Figure]:
    """Time to the acknowledgement and to the answer, and what was delivered meanwhile."""
    folder = options.folder / "chat"
    folder.mkdir(exist_ok=True)
    (folder / "rules.yaml").write_text(_RULES)
    channels = tuple(f"c{number}" for number in range(CHANNELS))
    with (
        SandboxEdgar(SandboxMarket([]), requests_per_second=None) as edgar,
        SlackServer(channels=channels) as slack,
    ):
        config = write_config(folder / "bot.toml", edgar.url, slack_url=slack.api_url)
        _prepare(folder / "bot.db", channels)
        secrets = {"SLACK_BOT_TOKEN": slack.token, "SLACK_APP_TOKEN": slack.app_token}
        with command("--config", config, "run", environ=environment(**secrets), heard=False) as bot:
            until(lambda: slack.socket.connections == 2)
            asked, answered = _ask(slack)
            delivered = sum(len(slack.messages(channel)) for channel in channels)
            bot.terminate()
            bot.wait(10)
    yield from _figures(asked, answered, delivered)


def _prepare(path: Path, channels: Sequence[str]) -> None:
    """Past alerts, and those that wait to be delivered: too few a channel for a digest."""
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    store = Store(path)
    chance = random.Random(8)
    past_store(
        [
            Past(
                minutes=number,
                ticker=chance.choice(("OKLO", "NVDA", "LEU", "SMR", None)),
                value_cents=chance.randrange(10**6, 10**10),
                severity=chance.choice(("info", "notice", "high")),
            )
            for number in range(PAST)
        ],
        store,
    )
    store.outbox.add([_waiting(number, channels) for number in range(ALERTS)])
    store.close()


def _waiting(number: int, channels: Sequence[str]) -> NewMessage:
    card = Card(
        alert_id=10**9 + number,
        rule="any-sale",
        severity="high",
        headlines=(f"OKLO: officer {number} sold $9.4M",),
        lines=(),
    )
    return NewMessage(
        message_id=card.alert_id, channel=f"#{channels[number % len(channels)]}",
        created_at=to_ms(system_clock()), text=card.text, card=card.to_json(),
    )  # fmt: skip


def _ask(slack: SlackServer) -> tuple[list[Envelope], dict[str, float]]:
    """The commands, and how long each took to its answer, by its word."""
    asked, sent, answered = list[Envelope](), dict[str, float](), dict[str, float]()
    began, chance = time.perf_counter(), random.Random(9)
    for number in range(COMMANDS):
        while time.perf_counter() < began + number * _EVERY_S:
            time.sleep(_LOOK_EVERY_S)
            _note(slack, sent, answered)
        word = f"word{number:04d}"
        sent[word] = time.perf_counter()
        asked.append(slack.command("/alerts " + chance.choice(_ASKED).format(word=word)))
    deadline = time.perf_counter() + 30
    while len(answered) < COMMANDS and time.perf_counter() < deadline:
        time.sleep(_LOOK_EVERY_S)
        _note(slack, sent, answered)
    return asked, answered


def _note(slack: SlackServer, sent: dict[str, float], answered: dict[str, float]) -> None:
    now = time.perf_counter()
    for each in slack.answers()[len(answered) :]:
        word = next((word for word in sent if word in each["text"] and word not in answered), None)
        if word is not None:
            answered[word] = now - sent[word]


def _figures(
    asked: Sequence[Envelope], answered: dict[str, float], delivered: int
) -> Iterator[Figure]:
    acks = sorted(each.took_s for each in asked if each.took_s is not None)
    lost = COMMANDS - len(acks)
    cuts = quantiles(acks, n=100)
    times = quantiles(answered.values(), n=100)
    note = f"{COMMANDS} commands over {PAST:,} past alerts; {delivered} alerts delivered meanwhile"
    yield Figure(name="commands not acknowledged", value=lost, unit="", limit=0, note=note)
    yield Figure(name="commands not answered", value=COMMANDS - len(answered), unit="", limit=0)
    yield Figure(name="acknowledged, p50", value=cuts[49] * 1000, unit="ms")
    yield Figure(name="acknowledged, p99", value=cuts[98] * 1000, unit="ms", limit=1_000)
    yield Figure(name="answered, p50", value=times[49] * 1000, unit="ms")
    yield Figure(name="answered, p99", value=times[98] * 1000, unit="ms")
