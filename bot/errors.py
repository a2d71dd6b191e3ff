"""The one tree of errors, its branches named for who mends them."""


class BotError(Exception):
    """What went wrong, where, and how to mend it."""

    def __init__(self, what: str, *, where: str, mend: str) -> None:
        super().__init__(what, where, mend)
        self.what, self.where, self.mend = what, where, mend

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  mend: {self.mend}"


class ConfigError(BotError):
    """The operator mends it; the bot does not start."""


class RuleError(BotError):
    """The author of the rule mends it; the last good rules stay in force."""


class SourceUnavailable(BotError):
    """Nobody mends it; the same request is worth another try later."""


class SourceUnreadable(BotError):
    """We mend it; the document is kept aside with this reason."""


class DeliveryError(BotError):
    """A message was not delivered; ``retry`` says whether trying again is safe."""

    def __init__(self, what: str, *, where: str, mend: str, retry: bool) -> None:
        super().__init__(what, where=where, mend=mend)
        self.retry = retry


class QueryError(BotError):
    """The asker mends it: the question could not be read."""
