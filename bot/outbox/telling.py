"""What is told of deliveries: in the log, and by `bot outbox`."""

from collections.abc import Mapping, Sequence

from structlog.typing import FilteringBoundLogger

from bot.notifiers import (
    SHARED_LANES,
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
from bot.outbox.lanes import EVERYWHERE
from bot.store import Delivery, Message


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


def next_try(message: Message, pauses: Mapping[str, int]) -> int | None:
    """The earliest instant of the next attempt, or of the next look; None where none is to come.

    pauses: of all lanes; a message may go by its channel's own, or by one that all channels share.
    """
    if message.state is Delivery.UNCERTAIN and message.doubted_at is not None:
        return message.not_before or message.doubted_at
    if message.state not in (Delivery.PENDING, Delivery.PARKED):
        return None
    return max(message.not_before or 0, *(pauses.get(lane, 0) for lane in _lanes(message)))


def why_it_waits(
    message: Message,
    pauses: Mapping[str, int],
    reasons: Mapping[str, str],
    now: int,
    *,
    doubted: Sequence[Message] = (),
) -> str | None:
    """Why a message is not delivered: what its last attempt told, else what is in doubt before it,
    else why its lane pauses; None where nothing but its turn is to come."""
    if message.error or next_try(message, pauses) is None:
        return message.error
    before = [each.id for each in doubted if each.channel == message.channel]
    if before and message.state in (Delivery.PENDING, Delivery.PARKED):
        return f"behind {before[0]}, which may have arrived"
    lasting = [lane for lane in _lanes(message) if pauses.get(lane, 0) > now and lane in reasons]
    return reasons[max(lasting, key=pauses.__getitem__)] if lasting else None


def _lanes(message: Message) -> tuple[str, ...]:
    return (message.channel, EVERYWHERE, *SHARED_LANES)
