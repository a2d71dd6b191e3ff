"""Ways to deliver an alert: a shelf.  On it: console, slack, webhook."""

from bot.notifiers.notifier import SHARED_LANES, Notifier
from bot.notifiers.outcome import (
    CredentialsRefused,
    Dead,
    NotSent,
    Outcome,
    Parked,
    Refused,
    Sent,
    Uncertain,
    Wait,
)

__all__ = [
    "SHARED_LANES",
    "CredentialsRefused",
    "Dead",
    "NotSent",
    "Notifier",
    "Outcome",
    "Parked",
    "Refused",
    "Sent",
    "Uncertain",
    "Wait",
]
