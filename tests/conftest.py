"""What holds for every test: properties are tried on the same examples everywhere."""

import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.outbox import deliver
from tests.processes import SECRETS

settings.register_profile(
    "bot", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("bot")


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """A command sets the log up for its process; the next test starts without that.

    What a thread of the chat logs stands beside what commands print, never in it.
    """
    _log_apart()
    yield
    _log_apart()


def _log_apart() -> None:
    """Threads of the chat may outlive a test by minutes: an answer that Slack holds back waits."""
    structlog.reset_defaults()
    structlog.configure(logger_factory=_logger)


def _logger(*_: Any) -> structlog.PrintLogger:
    of_chat = threading.current_thread().name.startswith("chat")
    return structlog.PrintLogger(sys.__stderr__ if of_chat else sys.stdout)


@pytest.fixture(autouse=True)
def _nothing_of_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither secrets nor proxies of whoever runs the tests reach the bot."""
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def _calls_that_do_not_hang_end_within_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine too, where a thread may wait for a while before it runs."""
    monkeypatch.setattr(deliver, "_HEAD_START_S", 0.5)
    monkeypatch.setattr(deliver, "_FOR_ANSWERS_S", 2.0)


LOOPBACK = ("localhost", "127.", "::1")


@pytest.fixture(autouse=True)
def _only_loopback_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that looks up any other host fails at once, instead of waiting for an answer."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        told = host.decode() if isinstance(host, bytes) else host
        assert told is None or told.startswith(LOOPBACK), f"a test asks {told}"
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
