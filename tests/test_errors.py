"""Errors say what, where and how to mend."""

import pickle

import pytest

from bot import errors
from bot.config import InvalidConfig
from bot.errors import BotError, DeliveryError
from bot.rules.problems import Source

BRANCHES = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, BotError) and kind is not DeliveryError
]


@pytest.mark.parametrize("kind", BRANCHES)
def test_an_error_tells_where_what_and_the_mend(kind: type[BotError]) -> None:
    error = kind(
        "unknown name 'cooldwon'", where="rules/a.yaml:4:1", mend="did you mean 'cooldown'?"
    )

    told = "rules/a.yaml:4:1: unknown name 'cooldwon'\n  mend: did you mean 'cooldown'?"
    assert str(error) == told
    assert isinstance(error, BotError)


def test_an_undelivered_message_says_whether_trying_again_is_safe() -> None:
    error = DeliveryError("no answer", where="chat.postMessage", mend="look first", retry=False)

    assert error.retry is False
    assert str(error) == "chat.postMessage: no answer\n  mend: look first"


@pytest.mark.parametrize(
    "error",
    [
        BotError("what", where="where", mend="mend"),
        DeliveryError("what", where="where", mend="mend", retry=True),
        InvalidConfig([Source(file="a", text="b").problem(0, "what", mend="mend")]),
    ],
)
def test_an_error_survives_the_way_to_another_process(error: BotError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert str(copy) == str(error)
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
