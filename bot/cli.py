"""The commands of `countersign`. Each one hands over to the room that does the work."""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

import click

from bot import manifest as app_manifest
from bot.settings import Settings, SettingsError
from domain.errors import Refusal

MISTAKES: Final = (SettingsError, Refusal)
"""What a person at the command line can put right: shown as a sentence, without a traceback."""


class _Commands(click.Group):
    """Commands whose users read sentences, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MISTAKES as mistake:
            raise click.ClickException(str(mistake)) from mistake


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="countersign", message="%(prog)s %(version)s")
def main() -> None:
    """Approvals for certificate operations, in Slack."""


@main.command()
def run() -> None:
    """Run the bot: settings come from the environment and .env."""
    settings = Settings.from_environment()
    if lacking := settings.lacking():
        raise SettingsError("\n".join(lacking))
    from bot.runtime import run as run_bot  # noqa: PLC0415 - Slack's libraries take half a second to import; only this needs them

    asyncio.run(run_bot(settings))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8400, show_default=True, help="0 takes any free port.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".demo"),
    show_default=True,
    help="Where the demo keeps its state.",
)
@click.option("--fresh", is_flag=True, help="Forget what an earlier demo left there.")
def demo(port: int, data: Path, fresh: bool) -> None:
    """A Slack workspace on this machine, with the bot and a small company in it."""
    from bot.demo.demo import run as run_demo  # noqa: PLC0415 - as above

    asyncio.run(run_demo(port, data, fresh))


@main.command()
@click.option("--http", metavar="URL", help="For an app that Slack reaches at this HTTPS address, without Socket Mode.")
def manifest(http: str | None) -> None:
    """Print the app manifest, to be pasted at https://api.slack.com/apps."""
    try:
        sys.stdout.write(app_manifest.text(http=http))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--http") from error
