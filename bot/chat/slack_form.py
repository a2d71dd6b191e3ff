"""The search form as Slack draws it, what is said at once when it is sent off, and its answer.

Limits: docs.slack.dev, Block Kit and views: a title has 24 characters, a select 100 options with 75
characters each and values of 150, a form 100 blocks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.cards.actions import Action
from bot.cards.slack_text import Block, cut, length, one_line, plain
from bot.chat.answer import Answer, Button
from bot.chat.command import Verb
from bot.chat.form import Filled, mistakes, with_rules
from bot.chat.form_inputs import INPUTS, MOST_CHARACTERS, RULE, Choice, Input
from bot.chat.slack_payloads import FORM, NO_CHOICE, Submission, read_envelope
from bot.readable import readable

View = dict[str, Any]

TITLE = "Search alerts"
KEEP = "Keep in messages"
"""Instead of Share."""
SUBSCRIBE = "Subscribe"
"""Instead of Refine, where something is asked."""
_ORDER = re.compile(r"(?:sort|limit):")
_TITLE, _LABEL, _OPTIONS, _VALUE = 24, 75, 100, 150
_MISTAKE = 300
"""Characters of what is said below an input: three lines or so."""


# The form.


def form_view(filled: Filled, *, rules: Sequence[str]) -> View:
    """The form; rules: the ids of those in force."""
    told = "All that is filled in must hold.  Days are those of your time zone."
    blocks = [{"type": "context", "elements": [plain(told, _MISTAKE)]}]
    blocks += [_input(each, filled.get(each.name, ""), rules) for each in INPUTS]
    buttons = {"submit": plain("Search", _TITLE), "close": plain("Cancel", _TITLE)}
    return {**_modal(blocks), "callback_id": FORM, **buttons}


def _modal(blocks: Sequence[Block]) -> View:
    return {"type": "modal", "title": plain(TITLE, _TITLE), "blocks": list(blocks)}


def _input(told: Input, value: str, rules: Sequence[str]) -> Block:
    block: Block = {
        "type": "input",
        "block_id": told.name,
        "label": plain(told.label, _LABEL),
        "element": {"action_id": told.name, **_element(told, value, rules)},
        "optional": not told.choices or told.several,
    }
    return block | ({"hint": plain(told.hint, _MISTAKE)} if told.hint else {})


def _element(told: Input, value: str, rules: Sequence[str]) -> Block:
    """Choices where Slack takes them all, else one to write into."""
    if told.is_day:
        return {"type": "datepicker"} | ({"initial_date": value} if value else {})
    choices = with_rules(rules, value) if told.name == RULE else told.choices
    fit = len(choices) <= _OPTIONS and all(length(each.value) <= _VALUE for each in choices)
    if not choices or not fit:
        return _written(told, value)
    options = {each.value: _option(each) for each in choices}
    if told.several:
        chosen = [options[each] for each in value.split(",") if each in options]
        several: Block = {"type": "checkboxes", "options": list(options.values())}
        return several | ({"initial_options": chosen} if chosen else {})
    first = options.get(value, options[""])
    return {"type": "static_select", "options": list(options.values()), "initial_option": first}


def _written(told: Input, value: str) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": MOST_CHARACTERS}
    if told.example:
        element["placeholder"] = plain(told.example, _LABEL)
    return element | ({"initial_value": value} if value else {})


def _option(choice: Choice) -> Block:
    return {"text": plain(readable(choice.label), _LABEL), "value": choice.value or NO_CHOICE}


# What travels with the acknowledgement.


def said_at_once(envelope: Mapping[str, Any], *, now: datetime) -> View | None:
    """For a form that was sent off: what is wrong with it, else the modal for its answer.

    It looks at no store and asks nobody, so that the acknowledgement is not late.  Slack shows
    mistakes at their inputs only where they come with it.
    Source: docs.slack.dev, modals, "response actions".
    """
    heard = read_envelope(envelope)
    if not isinstance(heard, Submission):
        return None
    if wrong := mistakes(heard.filled, now=now):
        told = {name: cut(one_line(readable(text)), _MISTAKE) for name, text in wrong.items()}
        return {"response_action": "errors", "errors": told}
    waiting = [{"type": "section", "text": plain("Searching…", _LABEL)}]
    return {"response_action": "push", "view": _answer(waiting) | {"external_id": heard.answer}}


def is_refusal(said: View | None) -> bool:
    """Whether the form stays open, so that nothing more is to be answered."""
    return said is not None and said.get("response_action") == "errors"


# The answer.


def answer_view(written: Block) -> View:
    """The modal that shows an answer, by its blocks as they stand in a message."""
    return _answer(written["blocks"])


def _answer(blocks: Sequence[Block]) -> View:
    return _modal(blocks) | {"close": plain("Back", _TITLE)}


def in_a_modal(answer: Answer) -> Answer:
    """The answer with buttons that fit a modal.

    Nobody else reads there, so that what would be shared is kept in the asker's messages; its form
    is one step back, and the search it holds can be subscribed to instead.
    """
    buttons = (_button_in_a_modal(each) for each in answer.buttons)
    return replace(answer, buttons=tuple(each for each in buttons if each is not None))


def _button_in_a_modal(button: Button) -> Button | None:
    match button.action:
        case Action.SHARE:
            return replace(button, label=KEEP)
        case Action.FORM if any(not _ORDER.match(term) for term in button.command.split()):
            return Button(label=SUBSCRIBE, command=f"{Verb.SUBSCRIBE} {button.command}")
        case Action.FORM:
            return None
    return button
