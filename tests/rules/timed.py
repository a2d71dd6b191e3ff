"""Rules over polls, and the fates of their tests with the time of day."""

from typing import Any

from bot.clock import NEW_YORK, from_ms
from bot.facts import SOURCE_POLL, Fact
from bot.rehearsal import rehearse
from bot.rules.cases import RuleTest
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.store import Arrival
from tests.builders import Line, a_rule, instant, ms


def fates(rule: Rule, test: str) -> list[tuple[str, str]]:
    """Time of day in New York and fate of every decision of a test written in YAML."""
    indented = test.strip().replace("\n", "\n  ")
    text = "rules:\n- id: t\n  on: source_poll\n  by: source\n  absent: 30s\n  message: x\n"
    text += f"  tests:\n  - {indented}"
    case: RuleTest = load_rules([("t.yaml", text)]).or_raise()[0].tests[0]
    return [(f"{at_new_york(o.at):%H:%M:%S}", str(o.fate)) for o in rehearse([rule], case)]


def at_new_york(at: int) -> Any:
    return from_ms(at).astimezone(NEW_YORK)


def a_poll_rule(text: str, **keys: str) -> Rule:
    return a_rule(text, on="source_poll", by="source", message='"{source}"', **keys)


def polls(*given: tuple[str, str], more: str = "") -> str:
    facts = "\n".join(
        f"  - {{at: 2025-09-02 {at} ET, source_poll: {{source: edgar, {values}}}}}"
        for at, values in given
    )
    return f"name: n\n  given:\n{facts}\n  expect: []{more}"


# Silence.


def see_a_poll(line: Line, at: str, *, ok: bool) -> None:
    fact = Fact(kind=SOURCE_POLL, id=f"p{at}", subject="edgar", known_at=instant(at),
                values={"source": "edgar", "ok": ok})  # fmt: skip
    line.store.facts.add([Arrival(fact=fact, seen_at=ms(at))])


# Waiting and holding.


def readings(*items: int, until: int) -> str:
    given = tuple((f"12:0{minute}:00", f"items: {n}") for minute, n in enumerate(items))
    return polls(*given, more=f"\n  until: 2025-09-02 12:0{until}:00 ET")
