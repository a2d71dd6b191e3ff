"""The place of every key and item of a TOML file."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.places import KeyPath, places_of

NAMES = st.text("abc-_1", min_size=1, max_size=3) | st.text(
    st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=4
)


SCALARS: st.SearchStrategy[Any] = (
    st.integers(-(10**9), 10**9)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.datetimes()
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)
)


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


GAPS = st.sampled_from(["", " ", "\t "])


ROWS = "a name that no table has"


BREAKS = st.sampled_from(["\n", "\r\n", "\n\n", " # ] } = [x] 'y\" \n", "\n  "])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A TOML document, oddly laid out, and what it holds."""
    tables = draw(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3))
    text = draw(BREAKS)
    for name, table in tables.items():
        text += f"[{draw(GAPS)}{json.dumps(name)}{draw(GAPS)}]{draw(BREAKS)}"
        for key, value in table.items():
            gap = draw(GAPS)
            text += f"{key_text(key)}{gap}={gap}{draw(texts_of(value))}{draw(BREAKS)}"
    rows = draw(st.lists(st.dictionaries(NAMES, VALUES, max_size=2), max_size=3))
    for row in rows:
        text += f"[[{draw(GAPS)}{json.dumps(ROWS)}{draw(GAPS)}]]{draw(BREAKS)}"
        for key, value in row.items():
            text += f"{key_text(key)} = {draw(texts_of(value))}{draw(BREAKS)}"
    return text, tables | ({ROWS: rows} if rows else {})


def key_text(name: str) -> str:
    return name if re.fullmatch(r"[a-zA-Z0-9_-]+", name) else json.dumps(name)


@st.composite
def texts_of(draw: st.DrawFn, value: Any) -> str:
    """One way to write a value."""
    match value:
        case str():
            plain = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
            ways = [plain]
            if not {"'", "\x7f"} & set(value):
                ways += [f"'{value}'", f"'''\n{value}'''"]
            if not {'"', "\\", "\x7f"} & set(value):
                ways += [f'"""{value}"""', f'"""{value}\\"\n"""']
            return draw(st.sampled_from(ways))
        case list():
            items = [draw(BREAKS) + draw(texts_of(item)) + draw(BREAKS) for item in value]
            return f"[{','.join(items)}{draw(st.sampled_from(['', ','])) if items else ''}]"
        case dict():
            pairs = [f"{key_text(k)} = {draw(texts_of(v))}" for k, v in value.items()]
            return "{ " + ", ".join(pairs) + " }"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
    return str(value)  # a date, a blank, a time


def paths_of(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    pairs: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        pairs = iter(value.items())
    elif isinstance(value, list):
        pairs = iter(enumerate(value))
    for key, each in pairs:
        yield (*path, key)
        yield from paths_of(each, (*path, key))


@given(documents())
def test_every_key_and_item_of_any_document_has_its_place(
    document: tuple[str, dict[str, Any]],
) -> None:
    text, _ = document
    values = tomllib.loads(text)

    places = places_of(text)

    assert set(places) == set(paths_of(values))
    starts = [
        place.value for path, place in places.items() if len(path) > 1 and path[:-1] != (ROWS,)
    ]
    assert len(set(starts)) == len(starts)


@pytest.mark.parametrize(
    ("text", "path", "key", "value"),
    [
        ("a.b . c = 1", ("a", "b", "c"), 0, 10),
        ("a.b . c = 1", ("a",), 0, 0),
        ("[a]\n'b' = 1", ("a", "b"), 4, 10),
        ("[ a . b ]\nc = 1\n[[d]]\ne = 2", ("a", "b", "c"), 10, 14),
        ("[a]\nb = [ [1], # ]\n {c = '}'}]", ("a", "b", 1, "c"), 21, 25),
        ('[a]\nb = """\n[x]"""""\nc = 3', ("a", "c"), 21, 25),
        ("t = 1979-05-27 07:32:00Z\nu = 2", ("u",), 25, 29),
        ("[[a]]\nb = 1\n[[a]]\nb = 2", ("a", 1, "b"), 18, 22),
        ("[[a]]\nb = 1\n[[a]]\nb = 2", ("a", 1), 12, 12),
        ("[[a]]\n[[a]]\n[a.b]\nc = 2", ("a", 1, "b", "c"), 18, 22),
        ("[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2", ("a", 0, "b", 1, "c"), 28, 32),
    ],
)
def test_places_are_indexes_into_the_text(text: str, path: KeyPath, key: int, value: int) -> None:
    place = places_of(text)[path]

    assert (place.key, place.value) == (key, value)
