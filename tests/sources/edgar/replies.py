"""Replies of a server on loopback, and what is asked of it."""

from tests.sources.edgar.local_edgar import (
    Reply,
    Respond,
)
from tests.sources.edgar.pages import FILING

PATH = "/Archives/edgar/data/9000001/000900000125000001/0009000001-25-000001.txt"


FACTS = b'{"cik":9000001,"entityName":"Northwind","facts":{"us-gaap":{}}}'


WHOLE = FILING + b"</SEC-DOCUMENT>\n"


def always(reply: Reply) -> Respond:
    return lambda _: reply


def in_turn(*replies: Reply) -> Respond:
    """One after another; the last one for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
