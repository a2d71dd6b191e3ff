"""The configuration: strict, with every mistake in its place, and secrets never shown."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Alerts, Config, InvalidConfig, Secret, load_config
from bot.config.declared import Key, Variable
from bot.config.places import KeyPath, places_of
from bot.config.settings import all_settings
from bot.errors import ConfigError

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
TOKEN = "xoxb-1234-abcd"
ENVIRONMENT = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": "  ", "HOME": "/home/somebody"}


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def loaded(folder: Path, text: str) -> Config:
    return load_config(written(folder, text), {})


def mistakes(folder: Path, text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, what and mend of every mistake."""
    with pytest.raises(InvalidConfig) as caught:
        load_config(written(folder, text), {})
    return [(p.line, p.column, p.what, p.mend) for p in caught.value.problems]


def test_without_a_file_everything_has_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    config = load_config(None, {})

    assert replace(config, rules=Config().rules) == Config()
    assert config.alerts == Alerts(
        channel="#alerts", ops_channel=None, stale_after=timedelta(hours=24)
    )
    assert config.edgar.every == timedelta(seconds=30)
    assert config.slack.bot_token is None


def test_a_file_named_config_toml_is_found_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, '[alerts]\nchannel = "#found"')
    monkeypatch.chdir(tmp_path)

    assert load_config(None, {}).alerts.channel == "#found"


def test_every_setting_is_read(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        """
        store.path = "data/bot.db"
        rules = { path = "/etc/bot/rules" }
        [edgar]
        contact = "Example Corp alerts@example.com"
        every = "1.5min"
        watch = ["oklo", 1_849_056, "BRK-B", "OKLO"]
        www_url = "http://127.0.0.1:8080/"
        data_url = "http://127.0.0.1:8080/data"
        [slack]
        api_url = "http://localhost:9/api"
        [alerts]
        channel = "C0123456789"
        ops_channel = "#ops"
        stale_after = "2d"
        """.replace("1_849_056", '"1849056"'),
    )

    assert config.store.path == tmp_path / "data/bot.db"
    assert config.rules.path == Path("/etc/bot/rules")
    assert config.edgar.contact == "Example Corp alerts@example.com"
    assert config.edgar.every == timedelta(seconds=90)
    assert config.edgar.watch == ("OKLO", "0001849056", "BRK-B")
    assert config.edgar.www_url == "http://127.0.0.1:8080"
    assert config.edgar.data_url == "http://127.0.0.1:8080/data"
    assert config.slack.api_url == "http://localhost:9/api/"
    assert config.alerts == Alerts(
        channel="C0123456789", ops_channel="#ops", stale_after=timedelta(days=2)
    )


def test_a_configuration_can_not_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Config().alerts.channel = "#other"  # type: ignore[misc]


# Paths.


def test_rules_beside_the_file_go_before_those_of_the_bot(tmp_path: Path) -> None:
    shipped = loaded(tmp_path, "").rules.path
    (tmp_path / "rules").mkdir()

    assert loaded(tmp_path, "").rules.path == tmp_path / "rules"
    assert shipped.is_dir()
    assert tmp_path not in shipped.parents


def test_rules_that_are_named_are_never_replaced_by_others(tmp_path: Path) -> None:
    assert loaded(tmp_path, '[rules]\npath = "rules"').rules.path == tmp_path / "rules"


def test_a_path_may_start_at_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    assert loaded(tmp_path, '[store]\npath = "~/bot.db"').store.path == tmp_path / "home/bot.db"


def test_a_file_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file") as caught:
        load_config(tmp_path / "missing.toml", {})

    assert caught.value.where == str(tmp_path / "missing.toml")


def test_a_file_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'[store]\npath = "\xe9.db"')

    with pytest.raises(ConfigError, match="save the file as UTF-8"):
        load_config(file, {})


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes('\ufeff[alerts]\r\nchannel = "#a"\r\n'.encode())

    assert load_config(file, {}).alerts.channel == "#a"


# Secrets.


def test_secrets_come_from_the_environment_and_print_as_stars(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ""), ENVIRONMENT)

    assert config.slack.bot_token == Secret(TOKEN)
    assert config.slack.bot_token is not None
    assert config.slack.bot_token.reveal() == TOKEN
    assert config.slack.app_token is None
    assert TOKEN not in f"{config} {config!r} {config.slack.bot_token} {config.slack.bot_token!r}"
    assert str(config.slack.bot_token) == "***"


@pytest.mark.parametrize(
    "text",
    [
        f'[slack]\nbot_token = "{TOKEN}"',
        f'[slack]\nbot_token = "{TOKEN}" # mine',
        '[slack]\nbot_token = "1234-abcd"',
        'slack = { bot_token = "1234-abcd", chanel = 1 }',
        '[slack]\nbot_token = "1234-abcd',
        f'[slack]\nbot_tokn = "{TOKEN}"',
        f'[alerts]\nchannel = "{TOKEN}"',
        f'[alerts]\nchannel = "{TOKEN}',
        f'[edgar]\nwatch = ["A", "{TOKEN}"]',
        f'[nobody]\nknows = {{ this = ["{TOKEN}"] }}',
        f'[[alerts]]\n[[alerts]]\nkey = "{TOKEN}"',
        '[slack]\nwebhook_url = "https://hooks.slack.com/services/T1/B1/1234-abcd"',
        '[slack]\napi_url = "https://hooks.slack.com/services/T1/B1/1234-abcd"',
        '[slack]\napi_url = "https://me:1234-abcd@slack.com"',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        load_config(written(tmp_path, text), {})

    assert "1234-abcd" not in f"{caught.value} {caught.value.problems}".replace(
        "me:1234-abcd@slack.com", "*"
    )


def test_a_secret_under_its_own_name_is_sent_to_its_variable(tmp_path: Path) -> None:
    assert mistakes(tmp_path, f'[slack]\nbot_token = "{TOKEN}"') == [
        (
            2,
            1,
            "'bot_token' is a secret, which does not stand in a file",
            "delete the line and set SLACK_BOT_TOKEN in the environment",
        )
    ]


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_WEBHOOK_URL"])
@pytest.mark.parametrize(
    ("secret", "what"),
    [
        ("xoxb-1234\n-abcd", "character 10 of 15 is a line break"),
        ("xoxb-1234\r-abcd", "character 10 of 15 is a line break"),
        ("xoxb-1234 -abcd", "character 10 of 15 is a blank"),
        ("xoxb-1234\u00a0-abcd", "character 10 of 15 is a blank"),
        ("xoxb-1234\x00-abcd", "character 10 of 15 is a control character"),
        ("xoxb-1234–abcd", "character 10 of 14 is no plain letter, digit or sign"),
        ("xoxb-1234\udcff-abcd", "character 10 of 15 is no plain letter, digit or sign"),
    ],
)
def test_a_secret_that_no_request_can_carry_is_refused_and_not_shown(
    tmp_path: Path, variable: str, secret: str, what: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, ""), {variable: secret})

    assert caught.value.where == f"the variable {variable}"
    assert caught.value.what == f"is no secret of Slack: {what}"
    assert "1234" not in str(caught.value)
    assert "abcd" not in str(caught.value)


def test_blanks_around_a_secret_are_no_part_of_it(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ""), {"SLACK_BOT_TOKEN": f" {TOKEN}\n"})

    assert config.slack.bot_token == Secret(TOKEN)


# Mistakes.


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ("[alert]", 1, 1, "unknown section [alert]; did you mean 'alerts'?"),
        ("[nonsense]\n", 1, 1, "unknown section [nonsense]; known are [store], [rules]"),
        ('path = "x"', 1, 1, "stands outside every section; it belongs under [store] or [rules]"),
        ("hello = 1", 1, 1, "stands outside every section; write it under one of [store]"),
        ('[store]\npth = "x"', 2, 1, "unknown key 'pth' in [store]; did you mean 'path'?"),
        ('[store]\nchannel = "#a"', 2, 1, "unknown key 'channel'; it belongs under [alerts]"),
        ('edgar.evry = "1s"', 1, 1, "unknown key 'evry' in [edgar]; did you mean 'every'?"),
        ("[slack]\nx = 1", 2, 1, "unknown key 'x' in [slack]; known are api_url"),
        ("[edgar.every]\nx = 1", 1, 1, "every: must be a text, not a table"),
        ("store = 'bot.db'", 1, 1, "'store' is a section; write its keys under one [store]"),
        ("[[store]]", 1, 1, "'store' is a section"),
        ("[store]\npath = 1", 2, 8, 'path: must be a text, not the number 1; as in "bot.db"'),
        ("a = " + "[" * 5_000, 1, 5_004, "nested deeper than any setting; a setting holds a text"),
        ("x = 1\na" + ".a" * 20_000 + " = 1", 2, 2, "a name with more dots than any setting"),
        ("[edgar]\nevery = " + "9" * 9_999, 2, 9, "a number with more digits; take it out"),
        ("# x\n" * 60_000, 1, 1, "the file is longer than 200,000 characters; take it out"),
        (
            "[store]\npath = '~nobody-here/x'",
            2,
            8,
            "path: '~nobody-here/x' is in the home of nobody",
        ),
        ('[edgar]\nwww_url = "https://x\\ny/"', 2, 11, "is no address of the web"),
        ("[edgar]\nev\u0435ry = '3s'", 2, 3, "this is no TOML"),
        ("[store]\npath = ''", 2, 8, "path: an empty path leads nowhere"),
        ("[edgar]\nevery = 30", 2, 9, 'every: must be a text, not the number 30; as in "30s"'),
        ("[edgar]\nevery = '30'", 2, 9, "every: '30' is no span"),
        ("[edgar]\nevery = '5m'", 2, 9, "every: '5m' could be minutes or months"),
        ("[edgar]\nevery = '1mo'", 2, 9, "every: '1mo' is not always as long"),
        ("[edgar]\nevery = true", 2, 9, "must be a text, not true"),
        ("[edgar]\nevery = 07:30:00", 2, 9, "must be a text, not a date or time"),
        ("[edgar]\ncontact = 'me'", 2, 11, "'me' names nobody; end it with an e-mail"),
        ("[edgar]\ncontact = 'a b@'", 2, 11, "names nobody"),
        ("[edgar]\ncontact = 'Ökonom a@b.de'", 2, 11, "ASCII only; plain letters"),
        ('[edgar]\ncontact = "me\\nX-Y: a@b.de"', 2, 11, "names nobody"),
        ("[edgar]\nwatch = 'OKLO'", 2, 9, "must be a list, not the text 'OKLO'; write [\"OKLO\""),
        ("[edgar]\nwatch = ['A',\n  7]", 3, 3, "must be texts, not the number 7; in quotes"),
        ("[edgar]\nwatch = ['A', 'B C']", 2, 15, "'B C' is neither a ticker nor a CIK"),
        ("[edgar]\nwatch = ['12345678901']", 2, 10, "neither a ticker nor a CIK"),
        ("[edgar]\nwww_url = 'www.sec.gov'", 2, 11, "'www.sec.gov' is no address of the web"),
        (
            "[fed]\nurl = 'federalreserve.gov'",
            2,
            7,
            'is no address of the web; it whole: "https://federalreserve.gov"',
        ),
        (
            "[fed]\nurl = 'see: web'",
            2,
            7,
            'is no address of the web; write it whole: "https://example.org"',
        ),
        (
            "[fed]\nurl = 'https://x.org/a?b=1'",
            2,
            7,
            'is no address of the web; what asks: "https://x.org/a"',
        ),
        ("[edgar]\nwww_url = 'http://[x'", 2, 11, "'http://[x' is no address"),
        ("[edgar]\nwww_url = 'http://x:0'", 2, 11, "is no address of the web"),
        ("[edgar]\nwww_url = 'https://x?y=1'", 2, 11, "is no address of the web"),
        ("[alerts]\nchannel = 'alerts'", 2, 11, "'alerts' is no channel; #name"),
        ("[alerts]\nchannel = '#Alerts'", 2, 11, "'#Alerts' is no channel; small letters"),
        ("[store\npath = 1", 1, 7, "this is no TOML"),
        ("[store]\npath = bot.db", 2, 8, "this is no value; texts stand in quotes"),
        ("[store]\npath = 'a", 2, 1, "never closed"),
        ("[store]\npath = 'a'\npath = 'b'", 3, 1, "a key stands twice"),
        ("[store]\n[rules]\n[store]\n", 3, 1, "section 'store' stands twice"),
        ('[store]\npath = "a\n[rules]', 2, 1, "never closed"),
        ("[store]\npath = 'a'\npath = 'b'\n", 3, 1, "a key stands twice"),
        ("[store]\npath =", 2, 7, "ends in the middle; a key without a value"),
        ("[edgar]\nwatch = [", 2, 10, "ends in the middle; an open bracket"),
    ],
)
def test_a_mistake_is_told_in_its_place(
    tmp_path: Path, text: str, line: int, column: int, told: str
) -> None:
    found = mistakes(tmp_path, text)

    assert len(found) == 1
    what, _, mend = told.partition("; ")
    assert found[0][:2] == (line, column)
    assert what in found[0][2]
    assert mend in found[0][3]


def test_all_mistakes_are_told_in_one_run_and_in_their_order(tmp_path: Path) -> None:
    text = '[alerts]\nchanel = 1\n[edgar]\nevery = "x"\nwatch = 7\n[x]\n[store]\npath = 2\n'

    assert [found[0] for found in mistakes(tmp_path, text)] == [2, 4, 5, 6, 8]


def test_a_mistake_is_shown_with_its_line_and_a_caret(tmp_path: Path) -> None:
    file = written(tmp_path, '[alerts]\nchannel = "alerts" # to all\n')

    with pytest.raises(InvalidConfig) as caught:
        load_config(file, {})

    assert str(caught.value) == (
        f"{file}:2:11: channel: 'alerts' is no channel\n"
        '    channel = "alerts" # to all\n'
        "              ^\n"
        '  mend: write "#name" in small letters, or the id that Slack shows: "C0123456789"'
    )


# The example.


def uncommented_example() -> str:
    return re.sub(r"(?m)^#(?=\w+ = |\[\[)", "", EXAMPLE.read_text(encoding="utf-8"))


def examples() -> set[tuple[str, str]]:
    """Section and name of each setting whose line says that it shows no default."""
    found, section = set(), ""
    for line in uncommented_example().splitlines():
        if header := re.fullmatch(r"\[+(\w+)\]+", line):
            section = header[1]
        elif key := re.fullmatch(r"(\w+) = .*  # example", line):
            found.add((section, key[1]))
    return found


def example() -> dict[str, dict[str, Any]]:
    """The sections of the example; of those that stand often, the one that is there."""
    held = tomllib.loads(uncommented_example())
    return {name: each if isinstance(each, dict) else each[0] for name, each in held.items()}


def test_the_example_as_it_stands_changes_nothing(tmp_path: Path) -> None:
    config = loaded(tmp_path, EXAMPLE.read_text(encoding="utf-8"))

    assert config == loaded(tmp_path, "")


def test_the_example_names_every_setting_and_no_other() -> None:
    named = {(section, key) for section, keys in example().items() for key in keys}
    assert named == {
        (s, name) for s, name, setting, _ in all_settings() if isinstance(setting, Key)
    }


def test_the_example_shows_the_true_defaults() -> None:
    for section, name, setting, default in all_settings():
        if isinstance(setting, Key) and (section, name) not in examples():
            assert setting.read(example()[section][name]) == default, f"[{section}] {name}"
    assert examples() == {
        (s, name)
        for s, name, setting, d in all_settings()
        if isinstance(setting, Key) and d is None
    }


def test_the_example_can_be_used_whole(tmp_path: Path) -> None:
    assert loaded(tmp_path, uncommented_example()).edgar.contact


def test_the_example_names_every_variable_of_the_environment() -> None:
    variables = {s.name for _, _, s, _ in all_settings() if isinstance(s, Variable)}

    assert variables == set(
        re.findall(r"(?:SLACK|ALPACA)_\w+", EXAMPLE.read_text(encoding="utf-8"))
    )


def test_every_setting_is_explained() -> None:
    assert all(setting.doc.endswith((".", "…")) for _, _, setting, _ in all_settings())


# Prices.


def test_prices_come_from_yahoo_where_nothing_is_said_and_from_alpaca_where_its_secrets_are(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, "")
    keys = {"ALPACA_KEY": "k", "ALPACA_SECRET": "s"}

    assert load_config(file, {}).prices.chosen == "yahoo"
    assert load_config(file, {"ALPACA_KEY": "k"}).prices.chosen == "yahoo"
    assert load_config(file, keys).prices.chosen == "alpaca"
    assert (
        load_config(written(tmp_path, 'prices.provider = "Yahoo"'), keys).prices.chosen == "yahoo"
    )


@pytest.mark.parametrize("name", ["folder", "csv", "parquet"])
def test_a_folder_of_bars_goes_by_three_names_and_lies_beside_the_file(
    tmp_path: Path, name: str
) -> None:
    prices = loaded(tmp_path, f'[prices]\nprovider = "{name}"\npath = "mine"').prices

    assert (prices.chosen, prices.path) == ("folder", tmp_path / "mine")


@pytest.mark.parametrize(
    ("text", "place", "what", "mend"),
    [
        ('provider = "yaho"', (2, 12), "'yaho' is no provider", "did you mean 'yahoo'?"),
        ('provider = "folder"', (2, 12), "a folder of bars needs its path", "path ="),
        ('provider = "alpaca"', (2, 12), "alpaca needs ALPACA_KEY and ALPACA_SECRET", "Yahoo"),
        ('watch = ["SPY", "0001849056"]', (2, 17), "'0001849056' is no ticker", "IWM"),
        ("benchmark = 2000", (2, 13), "must be a text, not the number 2000", "quotes"),
        ('alpaca_key = "PK1"', (2, 1), "'alpaca_key' is a secret", "ALPACA_KEY"),
    ],
)
def test_a_mistake_in_the_prices_is_told_in_its_place(
    tmp_path: Path, text: str, place: tuple[int, int], what: str, mend: str
) -> None:
    (found,) = mistakes(tmp_path, f"[prices]\n{text}")

    assert found[:2] == place
    assert what in found[2]
    assert mend in found[3]


def test_a_secret_of_alpaca_is_never_shown(tmp_path: Path) -> None:
    file = written(tmp_path, '[prices]\nalpaca_secret = "hidden"\nalpaca_key = "hidden"')

    with pytest.raises(InvalidConfig) as caught:
        load_config(file, {})

    assert "hidden" not in str(caught.value)
    with pytest.raises(ConfigError, match="is no secret of Alpaca"):
        load_config(written(tmp_path, ""), {"ALPACA_KEY": "two words"})


def test_tickers_of_prices_are_written_as_the_sec_does(tmp_path: Path) -> None:
    prices = loaded(tmp_path, '[prices]\nwatch = ["brk.b", "SPY", "spy"]\nbenchmark = "iwv"').prices

    assert (prices.watch, prices.benchmark) == (("BRK-B", "SPY"), "IWV")


# Places.

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


# The Federal Reserve.


def test_lists_of_regional_banks_may_have_queries_and_may_be_none(tmp_path: Path) -> None:
    address = "https://www.richmondfed.org/press_room/speeches?cc_view=rss"

    fed = loaded(tmp_path, f'[fed]\nregional = ["{address}", "{address}"]\nevery = "30s"').fed

    assert (fed.regional, fed.every) == ((address,), timedelta(seconds=30))
    assert loaded(tmp_path, "[fed]\nregional = []").fed.regional == ()


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ('regional = "https://x.org"', 12, "must be a list"),
        ('regional = ["https://x.org", "x.org"]', 30, "'x.org' is no address"),
        ('regional = ["https://me:secret@x.org"]', 13, "a name or password"),
        ('url = "https://x.org?a=b"', 7, "no address of the web"),
        ('enabled = "yes"', 11, "enabled: must be true or false, not the text"),
    ],
)
def test_a_mistake_in_the_fed_is_told_in_its_place(
    tmp_path: Path, text: str, column: int, told: str
) -> None:
    (found,) = mistakes(tmp_path, f"[fed]\n{text}")

    assert found[:2] == (2, column)
    assert told in found[2]


def test_releases_of_three_agencies_are_waited_for_unless_fewer_are_named(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").calendar.agencies == ("fed", "bls", "bea")

    named = loaded(tmp_path, '[calendar]\nagencies = ["BLS", "bls"]\ngrace = "30min"').calendar

    assert (named.agencies, named.grace) == (("bls",), timedelta(minutes=30))
    assert loaded(tmp_path, "[calendar]\nagencies = []").calendar.agencies == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('agencies = ["bsl"]', "'bsl' is no agency whose calendar is known"),
        ('agencies = ["bls", "census"]', "'census' is no agency"),
        ('agencies = "bls"', "must be a list, not the text"),
        ("agencies = [1]", "must be a text, not the number"),
    ],
)
def test_an_agency_without_a_known_calendar_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    (found,) = mistakes(tmp_path, f"[calendar]\n{text}")

    assert found[0] == 2
    assert told in found[2]


def test_quotes_asked_for_every_second_are_refused_with_the_least_span(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too often") as caught:
        loaded(tmp_path, '[prices]\nevery = "1s"')

    assert 'write "30s" or more' in str(caught.value)
    assert loaded(tmp_path, '[prices]\nevery = "30s"').prices.every == timedelta(seconds=30)


# Who may do what.


def test_everyone_may_do_everything_until_somebody_is_named(tmp_path: Path) -> None:
    chat = loaded(
        tmp_path, '[chat]\nmute = ["U0123ANN", "S0123OPS", "U0123ANN"]\nsubscribe = []'
    ).chat

    assert chat.mute == ("U0123ANN", "S0123OPS")
    assert (chat.acknowledge, chat.subscribe) == (("everyone",), ())


@pytest.mark.parametrize(
    ("text", "place", "what", "mend"),
    [
        ('mute = "ann"', (2, 8), "must be \"everyone\" or a list, not the text 'ann'", "everyone"),
        ("mute = true", (2, 8), "not true", "[] for nobody"),
        ('mute = ["U0123ANN", "@ann"]', (2, 21), "'@ann' is no id of a user", "member ID"),
        ("mute = [7]", (2, 9), "the number 7 is no id", "member ID"),
    ],
)
def test_a_mistake_in_who_may_is_told_in_its_place(
    tmp_path: Path, text: str, place: tuple[int, int], what: str, mend: str
) -> None:
    (found,) = mistakes(tmp_path, f"[chat]\n{text}")

    assert found[:2] == place
    assert what in found[2]
    assert mend in found[3]
