"""Every answer of every verb is one that Slack takes, however much the store holds."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.slack import BLOCKS_LIMIT
from bot.cards.slack_text import written
from bot.chat.answer_slack import slack_answer
from bot.chat.command import Verb
from bot.chat.delivered import REPLIES
from bot.sandbox.slack_blocks import breaches
from tests.chat.desks import ANN, AnOffice, whole

TICKERS = ("OKLO", "SMR", "A.LONG-TICKER" * 20, '"AT&T" <*_`~>' * 30)
_OF_AN_ALERT = (Verb.SHOW, Verb.WHY, Verb.ACK, Verb.UNSUBSCRIBE)
ASKED = [f"{verb} 1" if verb in _OF_AN_ALERT else str(verb) for verb in Verb]
ASKED += ["", "last 500", "stats 30d", "mute OKLO 7d", "subscribe OKLO", "fate:all", "nothing"]


@settings(max_examples=8, deadline=None)
@given(sold=st.lists(st.sampled_from(TICKERS), min_size=1, max_size=40), mutes=st.integers(0, 30))
def test_slack_takes_the_answer_of_every_verb(sold: list[str], mutes: int) -> None:
    office = AnOffice(stories=timedelta(hours=8))
    office.sells(*sold)
    for number in range(mutes):
        office.asks(ANN, f"mute who:person{number} 7d confirmed {'why ' * 99}")
        office.asks(ANN, f"subscribe who:person{number} min:$1m")

    for asked in ASKED:
        told = slack_answer(office.asks(ANN, asked))

        assert breaches(told["blocks"]) == [], asked
        assert written(told["blocks"]) <= BLOCKS_LIMIT, asked


@pytest.fixture
def story() -> AnOffice:
    """One alert with 94 more in its thread."""
    office = AnOffice(stories=timedelta(hours=8))
    office.sells(*["OKLO"] * 95)
    return office


def test_of_a_long_thread_the_newest_are_listed_and_the_others_counted(story: AnOffice) -> None:
    replies = story.store.outbox.thread_of(story.store.outbox.telling(1)[0].id)

    answer = story.asks(ANN, "show 1")

    listed = [row.text for row in answer.rows if row.text.startswith("↳ in its thread: ")]
    assert len(replies) == 94
    assert listed[0] == "↳ in its thread: 84 more, older than these"
    assert len(listed) == 1 + REPLIES
    assert "yes: value_usd >= $1M (value_usd $2M)" in whole(answer)
