"""Calls of a workspace on loopback, and a clock that stands still."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.builders import NOW


class ManualClock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def refused(call: Any, **arguments: Any) -> dict[str, Any]:
    """The answer of a call that is refused."""
    with pytest.raises(SlackApiError) as error:
        call(**arguments)
    answer: dict[str, Any] = error.value.response.data
    return answer


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}, **more}


def texts_of(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]
