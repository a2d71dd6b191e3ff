"""The meaning of expressions: names found, dimensions checked, literals read by what they meet.

A bare number fits every dimension, as dollars for money; ``5%`` is a ratio and nothing else.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

from lark import Token, Tree

from bot.facts import Type
from bot.rules import expressions as ex
from bot.rules.dimensions import (
    NUMERIC,
    ORDERED,
    TEXTS,
    combined,
    comparable,
    example,
    in_cents_if_any,
    in_one_scale,
    in_seconds,
    named,
)
from bot.rules.grammar import FUNCTIONS, Mistake, parse, together
from bot.rules.operands import Pending, from_list
from bot.rules.problems import did_you_mean
from bot.rules.scope import ANY_TEXT, Opposite, Scope

Operand = ex.Expr | Pending


def read_condition(text: str, scope: Scope) -> ex.Expr:
    """The typed tree of a condition; Mistake where it can not be understood, with all others."""
    return _Typer(text, scope).truth(parse(text))


def read_amount(text: str, scope: Scope) -> ex.Expr:
    """The typed tree of a value: ``return_21d - excess_21d``; Mistake where it has no meaning."""
    return _Typer(text, scope).value(parse(text))


class _Typer:
    """Walks the parse tree of one text; each method gives the meaning of one construct."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text, self.scope = text, scope

    # Truth: what is yes, no or unknown.

    def truth(self, tree: Any) -> ex.Expr:
        match tree.data:
            case "or_" | "and_":
                return ex.Junction(any_of=tree.data == "or_", parts=self.parts(tree.children))
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

    def parts(self, trees: Sequence[Any]) -> tuple[ex.Expr, ...]:
        """The meaning of each clause; where several are wrong, every one is told."""
        parts: list[ex.Expr] = []
        mistakes: list[Mistake] = []
        for tree in trees:
            try:
                parts.append(self.truth(tree))
            except Mistake as mistake:
                mistakes.append(mistake)
        if mistakes:
            raise together(mistakes)
        return tuple(parts)

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
        comparator = ex.Comparator(str(sign))
        if comparator not in ("==", "!="):
            self.check_order(left_tree, sign)
            self.check_order(right_tree, sign)
        left, right = self.pair(left_tree, right_tree)
        if left.type not in ORDERED and comparator not in ("==", "!="):
            self.no_order(left_tree, left.type, sign)
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
        value = self.settle(self.operand(tree), Opposite(item, self.slice(item_tree)))
        if not isinstance(value, ex.Literal):
            self.fail(tree, f"'{self.slice(tree)}' is no plain value", "list plain values")
        self.check_pair(item_tree, item, tree, value)
        return value

    def list_options(self, name: Token, item: ex.Expr, item_tree: Any) -> list[ex.Literal]:
        if name not in self.scope.lists:
            otherwise = "name it under 'lists:', or write the values: (a, b)"
            mend = did_you_mean(name, self.scope.lists, otherwise=otherwise)
            self.fail(name, f"there is no list '{name}'", mend)
        if name in self.scope.names:
            sort = "measure" if name in self.scope.measures else "field"
            self.fail(name, f"'{name}' is a list and a {sort} too", "rename the list")
        opposite = Opposite(item, self.slice(item_tree))
        return [self.list_option(text, name, opposite) for text in self.scope.lists[name]]

    def list_option(self, text: str, name: Token, opposite: Opposite) -> ex.Literal:
        try:
            value = self.settle(from_list(text, name.start_pos or 0, opposite.value.type), opposite)
        except Mistake as mistake:
            self.fail(name, f"list '{name}' holds '{text}': {mistake.what}", mistake.mend)
        if not isinstance(value, ex.Literal) or not comparable(value, opposite.value):
            what = f"list '{name}' holds '{text}', {opposite.shown} is {named(opposite.value.type)}"
            self.fail(name, what, f"list values such as {example(opposite.value.type)}")
        return value

    def contains(self, tree: Any) -> ex.Expr:
        left_tree, right_tree = tree.children
        left = self.value(left_tree)
        right = self.settle(self.operand(right_tree), ANY_TEXT)
        if left.type not in TEXTS:
            what = f"'{self.slice(left_tree)}' is {named(left.type)}, 'contains' needs text"
            self.fail(left_tree, what, "compare it with '==' or '>='")
        if right.type not in TEXTS:
            what = f"'{self.slice(right_tree)}' is {named(right.type)}, 'contains' looks for text"
            self.fail(right_tree, what, "quote the text that is looked for")
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

    def settle(self, operand: Operand, opposite: Opposite | None) -> ex.Expr:
        """The value of an operand; a pending one is read in view of what stands opposite."""
        return self.scope.meaning(operand, opposite) if isinstance(operand, Pending) else operand

    def pair(self, left_tree: Any, right_tree: Any) -> tuple[ex.Expr, ex.Expr]:
        """Both sides of a comparison, the side that says less read in view of the other."""
        left, right = self.operand(left_tree), self.operand(right_tree)
        if self.says(left) >= self.says(right):
            one = self.settle(left, None)
            other = self.settle(right, Opposite(one, self.slice(left_tree)))
        else:
            other = self.settle(right, None)
            one = self.settle(left, Opposite(other, self.slice(right_tree)))
        self.check_pair(left_tree, one, right_tree, other)
        return in_one_scale(one, other)

    def says(self, operand: Operand) -> int:
        """How much a side tells of the other: a field of words most, a literal least."""
        return self.scope.says(operand) if isinstance(operand, Pending) else 2

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
            return one, self.settle(right, Opposite(one, self.slice(left_tree)))
        other = self.settle(right, None)
        return self.settle(left, Opposite(other, self.slice(right_tree))), other

    def call(self, tree: Any) -> ex.Expr:
        name, first_tree, *rest_trees = tree.children
        if name not in FUNCTIONS:
            mend = did_you_mean(name, FUNCTIONS, otherwise="there are: abs min max")
            self.fail(name, f"there is no function '{name}'", mend)
        if (name == "abs") == bool(rest_trees):
            wanted = "one value: abs(a)" if name == "abs" else f"several values: {name}(a, b)"
            self.fail(name, f"'{name}' takes {wanted.split(':')[0]}", f"write {wanted}")
        arguments = self.alike([first_tree, *rest_trees])
        function = ex.Function(str(name))
        return ex.Call(function=function, arguments=arguments, type=arguments[0].type)

    def alike(self, trees: Sequence[Any]) -> tuple[ex.Expr, ...]:
        """Numbers of one dimension: literals read in view of the value that says most."""
        operands = [self.operand(tree) for tree in trees]
        place = max(range(len(trees)), key=lambda each: self.says(operands[each]))
        one = self.settle(operands[place], None)
        self.need_number(trees[place], one)
        opposite, values = Opposite(one, self.slice(trees[place])), []
        for tree, operand in zip(trees, operands, strict=True):
            value = one if operand is operands[place] else self.settle(operand, opposite)
            self.check_pair(trees[place], one, tree, value)
            values.append(value)
        return in_cents_if_any(values)

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
        mend = f"compare with {example(fixed.type)}"
        literal = left if at is left_tree else right
        if (
            isinstance(literal, ex.Literal)
            and literal.type is Type.RATIO
            and fixed.type is Type.NUMBER
        ):
            of_one = float(literal.value)
            mend = f"write {of_one * 100:g} where it runs to 100, {of_one:g} where it runs to 1"
        if not isinstance(left, ex.Literal) and not isinstance(right, ex.Literal):
            shown = self.slice(right_tree if at is left_tree else left_tree)
            mend = f"compare {shown} with {example(fixed.type)}, or with another field that is "
            mend += named(fixed.type)
        self.fail(at, what, mend)

    def check_order(self, tree: Any, sign: Token) -> None:
        """Mistake where a name of a value without order stands beside '<' or '>'."""
        operand = self.operand(tree) if tree.data == "name" else None
        if isinstance(operand, Pending) and self.scope.says(operand) > 1:
            value = self.settle(operand, None)
            if value.type not in ORDERED:
                self.no_order(tree, value.type, sign)

    def no_order(self, tree: Any, kind: Type, sign: Token) -> NoReturn:
        shown = self.slice(tree)
        mend = "compare with '==' or '!='"
        if kind is Type.YES_NO:
            mend = f"write '{shown}' or 'not {shown}'"
        self.fail(sign, f"'{shown}' is {named(kind)}: it has no order", mend)

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
