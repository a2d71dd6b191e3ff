"""The meaning of expressions: names found, dimensions checked, literals read by what they meet.

A name is a measure, else a field, else a list, else a word; opposite a field of words its own
words come first.  Money takes k M B T; a bare number fits every dimension, as dollars for money.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from lark import Token, Tree

from bot.facts import Field, Type
from bot.rules import expressions as ex
from bot.rules.dimensions import (
    NUMERIC,
    ORDERED,
    TEXTS,
    combined,
    comparable,
    example,
    in_one_scale,
    in_seconds,
    named,
)
from bot.rules.grammar import FUNCTIONS, Mistake, parse
from bot.rules.operands import Pending, from_list, literal, text_literal, word_literal
from bot.rules.problems import did_you_mean, nearest

Operand = ex.Expr | Pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an expression may name."""

    fields: Mapping[str, Field]
    measures: Mapping[str, Type]
    lists: Mapping[str, tuple[str, ...]]
    kinds: str  # for messages: insider_trade, price_bar


def read_condition(text: str, scope: Scope) -> ex.Expr:
    """The typed tree of a condition; Mistake where it can not be understood."""
    return _Typer(text, scope).truth(parse(text))


@dataclass(frozen=True, slots=True)
class _Opposite:
    """What stands on the other side of a comparison, and how it is written."""

    value: ex.Expr
    shown: str


class _Typer:
    """Walks the parse tree of one text; each method gives the meaning of one construct."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text, self.scope = text, scope

    # Truth: what is yes, no or unknown.

    def truth(self, tree: Any) -> ex.Expr:
        match tree.data:
            case "or_" | "and_":
                parts = tuple(self.truth(part) for part in tree.children)
                return ex.Junction(any_of=tree.data == "or_", parts=parts)
            case "negation":
                return ex.Not(inner=self.truth(tree.children[0]))
            case "group":
                return self.truth(tree.children[0])
            case "comparison":
                return self.comparison(tree)
            case "membership":
                return self.membership(tree)
            case "absence":
                return ex.Not(inner=self.membership(tree))
            case "contains":
                return self.contains(tree)
            case "known":
                return self.known(tree)
            case "unknown":
                return ex.Not(inner=self.known(tree))
            case _:
                return self.bare_truth(tree)

    def bare_truth(self, tree: Any) -> ex.Expr:
        value = self.value(tree)
        if value.type is not Type.YES_NO:
            shown = self.slice(tree)
            what = f"'{shown}' is {named(value.type)}, not yes or no"
            self.fail(tree, what, f"compare it with {example(value.type)}")
        yes = ex.Literal(value=1, type=Type.YES_NO)
        equal = ex.Comparator.EQUAL
        return ex.Comparison(comparator=equal, left=value, right=yes, text=self.slice(tree))

    def comparison(self, tree: Any) -> ex.Expr:
        left_tree, sign, right_tree = tree.children
        left, right = self.pair(left_tree, right_tree)
        comparator = ex.Comparator(str(sign))
        if left.type not in ORDERED and comparator not in ("==", "!="):
            what = f"'{self.slice(left_tree)}' is {named(left.type)}: it has no order"
            self.fail(sign, what, "compare with '==' or '!='")
        return ex.Comparison(comparator=comparator, left=left, right=right, text=self.slice(tree))

    def membership(self, tree: Any) -> ex.Expr:
        item_tree, options_tree = tree.children
        item = self.value(item_tree)
        options: list[ex.Literal] = []
        for option in options_tree.children:
            if isinstance(option, Token):
                options += self.list_options(option, item, item_tree)
            else:
                options.append(self.option(option, item, item_tree))
        return ex.Membership(item=item, options=tuple(options), text=self.slice(tree))

    def option(self, tree: Any, item: ex.Expr, item_tree: Any) -> ex.Literal:
        value = self.settle(self.operand(tree), _Opposite(item, self.slice(item_tree)))
        if not isinstance(value, ex.Literal):
            self.fail(tree, f"'{self.slice(tree)}' is no plain value", "list plain values")
        self.check_pair(item_tree, item, tree, value)
        return value

    def list_options(self, name: Token, item: ex.Expr, item_tree: Any) -> list[ex.Literal]:
        if name not in self.scope.lists:
            otherwise = "name it under 'lists:', or write the values: (a, b)"
            mend = did_you_mean(name, self.scope.lists, otherwise=otherwise)
            self.fail(name, f"there is no list '{name}'", mend)
        opposite = _Opposite(item, self.slice(item_tree))
        options = []
        for text in self.scope.lists[name]:
            try:
                value = self.settle(from_list(text, name.start_pos or 0), opposite)
            except Mistake as mistake:
                self.fail(name, f"list '{name}' holds '{text}': {mistake.what}", mistake.mend)
            self.check_pair(item_tree, item, name, value)
            options.append(value)
        return [option for option in options if isinstance(option, ex.Literal)]

    def contains(self, tree: Any) -> ex.Expr:
        left_tree, right_tree = tree.children
        left, right = self.pair(left_tree, right_tree)
        if left.type not in TEXTS:
            what = f"'{self.slice(left_tree)}' is {named(left.type)}, 'contains' needs text"
            self.fail(left_tree, what, "compare it with '==' or '>='")
        return ex.Contains(whole=left, part=right, text=self.slice(tree))

    def known(self, tree: Any) -> ex.Expr:
        return ex.IsKnown(item=self.value(tree.children[0]), text=self.slice(tree.children[0]))

    # Values: what can be compared.

    def operand(self, tree: Any) -> Operand:
        match tree.data:
            case "number" | "money" | "percent" | "span" | "date" | "string" | "name":
                token = tree.children[0]
                return Pending(sort=tree.data, text=str(token), offset=token.start_pos)
            case "group":
                return self.operand(tree.children[0])
            case "signed":
                return self.signed(tree)
            case "arithmetic":
                return self.arithmetic(tree)
            case "call":
                return self.call(tree)
            case _:
                return self.truth(tree)

    def value(self, tree: Any) -> ex.Expr:
        return self.settle(self.operand(tree), None)

    def pair(self, left_tree: Any, right_tree: Any) -> tuple[ex.Expr, ex.Expr]:
        """Both sides of a comparison, the side that says less read in view of the other."""
        left, right = self.operand(left_tree), self.operand(right_tree)
        if self.says(left) >= self.says(right):
            one = self.settle(left, None)
            other = self.settle(right, _Opposite(one, self.slice(left_tree)))
        else:
            other = self.settle(right, None)
            one = self.settle(left, _Opposite(other, self.slice(right_tree)))
        self.check_pair(left_tree, one, right_tree, other)
        return in_one_scale(one, other)

    def says(self, operand: Operand) -> int:
        """How much a side tells of the other: a field of words most, a literal least."""
        if not isinstance(operand, Pending):
            return 2
        if operand.sort != "name":
            return 0
        if operand.text in self.scope.measures:
            return 2
        field = self.scope.fields.get(operand.text)
        return 1 if field is None else 3 if field.words or field.type is Type.YES_NO else 2

    def signed(self, tree: Any) -> Operand:
        sign, inner_tree = tree.children
        inner = self.operand(inner_tree)
        if sign == "+":
            return inner
        if isinstance(inner, Pending) and inner.sort in ("number", "money", "percent", "span"):
            return inner.negated()
        value = self.settle(inner, None)
        self.need_number(inner_tree, value)
        zero = ex.Literal(value=0, type=value.type)
        return ex.Arithmetic(operator=ex.Operator.MINUS, left=zero, right=value, type=value.type)

    def arithmetic(self, tree: Any) -> ex.Expr:
        left_tree, sign, right_tree = tree.children
        operator = ex.Operator(str(sign))
        if operator in ("+", "-"):
            left, right = self.terms(left_tree, right_tree)
        else:
            left, right = self.value(left_tree), self.value(right_tree)
        kind = combined(left.type, operator, right.type)
        if kind is None:
            what = f"{named(left.type)} {sign} {named(right.type)} has no meaning"
            self.fail(sign, what, "combine what has one dimension")
        left, right = in_one_scale(left, right)
        result = ex.Arithmetic(operator=operator, left=left, right=right, type=kind)
        return in_seconds(result, left.type) if kind is Type.SPAN else result

    def terms(self, left_tree: Any, right_tree: Any) -> tuple[ex.Expr, ex.Expr]:
        """Both sides of a sum: a literal takes the dimension of the other side."""
        left, right = self.operand(left_tree), self.operand(right_tree)
        if self.says(left) >= self.says(right):
            one = self.settle(left, None)
            return one, self.settle(right, _Opposite(one, self.slice(left_tree)))
        other = self.settle(right, None)
        return self.settle(left, _Opposite(other, self.slice(right_tree))), other

    def call(self, tree: Any) -> ex.Expr:
        name, first_tree, *rest_trees = tree.children
        if name not in FUNCTIONS:
            mend = did_you_mean(name, FUNCTIONS, otherwise="there are: abs min max")
            self.fail(name, f"there is no function '{name}'", mend)
        if (name == "abs") == bool(rest_trees):
            wanted = "one value: abs(a)" if name == "abs" else f"several values: {name}(a, b)"
            self.fail(name, f"'{name}' takes {wanted.split(':')[0]}", f"write {wanted}")
        first = self.value(first_tree)
        self.need_number(first_tree, first)
        opposite, rest = _Opposite(first, self.slice(first_tree)), []
        for other_tree in rest_trees:
            other = self.settle(self.operand(other_tree), opposite)
            self.check_pair(first_tree, first, other_tree, other)
            rest.append(in_one_scale(first, other)[1])
        function = ex.Function(str(name))
        return ex.Call(function=function, arguments=(first, *rest), type=first.type)

    # Names and literals.

    def settle(self, operand: Operand, opposite: _Opposite | None) -> ex.Expr:
        """The value of an operand; a pending one is read in view of what stands opposite."""
        if not isinstance(operand, Pending):
            return operand
        if operand.sort == "name":
            return self.name(operand, opposite)
        if operand.sort == "string":
            return self.string(operand, opposite)
        return literal(operand, opposite.value.type if opposite else None)

    def name(self, name: Pending, opposite: _Opposite | None) -> ex.Expr:
        words = self.words_of(opposite)
        if opposite is not None and name.text in words:
            return word_literal(name.text, opposite.value.type)
        if name.text in self.scope.measures:
            return ex.MeasureRef(name=name.text, type=self.scope.measures[name.text])
        if name.text in self.scope.fields:
            return self.field(name)
        if opposite is not None and words:
            self.no_word(name, opposite, words)
        self.no_name(name, opposite)

    def field(self, name: Pending) -> ex.Expr:
        field = self.scope.fields[name.text]
        if field.type is Type.DETAIL:
            what = f"'{name.text}' is {named(field.type)}"
            raise Mistake(name.offset, what, "use another field")
        return ex.FieldRef(name=name.text, type=field.type)

    def words_of(self, opposite: _Opposite | None) -> tuple[str, ...]:
        if opposite is None:
            return ()
        if opposite.value.type is Type.YES_NO:
            return ("yes", "no")
        if isinstance(opposite.value, ex.FieldRef):
            return self.scope.fields[opposite.value.name].words
        return ()

    def no_word(self, name: Pending, opposite: _Opposite, words: tuple[str, ...]) -> NoReturn:
        if name.text == "unknown":
            raise Mistake(name.offset, "unknown is no value", f"write: {opposite.shown} is unknown")
        what = f"'{name.text}' is no word of {opposite.shown} ({', '.join(words)})"
        mend = did_you_mean(name.text, words, otherwise=f"one of: {', '.join(words)}")
        raise Mistake(name.offset, what, mend)

    def no_name(self, name: Pending, opposite: _Opposite | None) -> NoReturn:
        if name.text in self.scope.lists:
            raise Mistake(name.offset, f"'{name.text}' is a list", f"write: in {name.text}")
        if opposite is not None and opposite.value.type in TEXTS:
            near = nearest(name.text, self.scope.fields)
            mend = f'text stands in quotes: "{name.text}"'
            mend += f"; or did you mean the field '{near}'?" if near else ""
            raise Mistake(name.offset, f"'{name.text}' is no name", mend)
        names = [*self.scope.measures, *self.scope.fields]
        what = f"'{name.text}' is no measure and no field of {self.scope.kinds}"
        mend = did_you_mean(name.text, names, otherwise=f"its fields: {', '.join(names)}")
        raise Mistake(name.offset, what, mend)

    def string(self, text: Pending, opposite: _Opposite | None) -> ex.Expr:
        words = self.words_of(opposite)
        if opposite is None or not words:
            return text_literal(text, opposite.value.type if opposite else None)
        if text.unquoted not in words:
            self.no_word(Pending(sort="name", text=text.unquoted, offset=text.offset),
                         opposite, words)  # fmt: skip
        return word_literal(text.unquoted, opposite.value.type)

    # Checks.

    def check_pair(self, left_tree: Any, left: ex.Expr, right_tree: Any, right: ex.Expr) -> None:
        if comparable(left, right):
            return
        at = left_tree if isinstance(left, ex.Literal) else right_tree
        fixed = right if at is left_tree else left
        what = (
            f"{self.slice(left_tree)} is {named(left.type)}, "
            f"{self.slice(right_tree)} is {named(right.type)}"
        )
        self.fail(at, what, f"compare with {example(fixed.type)}")

    def need_number(self, tree: Any, value: ex.Expr) -> None:
        if value.type not in NUMERIC:
            what = f"'{self.slice(tree)}' is {named(value.type)}, not a number"
            self.fail(tree, what, "use a field that holds a number")

    def slice(self, tree: Any) -> str:
        start, end = _span(tree)
        return " ".join(self.text[start:end].split())

    def fail(self, tree: Any, what: str, mend: str) -> NoReturn:
        raise Mistake(_span(tree)[0], what, mend)


def _span(tree: Tree[Token] | Token) -> tuple[int, int]:
    if isinstance(tree, Token):
        return tree.start_pos or 0, tree.end_pos or 0
    return tree.meta.start_pos, tree.meta.end_pos
