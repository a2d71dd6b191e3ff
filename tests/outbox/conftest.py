"""The outbox on however busy a machine."""

import pytest


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call is waited for before the next one begins: who is slow changes no order.

    What calls that hang do to others is the matter of ``test_hanging``.
    """
    for name in ("_HEAD_START_S", "_FOR_ANSWERS_S"):
        monkeypatch.setattr(f"bot.outbox.deliver.{name}", 60.0)
