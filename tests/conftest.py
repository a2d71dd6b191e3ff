"""What holds for every test: properties are tried on the same examples everywhere."""

from collections.abc import Iterator

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
