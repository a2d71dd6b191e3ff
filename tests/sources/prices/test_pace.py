"""How often a provider is asked."""

from bot.sources.prices.pace import Tokens


class Seconds:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def test_no_second_holds_more_requests_than_allowed_and_no_more_is_waited_than_needed() -> None:
    seconds = Seconds()
    tokens = Tokens(3, 1.0, clock=seconds, wait=seconds.wait)

    taken = []
    for _ in range(10):
        tokens.take()
        taken.append(seconds.now - 100.0)

    assert taken[:3] == [0, 0, 0]
    assert all(later - first >= 1.0 for first, later in zip(taken, taken[3:], strict=False))
    assert taken[-1] < 3.1
