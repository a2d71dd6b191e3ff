"""Ten thousand values that no form should hold, each in a card, at every step of the ladder."""

import json
import random
import re
from collections.abc import Callable

import pytest

from bot.cards import Card, Line
from bot.cards.card import Moment, Picture
from bot.cards.slack import BLOCKS_LIMIT, TEXT_LIMIT, slack_ladder
from bot.clock import from_ms
from bot.sandbox.slack_blocks import breaches
from tests.cards.samples import FILING, HOSTILE, URL

CARDS, PARTS = 400, 4
SEED = 20251013

_PIECES = (
    "", " ", "\n", "\u200b", "\x00", "\ud83d", "\ufffe", "0", "x", "&", "<", ">", '"', "\\", "*",
    "_", "~", "`", "|", "…", "株式", "🔔", "👩‍👩‍👧‍👦", "e\u0301", "\u202eDLO", "שלום", "مرحبا",
    "AT&T", "&amp;",
    "<!channel>", "<!here>", "<@U012AB3CD>", "<#C012AB3CD>", "@here", "#general", ":bell:",
    "<https://evil.example|here>", "https://evil.example/?a=1&b=2", "<script>", "*_~`bold`~_*",
    "$9.4M", "−31%", "4.00–4.25 %", "1,234,567 sh", "9" * 400, "\r\n> quote", "- list", HOSTILE,
)  # fmt: skip


def a_value(dice: random.Random) -> str:
    """Short, long or very long: pieces one after another, or one of them many times."""
    shape = dice.randrange(10)
    if shape == 0:
        return FILING
    if shape < 4:
        return dice.choice(_PIECES) * dice.choice((1, 2, 50, 400, 4_000))
    return "".join(dice.choice(_PIECES) for _ in range(dice.choice((1, 3, 10, 60))))


def a_wild_card(dice: random.Random) -> Card:
    """A card of at least ten such values."""

    def values(most: int, least: int = 0) -> tuple[str, ...]:
        return tuple(a_value(dice) for _ in range(dice.randint(least, most)))

    labels: tuple[Callable[[], str], ...] = (
        lambda: "Why", lambda: "Who", lambda: f"#{dice.randrange(99)}", lambda: a_value(dice),
    )  # fmt: skip
    count = dice.choice((2, 5, 9, 100))
    return Card(
        alert_id=dice.choice((-1, 1, 10**12)),
        rule=a_value(dice),
        severity=dice.choice(("info", "critical")),
        headlines=values(4, 1),
        facts=values(4, 1),
        lines=tuple(Line(label=dice.choice(labels)(), text=a_value(dice)) for _ in range(count)),
        marks=values(2, 1),
        source=a_value(dice),
        url=dice.choice((None, URL, a_value(dice), f"https://x/{a_value(dice)}")),
        ticker=dice.choice((None, a_value(dice))),
        caveat=dice.choice((None, a_value(dice))),
        moments=tuple(
            Moment(words=each, at=dice.choice((None, from_ms(dice.randrange(10**13)))))
            for each in values(8, 1)
        ),
        picture=dice.choice((None, Picture(file_id="F0", shows=a_value(dice)))),
    )


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def texts_of(block: object) -> list[tuple[str, str]]:
    if isinstance(block, list):
        return [each for part in block for each in texts_of(part)]
    if not isinstance(block, dict):
        return []
    own = [(block["type"], block["text"])] if isinstance(block.get("text"), str) else []
    return own + [each for part in block.values() for each in texts_of(part)]


OURS = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d ET>"
    r"|<https?://[^\s<>|]+\|[^<>|]+>"
)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_value_breaks_a_limit_is_markup_or_calls_a_channel(part: int) -> None:
    dice = random.Random(SEED + part)
    for _ in range(CARDS // PARTS):
        card = a_wild_card(dice)
        for detail, message in slack_ladder(card, interactive=dice.random() < 0.5):
            written = json.dumps(message["blocks"], ensure_ascii=False, separators=(",", ":"))
            assert breaches(message["blocks"]) == [], (detail, card)
            assert units(written) <= BLOCKS_LIMIT
            assert 0 < units(message["text"]) <= TEXT_LIMIT
            for kind, text in [("plain_text", message["text"]), *texts_of(message["blocks"])]:
                left = OURS.sub("", text) if kind == "mrkdwn" else text
                assert not set("<>") & set(left)
                assert not re.search(r"&(?!amp;|lt;|gt;)", left)
                assert kind != "mrkdwn" or not set("_~`") & set(left)


def test_these_cards_hold_ten_thousand_values() -> None:
    told = 0
    for part in range(PARTS):
        dice = random.Random(SEED + part)
        for _ in range(CARDS // PARTS):
            card = a_wild_card(dice)
            told += len(card.headlines) + len(card.facts) + len(card.lines) + len(card.moments)

    assert told >= 10_000
