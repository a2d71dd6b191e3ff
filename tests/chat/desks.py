"""A desk over a store with alerts, and people who ask at it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cards.actions import Action, action_id
from bot.chat.answer import Answer
from bot.chat.ask import Wired
from bot.chat.asker import OPERATOR, Asker, Via
from bot.chat.desk import Desk
from bot.chat.permissions import Permissions
from bot.chat.subscribed import Subscribed
from bot.facts import Fact
from bot.judge import Judge
from bot.routes import Routes
from bot.rules.fire import Fate
from tests.builders import NOW, Line, a_rule, a_trade

ANN = Asker(user="UANN", name="ann", via=Via.SLACK, channel="C1")
BOB = Asker(user="UBOB", name="bob", via=Via.SLACK, channel="C1")


class AnOffice:
    """A bot that told of some sales, and the desk where it is asked about them.

    now: what its clock shows, to be moved.  stories: how long one lasts; None: there are none.
    """

    def __init__(
        self,
        *,
        path: Path | None = None,
        permissions: Permissions | None = None,
        when: str = "value_usd >= $1M",
        by: str = "ticker",
        stories: timedelta | None = None,
        **wired: Any,
    ) -> None:
        message = '"{ticker} sold {value_usd:money}"'
        self.rule = a_rule("where: side == sell", when=when, by=by, message=message)
        self.line = Line(self.rule, path=path)
        self.store = self.line.store
        self.now: datetime = NOW
        self.line.judge = Judge(
            self.store,
            [self.rule],
            clock=lambda: self.now,
            route=Routes(channel="#a", stories=stories),
            subscribed=Subscribed(self.store, clock=lambda: self.now),
        )
        given = Wired(
            rules=lambda: (self.rule,),
            doctor=lambda: ("ok rules: 1",),
            permissions=permissions or Permissions(),
        )
        self._wired = replace(given, **wired)
        self.restarts()

    def restarts(self) -> None:
        """Another desk over the same store."""
        self.desk = Desk(self.store, wired=self._wired, clock=lambda: self.now)

    def sells(self, *tickers: str, value_usd: int = 200_000_000) -> list[int]:
        """One alert a ticker, judged in turn; gives their numbers."""
        before = len(self.store.decisions.all())
        for place, ticker in enumerate(tickers):
            trade = a_trade(id=f"{ticker}:{before + place}", ticker=ticker, value_usd=value_usd)
            self.line.see(trade)
        return [each["id"] for each in self.store.decisions.all()[before:]]

    def sees(self, trade: Fact) -> Fate:
        """A trade that arrives when it becomes known, and is judged."""
        self.line.add_at(trade)
        self.line.run()
        return Fate(self.store.decisions.all()[-1]["fate"])

    def asks(self, asker: Asker, text: str) -> Answer:
        return self.desk.answer(text, asker)

    def presses(
        self, asker: Asker, action: Action, value: object, *, on: str | None = None
    ) -> Answer:
        """on: the ts of the message with the button."""
        answer = self.desk.click(action_id(action), str(value), asker, on)
        assert answer is not None
        return answer

    def waits(self, **span: float) -> None:
        """Time goes by."""
        self.now += timedelta(**span)


def labels(answer: Answer) -> Sequence[str]:
    return [button.label for button in answer.buttons]


def whole(answer: Answer) -> str:
    """All that an answer says, without its card."""
    rows = [row.text for row in answer.rows]
    return "\n".join([answer.headline, *rows, *answer.lines, *answer.hints, answer.foot or ""])


__all__ = ["ANN", "BOB", "OPERATOR", "AnOffice", "labels", "whole"]
