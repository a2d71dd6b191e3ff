"""A command as a person types it, and what it printed."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

GOOD_RULE = """
rules:
- id: any-purchase
  on: insider_trade
  where: side == buy and class == open_market
  when: value_usd >= $1
  message: "{ticker}: {owner_name} bought {value_usd:money}"
  tests:
  - name: a purchase fires
    given:
    - {at: 2025-08-05, insider_trade: {ticker: X, side: buy, class: open_market, value_usd: $5}}
    expect: [{at: 2025-08-05}]
  - name: a sale does not
    given:
    - {at: 2025-08-05, insider_trade: {ticker: X, side: sell, class: open_market, value_usd: $5}}
    expect: []
"""


def run(*arguments: str | Path) -> int:
    """The exit status of a command."""
    with pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    return int(left.value.code or 0)


Printed = pytest.CaptureFixture[str]


def objects(capsys: Printed) -> list[dict[str, Any]]:
    """The JSON objects that were printed, one a line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]
