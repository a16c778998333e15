"""The few shapes of block that everything is laid out with, each within Slack's limits whatever it is given."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
)

from bot.slack.kit.blocks.text import cut, inline, plain, split, weight
from bot.slack.kit.ids import Action
from bot.slack.kit.texts import common

SECTION: Final = 2900  # of 3,000: a margin for what Slack may count otherwise
FIELD: Final = 1900  # of 2,000
FIELDS: Final = 10
HEADER: Final = 150
BUTTON: Final = 75
OPTION: Final = 75
CONTEXT: Final = 10

Style = Literal["primary", "danger"]


def mrkdwn(text: str) -> MarkdownTextObject:
    """mrkdwn of ours, with values that went through `bot.slack.kit.blocks.text`; Slack is told to link nothing of its own accord."""
    return MarkdownTextObject(text=text, verbatim=True)


def plain_text(text: str, limit: int = SECTION) -> PlainTextObject:
    """What somebody typed, as it is: no formatting, and no emoji made of words between colons."""
    return PlainTextObject(text=plain(text, limit) or common.EMPTY, emoji=False)


def header(text: str) -> HeaderBlock:
    return HeaderBlock(text=plain_text(text, HEADER))


def section(text: str) -> SectionBlock:
    """One paragraph of mrkdwn."""
    return SectionBlock(text=mrkdwn(text))


def said(text: str, limit: int = SECTION) -> SectionBlock:
    """What somebody typed, standing alone."""
    return SectionBlock(text=plain_text(text, limit))


def said_whole(text: str) -> list[Block]:
    """What somebody typed, all of it, in as many blocks as it takes."""
    return [
        SectionBlock(text=PlainTextObject(text=part if part.strip() else common.EMPTY, emoji=False))
        for part in split(plain(text, 1_000_000), SECTION)
    ]


def fields(pairs: Iterable[tuple[str, str]]) -> SectionBlock:
    """Up to ten names with their values; a value is mrkdwn."""
    shown = [mrkdwn(f"*{name}*\n{value}") for name, value in pairs]
    return SectionBlock(fields=shown[:FIELDS])


def context(*parts: str | PlainTextObject) -> ContextBlock:
    """Small print: mrkdwn, or text objects for what somebody typed."""
    return ContextBlock(elements=[mrkdwn(part) if isinstance(part, str) else part for part in parts[:CONTEXT]])


def divider() -> DividerBlock:
    return DividerBlock()


def packed(lines: Iterable[str], limit: int = SECTION) -> Iterator[SectionBlock]:
    """Lines of mrkdwn in as few sections as they fit into; none is torn."""
    for text in packed_text(lines, limit):
        yield section(text)


def packed_text(lines: Iterable[str], limit: int = SECTION) -> Iterator[str]:
    """*lines* joined into texts of at most *limit* each. A line of ours is never longer than that."""
    held: list[str] = []
    size = 0
    for line in lines:
        if held and size + weight(line) + 1 > limit:
            yield "\n".join(held)
            held, size = [], 0
        held.append(line)
        size += weight(line) + 1
    if held:
        yield "\n".join(held)


def button(
    text: str,
    action: Action,
    value: str,
    label: str,
    *,
    style: Style | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """A button that carries *value*, ids only. *label* is what a screen reader says."""
    return ButtonElement(
        text=PlainTextObject(text=cut(text, BUTTON), emoji=False), action_id=action, value=value,
        accessibility_label=cut(label, BUTTON), style=style, confirm=confirm,
    )  # fmt: skip


def sure_to_delete(question: str, meaning: str) -> ConfirmObject:
    """What is asked before something is deleted: *question* as its title, and what it would mean."""
    return ConfirmObject(
        title=question,
        text=PlainTextObject(text=meaning, emoji=False),
        confirm=common.DELETE,
        deny=common.KEEP_IT,
        style="danger",
    )


def actions(block_id: str, elements: Sequence[InteractiveElement]) -> list[Block]:
    """A row of buttons, or nothing where there are none."""
    return [ActionsBlock(block_id=block_id, elements=elements)] if elements else []


def option(text: str, value: str, description: str = "") -> Option:
    """One choice of a menu."""
    return Option(
        text=PlainTextObject(text=plain(text.replace("\n", " "), OPTION) or value, emoji=False),
        value=value,
        description=PlainTextObject(text=plain(description.replace("\n", " "), OPTION), emoji=False)
        if description
        else None,
    )


def named(name: str, value: str, limit: int = 100) -> str:
    """`*name* value`, for a line of mrkdwn; *value* is text that somebody typed."""
    return f"*{name}* {inline(value, limit)}"
