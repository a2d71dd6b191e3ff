"""The one tree of errors, its branches named for who mends them."""

from typing import Any


class BotError(Exception):
    """What went wrong, where, and how to mend it."""

    def __init__(self, what: str, *, where: str, mend: str) -> None:
        super().__init__(what, where, mend)
        self.what, self.where, self.mend = what, where, mend

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  mend: {self.mend}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors come back from child processes as they were, whatever their branch adds."""
        return _restored, (type(self), self.args, vars(self))


class ConfigError(BotError):
    """The operator mends it; the bot does not start."""


class StoreLost(ConfigError):
    """The file of the store was taken away under a running bot, which ends."""


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


def _restored(kind: type[BotError], args: tuple[Any, ...], state: dict[str, Any]) -> BotError:
    error = kind.__new__(kind, *args)
    vars(error).update(state)
    return error
