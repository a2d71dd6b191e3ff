"""What is told of deliveries in the log."""

from structlog.typing import FilteringBoundLogger

from bot.notifiers import (
    CredentialsRefused,
    Dead,
    Gone,
    NotSent,
    Outcome,
    Parked,
    Refused,
    Sent,
    Uncertain,
    Wait,
)
from bot.store import Message


def tell(log: FilteringBoundLogger, message: Message, outcome: Outcome) -> None:
    """message: as `bot outbox` numbers it; alert: as `bot history` does, None for a digest."""
    alert = message.message_id if message.message_id > 0 else None
    keys = {"message": message.id, "alert": alert, "channel": message.channel}
    match outcome:
        case Sent():
            for why in outcome.degraded_by:
                log.warning("message.degraded", why=why, **keys)
            log.info("message.sent", **keys)
        case NotSent() | Wait() | Gone():
            log.info("message.waits", why=outcome.why, **keys)
        case Parked() | CredentialsRefused():
            log.error("message.held", why=outcome.why, mend=outcome.mend, **keys)
        case Uncertain():
            log.warning(
                "message.uncertain", why=outcome.why, next="a look into the channel", **keys
            )
        case Refused() | Dead():
            mend = f"bot outbox retry {message.id} after mending"
            log.error("message.not_delivered", why=outcome.why, mend=mend, **keys)
