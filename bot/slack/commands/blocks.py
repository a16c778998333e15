"""The list of subcommands, and what is said about an unknown one."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.slack.kit.blocks.layout import actions, button, context, divider, header, packed, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.text import code, line
from bot.slack.kit.ids import COMMAND, Action
from bot.slack.kit.texts import home as home_texts
from bot.slack.kit.texts import lists as texts
from bot.slack.kit.texts.commands import FOR_ADMINISTRATORS, FOR_READERS, LIST_FILTERS, USAGES, usage


def commands(*, is_administrator: bool = False, reads_all: bool = False) -> Message:
    """Everything that its reader can type, and where the buttons are."""
    offered = {
        subcommand: does
        for subcommand, (_, does) in USAGES.items()
        if (subcommand not in FOR_ADMINISTRATORS or is_administrator) and (subcommand not in FOR_READERS or reads_all)
    }
    lines = [texts.usage_line(code(usage(subcommand), 100), does) for subcommand, does in offered.items()]
    blocks: list[Block] = [
        header("What you can type"),
        *packed([texts.usage_line(code(COMMAND), "What is waiting for you."), *lines]),
        context(LIST_FILTERS),
        divider(),
        section("You can do the same with buttons: in the messages you get and in my *Home* tab."),
        context(
            "Shortcuts: *New approval request* opens the form from anywhere; *Request approval of this*, in "
            "the menu of a message, fills it in with the CSR or certificate there."
        ),
        *actions(
            "help",
            [
                button(home_texts.NEW_REQUEST, Action.NEW_REQUEST, "new", home_texts.NEW_REQUEST_LABEL),
                button("What is waiting for me", Action.SHOW_WAITING, "waiting", "Show what is waiting for me"),
            ],
        ),
    ]
    return Message(
        f"You can type {COMMAND} followed by {', '.join([subcommand.value for subcommand in offered])}", tuple(blocks)
    )


def nearest(word: str, near: Sequence[str]) -> Message:
    """A subcommand that there is not, with those it looks like."""
    text = texts.no_such_command(word, near)
    return Message(line(text, 300), (said(text),))
