"""Secrets come from the environment, and are shown nowhere."""

from pathlib import Path

import pytest

from bot.config import InvalidConfig, Secret, load_config
from bot.errors import ConfigError
from tests.config.files import ENVIRONMENT, TOKEN, mistakes, written


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
