"""Reads the configuration: every mistake of the file in one run, each with its place."""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.config.places import KeyPath, Place, places_of
from bot.config.readers import Unfit
from bot.config.settings import Config, Key, Prices, Secret, Variable, sections, settings_of
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
        known = sections()
        for name in values:
            if name not in known:
                self.unknown_section(name, values[name])
        read = {name: self.section(name, values.get(name, {}), environ) for name in known}
        self.check_prices(read["prices"])
        return Config(**read)

    def check_prices(self, prices: Prices) -> None:
        """What a provider needs besides its name."""
        at = ("prices", "provider")
        if prices.provider == "folder" and prices.path is None:
            what, mend = "a folder of bars needs its path", 'add a line: path = "prices"'
            self.tell(at, what, mend, at_value=True)
        if prices.provider == "alpaca" and not (prices.alpaca_key and prices.alpaca_secret):
            mend = "set both in the environment, or leave the line out: then Yahoo is asked"
            self.tell(at, "alpaca needs ALPACA_KEY and ALPACA_SECRET", mend, at_value=True)

    def section(self, name: str, values: Any, environ: Mapping[str, str]) -> Any:
        kind = sections()[name]
        settings = settings_of(kind)
        if not isinstance(values, dict):
            self.tell((name,), f"'{name}' is a section", f"write its keys under one [{name}]")
            return kind()
        read = {key: self.value(name, key, value) for key, value in values.items()}
        for key, setting in settings.items():
            if isinstance(setting, Variable):
                read[key] = _secret(setting, environ)
        return kind(**{key: value for key, value in read.items() if value is not None})

    def value(self, section: str, key: str, value: Any) -> Any:
        """The value of one setting; None where it is wrong, which has then been told."""
        path = (section, key)
        if path in self.leaks:
            return None
        match settings_of(sections()[section]).get(key):
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
                what = f"unknown key '{key}' in [{section}]"
                self.tell(path, what, _advice_on_key(section, key))
        return None

    def unknown_section(self, name: str, value: Any) -> None:
        if isinstance(value, dict):
            mend = did_you_mean(name, sections(), otherwise=f"known are {_listed(sections())}")
            self.tell((name,), f"unknown section [{name}]", mend)
        else:
            self.tell((name,), f"'{name}' stands outside every section", _advice_on_key("", name))

    def refuse_secrets(self, values: Mapping[str, Any]) -> None:
        """A token under a key that is not made for it is told too, though never shown."""
        for path, value in _texts((), values):
            if _SECRET.search(value) and not _is_variable(path):
                self.leaks.add(path[:2])
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
    homes = [name for name, kind in sections().items() if key in settings_of(kind)]
    if homes:
        return f"it belongs under {' or '.join(f'[{name}]' for name in homes)}"
    kind = sections().get(section)
    if kind is None:
        return f"write it under one of {_listed(sections())}"
    keys = [name for name, setting in settings_of(kind).items() if isinstance(setting, Key)]
    return did_you_mean(key, keys, otherwise=f"known are {', '.join(keys)}")


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
