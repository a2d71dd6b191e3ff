"""Which channels of Slack `bot doctor` looks at, and what the configuration asks of Slack."""

from pathlib import Path

from bot.config import load_config
from bot.slack_doctor import channels_of, names_groups

RULES = """
rules:
- id: any-sale
  on: insider_trade
  when: value_usd >= $1M
  to: "#sales"
  message: "{ticker}"
"""


def test_every_channel_of_the_configuration_its_routes_and_its_rules_is_looked_at(
    tmp_path: Path,
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "bot.toml").write_text(
        """
[rules]
path = "rules.yaml"
[alerts]
channel = "#alerts"
ops_channel = "#ops"
[[routes]]
severity = "critical"
to = ["#alerts", "#urgent", "U0ALEX00001"]
"""
    )

    assert channels_of(load_config(tmp_path / "bot.toml", {})) == {
        "#alerts": "[alerts] channel",
        "#ops": "[alerts] ops_channel",
        "#sales": "'to' of rule any-sale",
        "#urgent": "'to' of route 1",
    }


def test_groups_are_asked_for_only_where_permissions_name_some(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text('[chat]\nmute = ["U0ALEX00001"]\n')
    (tmp_path / "group.toml").write_text('[chat]\nsubscribe = ["S0DESK00001"]\n')

    assert not names_groups(load_config(tmp_path / "people.toml", {}))
    assert names_groups(load_config(tmp_path / "group.toml", {}))
