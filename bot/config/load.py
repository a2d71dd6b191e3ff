"""Reads the configuration: every mistake of the file in one run, each with its place."""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.config.checks import check_prices, check_routes
from bot.config.declared import Key, Secret, Variable, field_of, required_of, settings_of
from bot.config.places import KeyPath, Place, places_of
from bot.config.readers import Unfit
from bot.config.settings import Config, sections, tables
from bot.errors import ConfigError
from bot.rules.problems import Problem, Source, did_you_mean

DEFAULT_FILE = Path("config.toml")
MAX_CHARACTERS = 200_000

_LONGER = re.compile(rf"[\s\S]{{{MAX_CHARACTERS + 1}}}")
_DOTTED = re.compile(r"(?:\.[ \t]*[\w\"'-]+[ \t]*){40}")
_DIGITS = re.compile(r"\d{1000}")

_PACKAGE = Path(__file__).parents[1]
_SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|https://hooks\.slack(?:-gov)?\.com/[\w/.-]+")
_SECRET_LINE = re.compile(r"(?i)(?<=token|ecret|sword|k_url|a_key)[\"']?[ \t]*=[^\n]*")
_PASSWORD = re.compile(r"(?<=://)[^/\s\"'@]+(?=@)")
_OTHER_WORDS = {("routes", "channel"): "to", ("routes", "rules"): "rule"}
_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class InvalidConfig(ConfigError):
    """A configuration that can not be used, with every mistake found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.what, where=first.where, mend=first.mend)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def load_config(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of a file; InvalidConfig with all its mistakes where it has any.

    ConfigError where a secret can not be one.

    path: without it config.toml of the current folder, or the defaults where there is none.
    environ: where the secrets stand; without it the environment of the process.
    Relative paths are taken from the folder of the file.
    """
    file = path or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    text = _text(file) if file else ""
    loading = _Loading(Source(file=str(file), text=_masked(text)))
    values = loading.parsed(text)
    config = loading.config(values, os.environ if environ is None else environ)
    if loading.problems:
        raise InvalidConfig(sorted(loading.problems, key=lambda p: (p.line, p.column)))
    folder = file.parent if file else Path()
    rules = config.rules.path if "path" in values.get("rules", {}) else _default_rules(folder)
    user_files = config.prices.path and folder / config.prices.path
    return replace(
        config,
        prices=replace(config.prices, path=user_files),
        store=replace(config.store, path=folder / config.store.path),
        rules=replace(config.rules, path=folder / rules),
    )


class _Loading:
    """One file on its way into a Config; collects what is wrong with it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.places: dict[KeyPath, Place] = {}
        self.leaks: set[KeyPath] = set()

    def parsed(self, text: str) -> dict[str, Any]:
        self.refuse_heaps(text)
        try:
            values = tomllib.loads(text)
            self.places = places_of(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidConfig([_syntax_problem(error, self.source)]) from error
        except RecursionError as error:
            what, mend = (
                "nested deeper than any setting",
                "a setting holds a text, or a list of texts",
            )
            problem = self.source.problem(_deepest(text), what, mend=mend)
            raise InvalidConfig([problem]) from error
        return values

    def refuse_heaps(self, text: str) -> None:
        """What no setting needs and what readers of TOML stumble over."""
        heaps = (
            (_LONGER, f"the file is longer than {MAX_CHARACTERS:,} characters"),
            (_DOTTED, "a name with more dots than any setting"),
            (_DIGITS, "a number with more digits than any setting"),
        )
        for pattern, what in heaps:
            if found := pattern.search(text):
                problem = self.source.problem(found.start(), what, mend="take it out")
                raise InvalidConfig([problem])

    def config(self, values: Mapping[str, Any], environ: Mapping[str, str]) -> Config:
        self.refuse_secrets(values)
        for name in values:
            if name not in sections() and name not in tables():
                self.unknown_section(name, values[name])
        read = {name: self.section(name, values.get(name, {}), environ) for name in sections()}
        read |= {name: self.table(name, values.get(name, [])) for name in tables()}
        check_prices(read["prices"], self.tell)
        check_routes(read["routes"], read["quiet"], self.tell)
        return Config(**{name: _without_mistakes(each) for name, each in read.items()})

    def section(self, name: str, values: Any, environ: Mapping[str, str]) -> Any:
        kind = sections()[name]
        if not isinstance(values, dict):
            self.tell((name,), f"'{name}' is a section", f"write its keys under one [{name}]")
            return kind()
        read = self.values((name,), kind, values)
        for key, setting in settings_of(kind).items():
            if isinstance(setting, Variable) and (secret := _secret(setting, environ)) is not None:
                read[key] = secret
        return kind(**read)

    def table(self, name: str, values: Any) -> list[Any]:
        """One for each header of a table that stands often; None for one with a mistake."""
        if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
            what, mend = f"there may be many '{name}'", f"write each under a header [[{name}]]"
            self.tell((name,), what, mend)
            return []
        return [self.entry(name, number, each) for number, each in enumerate(values)]

    def entry(self, name: str, number: int, values: Mapping[str, Any]) -> Any:
        kind, before = tables()[name], len(self.problems)
        read = self.values((name, number), kind, values)
        for key in required_of(kind):
            if key not in values:
                self.tell((name, number), f"a [[{name}]] needs '{key}'", f'add a line: {key} = "…"')
        return kind(**read) if len(self.problems) == before else None

    def values(self, path: KeyPath, kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a section or table by their fields, without those that are wrong."""
        read = {field_of(key): self.value(path, kind, key, value) for key, value in values.items()}
        return {field: value for field, value in read.items() if value is not None}

    def value(self, above: KeyPath, kind: type, key: str, value: Any) -> Any:
        """The value of one setting; None where it is wrong, which has then been told.

        above: where the section or table of this kind stands.
        """
        path = (*above, key)
        if path in self.leaks:
            return None
        match settings_of(kind).get(key):
            case Key(read=read):
                try:
                    return read(value)
                except Unfit as unfit:
                    item = () if unfit.item is None else (unfit.item,)
                    self.tell((*path, *item), f"{key}: {unfit.what}", unfit.mend, at_value=True)
            case Variable(name=variable):
                what = f"'{key}' is a secret, which does not stand in a file"
                self.tell(path, what, f"delete the line and set {variable} in the environment")
            case None:
                header = f"[{above[0]}]" if len(above) == 1 else f"[[{above[0]}]]"
                what = f"unknown key '{key}' in {header}"
                self.tell(path, what, _advice_on_key(str(above[0]), key))
        return None

    def unknown_section(self, name: str, value: Any) -> None:
        if isinstance(value, dict | list):
            known = [*sections(), *tables()]
            mend = did_you_mean(name, known, otherwise=f"known are {_listed(sections())}")
            self.tell((name,), f"unknown section [{name}]", mend)
        else:
            self.tell((name,), f"'{name}' stands outside every section", _advice_on_key("", name))

    def refuse_secrets(self, values: Mapping[str, Any]) -> None:
        """A token under a key that is not made for it is told too, though never shown."""
        for path, value in _texts((), values):
            if _SECRET.search(value) and not _is_variable(path):
                self.leaks.add(path[:3] if isinstance(path[1], int) else path[:2])
                mend = "delete it, put it into the environment, and make a new one if others saw it"
                self.tell(path, "this looks like a secret of Slack", mend, at_value=True)

    def tell(self, path: KeyPath, what: str, mend: str, *, at_value: bool = False) -> None:
        while path not in self.places:  # within an array of tables
            path = path[:-1]
        place = self.places[path]
        index = place.value if at_value else place.key
        self.problems.append(self.source.problem(index, what, mend=mend))


def _secret(variable: Variable, environ: Mapping[str, str]) -> Secret | None:
    """The secret of a variable; None where it is empty.

    ConfigError, without the secret in it, where no HTTP header or address can hold it.
    """
    text, giver = environ.get(variable.name, "").strip(), variable.giver
    where, mend = (
        f"the variable {variable.name}",
        f"copy it again from {giver}: one line, no quotes",
    )
    for at, character in enumerate(text, start=1):
        if not ("!" <= character <= "~"):
            what = f"character {at} of {len(text)} is {_kind_of(character)}"
            raise ConfigError(f"is no secret of {giver}: {what}", where=where, mend=mend)
    return Secret(text) if text else None


def _kind_of(character: str) -> str:
    if character in "\r\n":
        return "a line break"
    if character.isspace():
        return "a blank"
    return "a control character" if character.isascii() else "no plain letter, digit or sign"


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        mend = "give the path of a file that exists, or copy config.example.toml there"
        raise ConfigError("there is no such file", where=str(file), mend=mend) from None
    except (UnicodeDecodeError, OSError) as error:
        mend = "save the file as UTF-8 text that the bot may read"
        raise ConfigError(f"can not be read: {error}", where=str(file), mend=mend) from error


def _masked(text: str) -> str:
    """The text as it may be shown: of the same length, secrets and what may be one blotted out."""
    for pattern in (_SECRET, _PASSWORD, _SECRET_LINE):
        text = pattern.sub(lambda match: "*" * len(match[0]), text)
    return text


def _default_rules(folder: Path) -> Path:
    """The author's own rules beside the file, or those that come with the bot."""
    own = Config().rules.path
    return own if (folder / own).is_dir() else shipped_rules()


def shipped_rules() -> Path:
    """The rules that come with the bot."""
    packed = _PACKAGE / "_rules"
    return packed if packed.is_dir() else _PACKAGE.parent / "rules"  # the latter in a checkout


def _syntax_problem(error: tomllib.TOMLDecodeError, source: Source) -> Problem:
    match = _SYNTAX.fullmatch(str(error))
    told, line, column = match.groups() if match else (str(error), None, None)
    end = len(source.text.rstrip())
    row = int(line) if line else source.position(end)[0]
    start = sum(len(text) + 1 for text in source.text.split("\n")[: row - 1])
    what, mend, at_start = _plain_words(told, ended=line is None)
    index = start if at_start else start + int(column) - 1 if column else end
    return source.problem(index, what, mend=mend)


def _deepest(text: str) -> int:
    """Where most brackets are open."""
    depth = deepest = found = 0
    for index, character in enumerate(text):
        depth += (character in "[{") - (character in "]}")
        if depth > deepest:
            deepest, found = depth, index
    return found


def _plain_words(told: str, *, ended: bool) -> tuple[str, str, bool]:
    """What the TOML reader says, for somebody who edits a setting; whether the line is meant."""
    if told == "Cannot overwrite a value":
        return "a key stands twice", "keep one of the two", True
    if match := re.fullmatch(r"Cannot declare \((.*?),?\) twice", told):
        return f"section {match[1]} stands twice", "write its keys under one header", True
    if told.startswith(("Unterminated string", "Illegal character '\\n'", 'Expected "\'"')):
        return "a quotation mark is never closed", "close it in the same line", True
    if ended:
        what, mend = "the file ends in the middle of something", "write it to its end"
        return what, f"{mend}: an open bracket or quotation mark, a key without a value", False
    if told == "Invalid value":
        return "this is no value", 'texts stand in quotes: key = "text"', False
    return f"this is no TOML: {told}", 'a line is a [section], or: key = "value"', False


def _advice_on_key(section: str, key: str) -> str:
    """Where a key belongs, or which one was probably meant."""
    if meant := _OTHER_WORDS.get((section, key)):
        return f"did you mean '{meant}'?"
    homes = [name for name, kind in sections().items() if key in settings_of(kind)]
    if homes:
        return f"it belongs under {' or '.join(f'[{name}]' for name in homes)}"
    kind = {**sections(), **tables()}.get(section)
    if kind is None:
        return f"write it under one of {_listed(sections())}"
    keys = [name for name, setting in settings_of(kind).items() if isinstance(setting, Key)]
    return did_you_mean(key, keys, otherwise=f"known are {', '.join(keys)}")


def _without_mistakes(read: Any) -> Any:
    return tuple(each for each in read if each is not None) if isinstance(read, list) else read


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"[{name}]" for name in names)


def _is_variable(path: KeyPath) -> bool:
    if len(path) != 2 or path[0] not in sections():
        return False
    return isinstance(settings_of(sections()[str(path[0])]).get(str(path[1])), Variable)


def _texts(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, str]]:
    """Every text below a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts((*path, key), each)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts((*path, number), each)
