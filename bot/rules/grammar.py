"""The grammar of expressions: text in, a tree of tokens out, every mistake with its place."""

import unicodedata
from functools import cache
from typing import Any, NoReturn

from lark import Lark, Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters

from bot.rules.problems import sign_name

MAX_CHARACTERS = 4_000
MAX_NESTING = 40

GRAMMAR = r"""
?start: or_
?or_: and_ ("or" and_)*
?and_: not_ ("and" not_)*
?not_: "not" not_ -> negation
     | clause
?clause: sum
       | sum COMPARATOR sum        -> comparison
       | sum "in" options          -> membership
       | sum "not" "in" options    -> absence
       | sum "contains" sum        -> contains
       | sum "is" "known"          -> known
       | sum "is" "unknown"        -> unknown
?sum: product | sum SIGN product   -> arithmetic
?product: unary | product TIMES unary -> arithmetic
?unary: atom | SIGN unary          -> signed
?atom: MONEY -> money
     | PERCENT -> percent
     | DATE -> date
     | SPAN -> span
     | NUMBER -> number
     | STRING -> string
     | NAME "(" or_ ("," or_)* ")" -> call
     | NAME -> name
     | "(" or_ ")" -> group
options: "(" option ("," option)* ")" | NAME
?option: sum

COMPARATOR: "==" | "!=" | "<=" | ">=" | "<" | ">"
SIGN: "+" | "-"
TIMES: "*" | "/"
MONEY: /\$[0-9]+(_[0-9]+)*(\.[0-9]+)?([kKmMbBtT])?(?![\w.])/
PERCENT: /[0-9]+(_[0-9]+)*(\.[0-9]+)?%/
DATE.2: /[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\d)/
SPAN: /[0-9]+(\.[0-9]+)?(s|min|h|d|w)(?![\w.])/
NUMBER: /([0-9]+(_[0-9]+)*(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?(?![\w.%])/
STRING: /"[^"\n]*"|'[^'\n]*'/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
%ignore /\s+/
"""

KEYWORDS = frozenset({"and", "or", "not", "in", "is", "known", "unknown", "contains"})
FUNCTIONS = frozenset({"abs", "min", "max"})


class Mistake(Exception):
    """What is wrong at one character of a text, and how to mend it.

    others: further mistakes of the same text.
    """

    def __init__(
        self, offset: int, what: str, mend: str, others: "tuple[Mistake, ...]" = ()
    ) -> None:
        super().__init__(what)
        self.offset, self.what, self.mend, self.others = offset, what, mend, others

    @property
    def all(self) -> "tuple[Mistake, ...]":
        return (self, *self.others)


def together(mistakes: list[Mistake]) -> Mistake:
    """Several mistakes of one text as one: the first, which carries the others."""
    first, *others = (each for mistake in mistakes for each in mistake.all)
    first.others = tuple(others)
    return first


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def parse(text: str) -> Tree[Token] | Token:
    """The tree of an expression; Mistake where the text is none."""
    _refuse_shapes(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        _explain(text, error)
    _refuse_depth(tree)
    return tree


def _refuse_shapes(text: str) -> None:
    if not text.strip():
        raise Mistake(0, "an empty condition", "write one, such as: value_usd >= $5M")
    if len(text) > MAX_CHARACTERS:
        raise Mistake(0, f"longer than {MAX_CHARACTERS:,} characters", "use a list or measures")
    opened = []
    for offset, character in enumerate(_without_strings(text)):
        if character == "(":
            opened.append(offset)
        elif character == ")" and opened:
            opened.pop()
    if opened:
        raise Mistake(opened[-1], "this '(' is never closed", "add the missing ')'")


def _refuse_depth(tree: Tree[Token] | Token) -> None:
    """What walks the tree calls itself once a level, and SQL engines have limits of their own."""
    level: list[Any] = [tree]
    for _ in range(MAX_NESTING):
        level = [child for node in level if isinstance(node, Tree) for child in node.children]
    deeper = [node for node in level if isinstance(node, Tree)]
    if deeper:
        what = f"nested deeper than {MAX_NESTING} levels"
        raise Mistake(deeper[0].meta.start_pos, what, "split it, or use measures")


def _without_strings(text: str) -> str:
    """The text with everything between quotes blanked out."""
    quote, blanked = "", []
    for character in text:
        if quote:
            quote = "" if character == quote else quote
            blanked.append(" ")
        else:
            quote = character if character in "\"'" else ""
            blanked.append(character)
    return "".join(blanked)


_WRONG_SIGNS = {
    "=": ("'=' alone means nothing here", "use '==' to compare"),
    "&": ("'&' means nothing here", "write 'and'"),
    "|": ("'|' means nothing here", "write 'or'"),
    "!": ("'!' means nothing here", "write 'not', or '!=' to compare"),
    "≥": ("'≥' can not be read", "write '>='"),
    "≤": ("'≤' can not be read", "write '<='"),
    "−": ("this is no minus sign of a keyboard", "write '-'"),
    "≠": ("'≠' can not be read", "write '!='"),
    "€": ("'€' can not be read", "money is in dollars: $5M"),
    "“": ("curly quotes can not be read", 'write "text"'),
    "”": ("curly quotes can not be read", 'write "text"'),
    "[": ("a list stands in round brackets", "write: role in (ceo, cfo)"),
    "%": ("'%' needs a number before it", "write 5% for a ratio of 0.05"),
    "$": ("'$' needs a plain amount after it", "write $20M, $9.4M, $900k or $1_000_000"),
    '"': ("this quotation mark is never closed", "close it"),
    "'": ("this quotation mark is never closed", "close it"),
    "#": ("'#' means nothing here", "a comment stands outside the condition"),
}


def _explain(text: str, error: UnexpectedInput) -> NoReturn:
    offset = getattr(error, "pos_in_stream", None)
    if isinstance(error, UnexpectedCharacters) and offset is not None:
        _explain_characters(text, offset)
    token: Any = getattr(error, "token", None)
    if token is None or token.type == "$END":
        end = len(text.rstrip())
        raise Mistake(max(end - 1, 0), "the condition breaks off here", "finish or delete it")
    _explain_token(text, token)


def _explain_characters(text: str, offset: int) -> NoReturn:
    found = text[offset]
    if text[offset : offset + 2] in ("=>", "=<"):
        raise Mistake(offset, f"'{text[offset : offset + 2]}' means nothing here",
                      f"write '{text[offset + 1]}='")  # fmt: skip
    if text[offset : offset + 2] == "$-":
        raise Mistake(offset, "the minus stands in front of the '$'", "write -$5M")
    if found.isdigit() or found == ".":
        word = _word_at(text, offset)
        raise Mistake(offset, *_odd_number(word))
    raise Mistake(offset, *(_WRONG_SIGNS.get(found) or _strange_sign(found)))


def _strange_sign(found: str) -> tuple[str, str]:
    if found.isascii() and found.isprintable():
        return f"'{found}' can not be read", "delete it"
    plain = unicodedata.normalize("NFKC", found)
    mend = (
        f"write '{plain}'" if plain != found and plain.isascii() else "type it again, or quote it"
    )
    return f"{sign_name(found)} can not be read", mend


def _word_at(text: str, offset: int) -> str:
    end = offset
    while end < len(text) and (text[end].isalnum() or text[end] in "._"):
        end += 1
    return text[offset:end]


def _odd_number(word: str) -> tuple[str, str]:
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = word[len(digits) :]
    if unit == "m":
        return f"'{word}' could be minutes or months", f"write {digits}min or {digits}mo"
    if unit in ("mo", "y"):
        return f"'{word}' has no fixed length", "compare with days: 30d, 365d"
    if unit.lower() in ("k", "m", "b", "t", "bn", "mm"):
        return f"'{word}' is no number", f"write ${digits}{unit[0]} for money, or all digits"
    return f"'{word}' is no number", "write 20, 0.25, 5%, $20M or 10d"


def _explain_token(text: str, token: Token) -> NoReturn:
    offset, found = token.start_pos or 0, str(token)
    if found.lower() in KEYWORDS and found not in KEYWORDS:
        raise Mistake(offset, f"'{found}' is written small", f"write '{found.lower()}'")
    if found == ")":
        raise Mistake(offset, "this ')' closes nothing, or something is missing before it",
                      "check the brackets")  # fmt: skip
    if found == ",":
        raise Mistake(offset, "',' stands only between the values of a list",
                      "write 1000 or 1_000 for a thousand")  # fmt: skip
    if token.type == "COMPARATOR":
        before = text[:offset].rstrip()
        if not before or before.endswith(("and", "or", "not", "(")):
            raise Mistake(offset, f"nothing stands before '{found}'", "name what is compared")
        if before.endswith(tuple("=<>!")):
            raise Mistake(offset, f"'{found}' follows another comparison", "compare with one sign")
        raise Mistake(offset, "a second comparison in one clause",
                      "join two comparisons with 'and'")  # fmt: skip
    _explain_word(text[:offset], offset, found)


def _explain_word(before: str, offset: int, found: str) -> NoReturn:
    previous = (before.split() or [""])[-1].lstrip("(")
    if previous == "is":
        otherwise = "" if found == "not" else f", or '== {found}'"
        raise Mistake(offset, f"'is {found}' means nothing here",
                      f"write 'is known' or 'is unknown'{otherwise}")  # fmt: skip
    if previous.lower() in KEYWORDS and previous not in KEYWORDS:
        at = before.rindex(previous)
        raise Mistake(at, f"'{previous}' is written small", f"write '{previous.lower()}'")
    raise Mistake(offset, f"'{found}' is not expected here", "join conditions with 'and' or 'or'")
