"""Packs of rules as people write them, varied."""

import random
from collections.abc import Callable, Sequence

from bot.rules.loading import load_rules
from bot.rules.model import Rule

_WHERE = (
    "side == sell and class == open_market",
    "side == buy and class == open_market",
    "class == open_market and role in (ceo, cfo)",
    "side == sell and class == open_market and not planned",
    "side == sell and class == open_market and value_usd >= $100k",
    "code == \"P\"",
    "class in (open_market, off_market)",
    "side == sell and is_officer",
)  # fmt: skip
_SPANS = ("10d", "30d", "60d", "90d", "180d", "365d", "20 sessions", "6mo", "ytd")

_SIMPLE = {
    "total": ("{{sum: value_usd, over: {span}}}", "total >= ${n}M", (5, 20, 50, 200)),
    "people": ("{{distinct: person_key, over: {span}}}", "people >= {n}", (3, 4, 5)),
    "times": ("{{count: events, over: {span}}}", "times >= {n}", (5, 10, 20)),
    "earlier": (
        "{{last: value_usd, before: event, max_age: 365d}}",
        "value_usd >= {n} * earlier",
        (3, 5, 10),
    ),
}
"""By name: the measure, a clause over it, and the numbers in it."""

_OTHERS = {
    "usual": (
        "{{avg: value_usd, over: {span}, before: event}}",
        "value_usd >= {n} * usual",
        (3, 5, 10),
    ),
    "least": ("{{min: price_usd, over: {span}}}", "price_usd >= {n} * least", (2, 3)),
    "most": (
        "{{max: value_usd, over: {span}, before: event, min_points: 3}}",
        "value_usd >= {n} * most",
        (1, 2),
    ),
    "grown": ("{{change: shares_after, over: {span}}}", "grown <= -{n}%", (20, 50, 80)),
    "unusual": ("{{zscore: value_usd, over: 2y, min_points: 5}}", "unusual >= {n}", (2, 3, 4)),
    "chiefs": (
        "{{share: value_usd, where: 'role in (ceo, cfo)', over: {span}}}",
        "chiefs >= {n}%",
        (30, 50, 70),
    ),
    "traded": (
        "{{sum: value_usd, over: {span}, time: traded_on}}",
        "traded >= ${n}M",
        (5, 20, 50),
    ),
    "bought": (
        '{{count: events, of: insider_trade, where: code == "P", over: {span}}}',
        "bought >= {n}",
        (2, 3, 5),
    ),
    "before": (
        "{{sum: value_usd, over: {span}, ending: 30d}}",
        "value_usd >= {n} * before",
        (1, 2),
    ),
}


def simple_pack(count: int) -> Sequence[Rule]:
    """Sums, counts and distinct people over 10 days to a year, and last values."""
    return _loaded(count, lambda rng, number: _rule(rng, number, _SIMPLE))


def mixed_pack(count: int) -> Sequence[Rule]:
    """All verbs and options: of each hundred rules five see another's alerts, three tell of a
    silence, and one counts over the whole market; some wait, hold or look at days of trade."""
    return _loaded(count, _mixed)


def mixed_files(count: int, *, of_each: int) -> list[str]:
    """The rules of ``mixed_pack`` as the texts of files with so many rules each."""
    rules = _written(count, _mixed)
    return [_file(rules[first : first + of_each]) for first in range(0, count, of_each)]


def _loaded(count: int, write: Callable[[random.Random, int], str]) -> Sequence[Rule]:
    return load_rules([("pack.yaml", _file(_written(count, write)))]).or_raise()


def _written(count: int, write: Callable[[random.Random, int], str]) -> list[str]:
    rng = random.Random(count)
    return [write(rng, number) for number in range(count)]


def _file(rules: Sequence[str]) -> str:
    return "rules:\n" + "\n".join(rules)


def _mixed(rng: random.Random, number: int) -> str:
    place = number % 100
    if place >= 97:
        return _silence(rng, number)
    if 92 <= place < 97:
        return _seen(rng, number)
    if place == 91:
        return _market(rng, number)
    return _rule(rng, number, _SIMPLE | _OTHERS, options=True)


def _rule(
    rng: random.Random,
    number: int,
    shelf: dict[str, tuple[str, str, tuple[int, ...]]],
    *,
    options: bool = False,
) -> str:
    names = rng.sample(sorted(shelf), 2)
    let = "\n".join(
        f"    {name}: {shelf[name][0].format(span=rng.choice(_SPANS))}" for name in names
    )
    when = " and ".join(shelf[name][1].format(n=rng.choice(shelf[name][2])) for name in names)
    fire = rng.choice(("every", "rise", "rise"))
    more = rng.choice(("", "", "", "for: 1h", "hold: 3d")) if options and fire == "rise" else ""
    return f"""
- id: pack-{number}
  on: insider_trade
  by: {"ticker" if rng.random() < 0.7 else "subject"}
  where: {rng.choice(_WHERE)}
  let:
{let}
  when: {when}
  fire: {fire}
  cooldown: 7d
  {more}
  message: "{{ticker}}: {{owner_name}} and others, {{{names[0]}}} and {{{names[1]}}}"
"""


def _silence(rng: random.Random, number: int) -> str:
    return f"""
- id: pack-{number}
  on: insider_trade
  by: ticker
  where: {rng.choice(_WHERE)}
  absent: {rng.choice(("90d", "180d", "1y"))}
  message: "{{ticker}}: nothing for long"
"""


def _seen(rng: random.Random, number: int) -> str:
    """Counts the alerts of a rule that stands in the same hundred."""
    return f"""
- id: pack-{number}
  on: insider_trade
  by: ticker
  where: {rng.choice(_WHERE)}
  let: {{n: {{seen: pack-{number // 100 * 100 + rng.randrange(91)}, over: 30d, by: all}}}}
  when: n >= 3
  fire: rise
  message: "{{ticker}}: {{n}}"
"""


def _market(rng: random.Random, number: int) -> str:
    return f"""
- id: pack-{number}
  on: insider_trade
  by: all
  where: side == buy and class == open_market and value_usd >= ${rng.choice((1, 2, 3))}M
  let: {{people: {{distinct: person_key, over: {rng.choice(("1d", "3d", "5d"))}}}}}
  when: people >= 20
  fire: rise
  message: "{{people}} bought"
"""
