"""Patterns of words that are compiled when they are first looked for: compiling those of plans,
wording and units takes 45 ms, and most commands read no filing."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

Match = re.Match[str]


class Words:
    """A regular expression.  What is asked of it is kept: the second time costs as much as of a
    compiled one."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern, self._flags = pattern, flags

    @cached_property
    def _compiled(self) -> "re.Pattern[str]":
        return re.compile(self._pattern, self._flags)

    @cached_property
    def search(self) -> Callable[..., Match | None]:
        return self._compiled.search

    @cached_property
    def fullmatch(self) -> Callable[..., Match | None]:
        return self._compiled.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[Match]]:
        return self._compiled.finditer

    @cached_property
    def sub(self) -> Callable[[str, str], str]:
        return self._compiled.sub

    @cached_property
    def split(self) -> Callable[[str], list[str]]:
        split: Callable[[str], list[str]] = self._compiled.split
        return split
