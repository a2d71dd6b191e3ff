"""Where questions are answered: a typed command or a click in, an answer out.

The same for Slack and for the terminal.  May be called by several threads at once: everything that
lasts is in the store.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.cards.actions import BUTTON_VALUE, ON_CARDS, Action, MuteChoice, Page, action_of
from bot.cards.slack_text import length
from bot.chat.answer import Answer, Button, Tone
from bot.chat.answer_slack import button_value
from bot.chat.ask import Ask, Wired
from bot.chat.asker import Asker, Via
from bot.chat.command import Command
from bot.chat.found import decision_of
from bot.chat.grammar import read_command
from bot.chat.known import known_of
from bot.chat.names import for_reader, naming
from bot.chat.pages import Begun, shared
from bot.chat.verbs import VERBS
from bot.chat.voting import vote
from bot.clock import Clock
from bot.errors import BotError, QueryError
from bot.store import Store
from bot.store.history import is_cursor

_KEPT = "~"
"""Before the number of a text that was too long for a button."""


_FIRST_PAGE = Begun()


class Desk:
    """wired: what the verbs need of the bot around."""

    def __init__(self, store: Store, *, wired: Wired, clock: Clock) -> None:
        self._store, self._wired, self._clock = store, wired, clock

    def answer(self, text: str, asker: Asker) -> Answer:
        """What somebody typed after ``/alerts``; a mistake of theirs is an answer too."""
        return self._named(self._typed(text, asker), text)

    def click(self, action: str, value: str, asker: Asker, message: str | None) -> Answer | None:
        """A button of a card or of an answer; None where there is nothing to say.

        message: the ts of the message that was clicked on, in the asker's channel; None where that
        was seen by the asker alone.
        """
        done = action_of(action)
        try:
            if message is not None and asker.channel is not None and done in ON_CARDS:
                alert = _written(_alert_of, value)
                self._store.outbox.found_at(alert, asker.channel, message)
            answer = self._clicked(done, value, asker)
        except BotError as error:
            answer = _refused(error)
        return answer and self._named(answer)

    def run(self, command: Command, asker: Asker) -> Answer:
        """A command that was read already."""
        return self._named(self._run(command, asker, Begun()))

    def _named(self, answer: Answer, typed: str = "") -> Answer:
        name_of = self._wired.name_of
        return for_reader(answer, naming(self._store, typed=typed, name_of=name_of))

    def _clicked(self, action: Action | None, value: str, asker: Asker) -> Answer | None:
        match action:
            case Action.ACK | Action.WHY:
                numbers = _written(_numbers_of, value)
                return self._typed(" ".join([action, *map(str, numbers)]), asker)
            case Action.HISTORY:
                return self._typed(self._subject(_written(int, value)), asker)
            case Action.MUTE:
                choice = _written(MuteChoice.read, value)
                target = self._subject(choice.alert_id, of=choice.of)
                return self._typed(f"mute {target} {choice.span}", asker)
            case Action.VOTE_UP | Action.VOTE_DOWN:
                up = action is Action.VOTE_UP
                number = _written(int, value)
                return vote(self._store, number, asker, up=up, now=self._clock())
            case Action.RUN:
                return self._typed(value, asker)
            case Action.CONFIRM:
                return replace(self._typed(value, asker), replaces=True)
            case Action.CANCEL:
                return Answer(headline=f"Nothing was changed: {self._kept_text(value)}",
                              replaces=True)  # fmt: skip
            case Action.PAGE | Action.SHARE:
                return self._page(action, Page.read(value), asker)
        return None

    def _page(self, action: Action, page: Page, asker: Asker) -> Answer:
        begun = _written(Begun.read, page.cursor) if page.cursor else Begun()
        if begun.cursor and not is_cursor(begun.cursor):
            raise _no_button()
        answer = self._typed(page.command, asker, begun)
        return shared(answer, asker) if action is Action.SHARE else replace(answer, replaces=True)

    def _typed(self, text: str, asker: Asker, begun: Begun = _FIRST_PAGE) -> Answer:
        try:
            command = read_command(
                self._kept_text(text),
                now=self._clock(),
                zone=asker.zone,
                known=known_of(self._store, [rule.id for rule in self._wired.rules()]),
                prompt=asker.prompt,
            )
        except BotError as error:
            return _refused(error)
        return self._run(command, asker, begun)

    def _run(self, command: Command, asker: Asker, begun: Begun) -> Answer:
        ask = Ask(
            store=self._store,
            command=command,
            asker=asker,
            now=self._clock(),
            wired=self._wired,
            begun=begun,
        )
        try:
            answer = VERBS[command.verb](ask)
        except BotError as error:
            answer = _refused(error)
        answer = replace(answer, hints=(*answer.hints, *command.hints))
        return self._short(answer) if asker.via is Via.SLACK else answer

    def _subject(self, number: int, *, of: str = "ticker") -> str:
        """The ticker of an alert, or its rule, as a term of the grammar."""
        decision = decision_of(self._store, number)
        ticker = decision["ticker"] if of == "ticker" else None
        return f"ticker:{ticker}" if ticker else f"rule:{decision['rule']}"

    # Commands that are too long for a button.

    def _short(self, answer: Answer) -> Answer:
        rows = tuple(replace(row, buttons=self._kept(row.buttons)) for row in answer.rows)
        return replace(answer, rows=rows, buttons=self._kept(answer.buttons))

    def _kept(self, buttons: tuple[Button, ...]) -> tuple[Button, ...]:
        return tuple(
            each
            if length(button_value(each)) <= BUTTON_VALUE
            else replace(each, command=f"{_KEPT}{self._store.chat.keep_text(each.command)}")
            for each in buttons
        )

    def _kept_text(self, text: str) -> str:
        """The text itself, or the one that its number stands for."""
        number = text.removeprefix(_KEPT)
        if number == text or not number.isdecimal():
            return text
        return self._store.chat.kept_text(int(number)) or text


def _alert_of(value: str) -> int:
    """The number with which the values of all buttons of a card begin."""
    number = int(value.partition(" ")[0])
    if not 0 < number < 2**63:
        raise ValueError(f"{number} is the number of no alert")
    return number


def _numbers_of(value: str) -> list[int]:
    return [int(each) for each in value.split()] or [int(value)]


_T = TypeVar("_T")


def _written(read: Callable[[str], _T], value: str) -> _T:
    """What the value of a button says; QueryError where no button of ours says it."""
    try:
        return read(value)
    except ValueError as error:
        raise _no_button() from error


def _no_button() -> QueryError:
    mend = "ask again with /alerts: the buttons of its answer are new"
    return QueryError("I can not read this button", where="button", mend=mend)


def _refused(error: BotError) -> Answer:
    """What is wrong, how to mend it, and a button that runs the mended line."""
    corrected = getattr(error, "corrected", None)
    buttons = (Button(label="Run it so", command=corrected),) if corrected else ()
    headline, *lines = (
        f"{each[:1].upper()}{each[1:]}" for each in (error.what, error.mend) if each
    )
    return Answer(headline=headline, lines=tuple(lines), tone=Tone.REFUSED, buttons=buttons)
