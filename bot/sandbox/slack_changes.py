"""What guards the local Slack, and tells those who wait that something in it has changed."""

from threading import Condition


class Changes(Condition):
    """A condition that counts how often it has been told of."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def notify_all(self) -> None:
        self.count += 1
        super().notify_all()
