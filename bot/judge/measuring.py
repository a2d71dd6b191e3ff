"""The measures of a batch: every question asked once, those that break or are slow alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.judge.waiting import Judged
from bot.rules.prepared import Row
from bot.rules.questions import Firings, Question
from bot.store import Store

PATIENCE = timedelta(seconds=2)
"""How long a measure may take for one fact, before its rule fails on that fact."""

_OF_A_BATCH = 5
"""How many times longer for all facts of a batch, before they are asked about one by one."""

_MOST_SLOW = 3
"""After so many facts that took too long, the others of the batch fail untried."""


@dataclass(frozen=True, slots=True)
class Failed:
    """In place of an answer that could not be had."""

    error: Exception


class Measuring:
    """Answers questions within one transaction.  fired: the alerts that it has made so far."""

    def __init__(self, store: Store, fired: Firings, *, patience: timedelta) -> None:
        self._store, self._fired, self._patience = store, fired, patience

    def measure(self, candidates: Sequence[Judged]) -> dict[Question, Mapping[int, Any]]:
        """Every question asked once for all the facts that any rule needs it for."""
        asked: dict[Question, dict[int, Any]] = defaultdict(dict)
        for prepared, judged in candidates:
            for question in prepared.questions:
                rows = asked[question]
                for candidate in judged:
                    seq = candidate.row["seq"]
                    if seq not in rows:
                        rows[seq] = _asked(question, candidate.row)
        return {question: self._answers(question, rows) for question, rows in asked.items()}

    def one(self, question: Question, row: Row) -> Any:
        """The answer for one fact; it raises what stands in its way."""
        asked = question.asked(row)
        return None if asked is None else self._ask(question, [asked])[asked[0]]

    def _answers(self, question: Question, asked: Mapping[int, Any]) -> Mapping[int, Any]:
        rows = [row for row in asked.values() if isinstance(row, list)]
        failed = {seq: row for seq, row in asked.items() if isinstance(row, Failed)}
        try:
            return {**self._ask(question, rows, times=_OF_A_BATCH), **failed}
        except Exception:  # a batch fails no more than the facts that do
            return {**self._one_by_one(question, rows), **failed}

    def _one_by_one(self, question: Question, rows: Sequence[list[Any]]) -> dict[int, Any]:
        answers, slow = dict[int, Any](), 0
        error: Exception
        for row in rows:
            if slow < _MOST_SLOW:
                try:
                    answers |= self._ask(question, [row])
                    continue
                except Exception as raised:
                    error = raised
                    slow += isinstance(raised, TimeoutError)
            answers[row[0]] = Failed(error)
        return answers

    def _ask(
        self, question: Question, rows: Sequence[Sequence[Any]], *, times: int = 1
    ) -> Mapping[int, Any]:
        if not rows:
            return {}
        within = self._patience * times
        stored = self._store.facts.measure(question.statement, rows, within=within)
        return self._fired.counted(question, rows, stored)


def known(answer: Any) -> Any:
    """An answer; where there is none, it raises the reason."""
    if isinstance(answer, Failed):
        raise answer.error
    return answer


def _asked(question: Question, row: Row) -> list[Any] | Failed | None:
    try:
        return question.asked(row)
    except Exception as error:  # a day of trade so odd that no window ends there
        return Failed(error)
