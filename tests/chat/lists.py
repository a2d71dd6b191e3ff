"""What stands in an answer that lists alerts."""

import re

from bot.chat.answer import Answer, Button


def button(answer: Answer, label: str) -> Button:
    return next(each for each in answer.buttons if each.label.startswith(label))


def numbers(answer: Answer) -> list[int]:
    return [int(re.findall(r"#(\d+)", row.text)[0]) for row in answer.rows]
