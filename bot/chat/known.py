"""What our data know, as far as a word may mean it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """is_ticker: whether a word in capitals is a ticker we have heard of.

    rules: ids of rules, of today and of past alerts.
    """

    is_ticker: Callable[[str], bool]
    rules: Collection[str] = ()


def known_of(store: Store, in_files: Collection[str] = ()) -> Known:
    """What a store knows.  Tickers are looked up one by one, rules are read at once.

    in_files: ids of rules in the files, also of those that are off.
    """
    rules = {*store.history.rules(), *in_files}
    return Known(is_ticker=store.history.knows_ticker, rules=sorted(rules))
