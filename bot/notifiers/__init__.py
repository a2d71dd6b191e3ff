"""Ways to deliver an alert: a shelf.  On it: console, slack, webhook."""

from bot.notifiers.notifier import SHARED_LANES, Notifier
from bot.notifiers.outcome import (
    CredentialsRefused,
    Dead,
    Found,
    Gone,
    NotSent,
    Outcome,
    Parked,
    Place,
    Refused,
    Seen,
    Sent,
    Uncertain,
    Unseen,
    Wait,
)

__all__ = [
    "SHARED_LANES",
    "CredentialsRefused",
    "Dead",
    "Found",
    "Gone",
    "NotSent",
    "Notifier",
    "Outcome",
    "Parked",
    "Place",
    "Refused",
    "Seen",
    "Sent",
    "Uncertain",
    "Unseen",
    "Wait",
]
