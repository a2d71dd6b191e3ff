"""``bot slack``: setting the bot up in a workspace of Slack."""

from pathlib import Path

import click

from bot.cli.output import print_json, say


@click.group()
def slack() -> None:
    """Set the bot up in Slack."""


@slack.command("manifest")
@click.option("--json", "as_json", is_flag=True, help="The manifest as JSON.")
@click.option("--link", is_flag=True, help="Only the link that makes the app.")
@click.pass_obj
def manifest_command(config_path: Path | None, as_json: bool, link: bool) -> int:
    """The app as Slack is to make it; the same as a link that makes it with one click."""
    from bot.chat.slack_manifest import as_link, as_yaml, manifest

    del config_path
    app = manifest()
    if as_json:
        print_json(app)
    elif link:
        say(as_link(app))
    else:
        say(as_yaml(app))
        say(f"# One click: {as_link(app)}")
    return 0
