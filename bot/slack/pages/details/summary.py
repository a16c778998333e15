"""A request in short."""

from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.slack.kit.blocks.buttons import details_button
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import actions, fields, header, packed, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.steps import closing_blocks, next_line, progress_lines
from bot.slack.kit.blocks.text import inline, line, mention, when
from bot.slack.kit.texts import terms
from bot.slack.kit.texts.words import REQUEST, deed, deed_on, short_name
from domain.approvals.requests import Request


def show(request: Request, labels: Labels, at: datetime) -> Message:
    """One request in short, with the button to all of it: for where no modal can be opened."""
    name = inline(short_name(request.material), 150, shown=True)
    sentence = next_line(request, labels, at)
    blocks: list[Block] = [
        header(f"{request.name}: {deed(request.operation)}"),
        fields(
            [
                ("Subject", name),
                ("Status", str(REQUEST[request.status])),
                ("Requester", mention(request.requester)),
                ("Created", when(request.created_at)),
            ]
        ),
        *packed(progress_lines(request, labels)),
        *closing_blocks(request),
        *([section(sentence)] if sentence else []),
        *actions(f"request:{request.id}", [details_button(request)]),
    ]
    what = deed_on(request.operation, line(short_name(request.material), 100))
    return Message(f"{request.name}: {what}, {terms.request_status(request.status)}", tuple(blocks))
