"""What holds for every test: properties are tried on the same examples everywhere."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

settings.register_profile(
    "bot", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("bot")


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """A command sets the log up for its process; the next test starts without that."""
    yield
    structlog.reset_defaults()


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
