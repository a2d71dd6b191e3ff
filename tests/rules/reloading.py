"""A bot whose rule files change while it runs."""

from datetime import datetime
from pathlib import Path

from bot.app import rule_texts
from bot.judge import Judge
from bot.rehearsal import rehearse
from bot.reload import Judging, Reloader, choose
from bot.routes import everything_to
from bot.store import Arrival, Message, Store
from tests.builders import NOW, a_trade
from tests.rules.texts import a_file

OPS = "#ops"


SALES = "where: side == sell and class == open_market"


class Bot:
    """A store, the rules of a folder and what looks after them; facts are judged as they come.

    now: what its clock shows, to be moved.
    """

    def __init__(self, folder: Path, store: Store | None = None, **files: str) -> None:
        self.folder = folder
        self.now: datetime = NOW
        for name, text in files.items():
            self.write(name, text)
        self.store = store or Store(None)
        texts = dict(rule_texts([folder]))
        start = choose(texts, self.store.rule_files.last_good(texts), rehearse).or_raise()
        self.checked = 0
        self.judging = Judging(self._judge(start.rules))
        self.reloader = Reloader(
            self.store,
            self.judging,
            read=lambda: rule_texts([folder]),
            make=self._judge,
            run=rehearse,
            start=start,
            seen=texts,
            clock=lambda: self.now,
            ops_channel=OPS,
        )
        self.reloader.begin()

    def _judge(self, rules: object) -> Judge:
        return Judge(self.store, rules, clock=lambda: self.now, route=everything_to("#a"))  # type: ignore[arg-type]

    def write(self, name: str, text: str) -> None:
        (self.folder / f"{name}.yaml").write_text(text)

    def delete(self, name: str) -> None:
        (self.folder / f"{name}.yaml").unlink()

    def reload(self, **files: str) -> list[Message]:
        """Change files and let the bot look; gives what operators are told."""
        before = len(self.ops())
        for name, text in files.items():
            self.write(name, text)
        self.reloader.look()
        self.reloader.look()
        return self.ops()[before:]

    def sell(self, day: str, value_usd: int = 100, person: str = "1") -> list[str]:
        """A sale becomes known and is judged; gives the rules that alert."""
        fact = a_trade(day, value_usd=value_usd * 100, person_key=person)
        before = len(self.store.decisions.all(fate="fired"))
        self.store.facts.add([Arrival(fact=fact, seen_at=0)])
        while self.judging.judge():
            pass
        return [each["rule"] for each in self.store.decisions.all(fate="fired")[before:]]

    def ops(self) -> list[Message]:
        return [each for each in self.store.outbox.all() if each.channel == OPS]


def every(rule_id: str, least: int = 1, *lines: str) -> str:
    """A file with one rule that alerts on each sale of so many dollars."""
    return a_file(SALES, *lines, rule_id=rule_id, when=f"value_usd >= ${least}")
