"""Sessions of a quiet market, and a desk that looks at it."""

from tests.market.trading import Trading, listing, sessions_before

DAYS = sessions_before("2025-11-25", 320)


PAST, LAST = DAYS[:-6], DAYS[-6:]


FLAT = [100.0] * len(DAYS)


def a_market(place: Trading, closes: list[float], **more: object) -> None:
    place.lists(listing("IWM", DAYS, FLAT), listing("OKLO", DAYS, closes, **more))  # type: ignore[arg-type]
