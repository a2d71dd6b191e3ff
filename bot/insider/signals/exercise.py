"""How much of an exercise was held, and how much sold at once."""

from bot.insider.signals.past import Known, Past

HELD_DAYS = 30


def exercise_hold_ratio(exercise: Past, known: Known) -> float | None:
    """Share of the exercised shares that was not sold within 30 days, as far as is known now.

    Exercise and sale on one day are one cashless event: 0 (Aboody, Hughes, Liu and Su 2008).
    Exercises of the person in the security on that day are taken together; shares withheld for
    price or tax are no sale.  None where a number of shares is not known.
    """
    day = exercise.traded_on
    if day is None or exercise.person_key is None:
        return None
    own = [
        trade
        for trade in known.trades
        if trade.traded_on is not None
        and day <= trade.traded_on < day + HELD_DAYS
        and trade.person_key == exercise.person_key
        and trade.security == exercise.security
    ]
    exercised = _shares([each for each in own if each.is_exercise and each.traded_on == day])
    sold = _shares([each for each in own if each.is_market and each.side == "sell"])
    if not exercised or sold is None:
        return None
    return max(0.0, (exercised - sold) / exercised)


def _shares(trades: list[Past]) -> float | None:
    known = [trade.shares for trade in trades if trade.shares is not None]
    return sum(known) if len(known) == len(trades) else None
