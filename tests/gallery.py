"""`make gallery`: everything that is drawn, as the tests hold it against Slack's limits, to be looked at in a browser."""

import asyncio
import json
import signal
from typing import Any

import click
from slack_sdk.models.views import View

from bot.demo.demo import workspace
from bot.devslack import DevSlack
from bot.devslack.control.gallery import Gallery
from bot.slack.kit.blocks.message import Message
from bot.slack.platform import manifest
from tests.bot.slack.drawn import by_area


def exhibits() -> list[dict[str, Any]]:
    """What devslack's gallery takes: a group for each state of a request, and for each other thing that is drawn."""
    return [_exhibit(area, name, one) for area, some in by_area() for name, one in some]


def _exhibit(area: str, name: str, one: View | Message) -> dict[str, Any]:
    state, _, what = name.rpartition(", ")
    named = {"group": area, "name": name} if area else {"group": state, "name": what}
    if isinstance(one, Message):
        return {
            **named,
            "kind": "message",
            **json.loads(json.dumps({"text": one.text, "blocks": one.arguments()["blocks"]})),
        }
    return {**named, "kind": "view", "view": json.loads(json.dumps(one.to_dict()))}


async def serve(port: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with DevSlack(workspace=workspace(), manifest=manifest.path(), port=port, gallery=Gallery(exhibits)) as slack:
        click.echo(f"Everything that Countersign draws: {slack.url}/gallery\nPress Ctrl+C to stop.")
        await stop.wait()


@click.command()
@click.option("--port", default=8400, show_default=True, help="Port on 127.0.0.1.")
def main(port: int) -> None:
    """A gallery of every message, modal and Home in every state."""
    asyncio.run(serve(port))


if __name__ == "__main__":
    main()
