"""`python -m bot.devslack`: the workspace alone, for any Slack app that takes a base URL."""

import asyncio
import signal
import sys
from pathlib import Path

import click

from bot.devslack.control.gallery import gallery_file
from bot.devslack.errors import BadFile
from bot.devslack.server import DevSlack

WELCOME = """\
Slack for {app} in {team}: {url}/

  Web API          {api_url}
  SLACK_BOT_TOKEN        {bot}
  SLACK_APP_TOKEN        {app_token}
  SLACK_SIGNING_SECRET   {secret}

Give these to the app, and the Web API's address as base_url of its client. {delivery} Stop with Ctrl-C."""


@click.command()
@click.option(
    "--workspace", type=click.Path(path_type=Path), required=True, help="YAML: team, users, groups, channels."
)
@click.option(
    "--manifest", type=click.Path(path_type=Path), required=True, help="The app's manifest, as given to Slack."
)
@click.option("--port", default=8400, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path), help="Directory in which messages and Home tabs survive.")
@click.option("--request-url", help="Deliver as signed HTTP requests to this address instead of over Socket Mode.")
@click.option("--gallery", type=click.Path(path_type=Path), help="JSON: messages and views to look at, under /gallery.")
@click.option("--rates", type=click.Choice(["slack", "off"]), default="slack", show_default=True, help="Rate limits.")
@click.option("--rate-scale", type=click.FloatRange(0, 10_000, min_open=True), default=1.0, help="Times the rates.")
def main(
    workspace: Path,
    manifest: Path,
    port: int,
    data: Path | None,
    request_url: str | None,
    gallery: Path | None,
    rates: str,
    rate_scale: float,
) -> None:
    """A Slack workspace on this machine, to try a Slack app in without a Slack account.

    The app connects to it as to Slack: Web API, Socket Mode or signed HTTP requests. Open the printed address in a browser,
    pick who you are, type commands and press buttons. It listens on 127.0.0.1 only.
    """
    try:
        slack = DevSlack(
            workspace=workspace,
            manifest=manifest,
            port=port,
            data=data,
            delivery={"request_url": request_url} if request_url else None,
            gallery=gallery_file(gallery) if gallery else None,
            rates="off" if rates == "off" else "slack",
            rate_scale=rate_scale,
        )
    except (BadFile, OSError) as error:
        raise click.ClickException(str(error)) from error
    asyncio.run(_serve(slack, request_url))


async def _serve(slack: DevSlack, request_url: str | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with slack:
        welcome = WELCOME.format(
            app=slack.workspace.app.name,
            team=slack.workspace.file.team.name,
            url=slack.url,
            api_url=slack.api_url,
            bot=slack.bot_token,
            app_token=slack.app_token,
            secret=slack.signing_secret,
            delivery=f"Deliveries go to {request_url}." if request_url else "It connects over Socket Mode.",
        )
        click.echo(welcome)
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    main()
