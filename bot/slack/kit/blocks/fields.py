"""The fields of forms: an input block each, with the block id under which errors are shown beside it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from slack_sdk.models.blocks import (
    ExternalDataSelectElement,
    InputBlock,
    InteractiveElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    StaticSelectElement,
)

from bot.slack.kit.blocks.layout import option, plain_text
from bot.slack.kit.blocks.text import cut, reveal
from bot.slack.kit.ids import Action
from domain.approvals.decisions import LONGEST_TEXT
from domain.approvals.resources import Resource

TYPED = 3000
"""What Slack lets somebody type into one field."""
PLACEHOLDER = 150
MENU = 100


def typed(
    block_id: str,
    action: Action,
    label: str,
    *,
    optional: bool = False,
    hint: str = "",
    placeholder: str = "",
    initial: str = "",
    most: int = LONGEST_TEXT,
    focus: bool = False,
) -> InputBlock:
    """A field of several lines. What stands in it at first is given back as it was typed."""
    element = PlainTextInputElement(
        action_id=action,
        multiline=True,
        max_length=most,
        placeholder=PlainTextObject(text=cut(placeholder, PLACEHOLDER), emoji=False) if placeholder else None,
        initial_value=initial[:most] or None,
        focus_on_load=focus or None,
    )
    return input_block(block_id, label, element, optional=optional, hint=hint)


def menu(
    block_id: str,
    action: Action,
    label: str,
    options: Sequence[Option],
    *,
    chosen: str | None = None,
    hint: str = "",
    placeholder: str = "",
    dispatch: bool = False,
) -> InputBlock:
    """A menu to choose one from, of at most a hundred."""
    initial = next((option for option in options if option.value == chosen), None)
    element = StaticSelectElement(
        action_id=action,
        placeholder=PlainTextObject(text=cut(placeholder or "Choose one", PLACEHOLDER), emoji=False),
        options=options,
        initial_option=initial,
    )
    return input_block(block_id, label, element, hint=hint, dispatch=dispatch)


def searched(block_id: str, action: Action, label: str, *, chosen: Option | None = None, hint: str = "") -> InputBlock:
    """A menu to choose one from by typing a part of it: for more than a menu can list, see `bot.slack.suggestions`."""
    element = ExternalDataSelectElement(
        action_id=action,
        placeholder=PlainTextObject(text="Type to search", emoji=False),
        initial_option=chosen,
        min_query_length=0,
    )
    return input_block(block_id, label, element, hint=hint)


def matching(offered: Mapping[str, str], typed: str, most: int = MENU) -> list[Option]:
    """Those of *offered*, names by key, with what was *typed* in their name or key; the first *most* by name."""
    times, wanted = Counter(offered.values()), typed.strip().casefold()
    found = [key for key, name in offered.items() if wanted in name.casefold() or wanted in key.casefold()]
    return [
        option(offered[key] if times[offered[key]] == 1 else f"{cut(reveal(offered[key]), 50)} ({key})", key)
        for key in sorted(found, key=lambda key: (offered[key].casefold(), key))[:most]
    ]


def choice(
    block_id: str, action: Action, label: str, options: Sequence[Option], *, chosen: str | None = None
) -> InputBlock:
    """A few options, all of them in sight."""
    initial = next((option for option in options if option.value == chosen), None)
    return input_block(block_id, label, RadioButtonsElement(action_id=action, options=options, initial_option=initial))


def resource_menu(
    block_id: str,
    action: Action,
    label: str,
    resources: Collection[Resource],
    *,
    chosen: str | None = None,
    nothing: Option | None = None,
    hint: str = "",
) -> InputBlock:
    """One of *resources*, with their descriptions, or *nothing* in particular; where they are more than a menu takes, one to search."""
    none = [nothing] if nothing is not None else []
    if len(resources) + len(none) > MENU:
        named = next((option(resource.name, resource.key) for resource in resources if resource.key == chosen), nothing)
        return searched(block_id, action, label, chosen=named, hint=hint)
    about = {resource.key: resource.description for resource in resources}
    found = matching({resource.key: resource.name for resource in resources}, "")
    options = [*none, *(option(str(one.text), str(one.value), about[str(one.value)]) for one in found)]
    return menu(
        block_id,
        action,
        label,
        options,
        chosen=chosen or (str(nothing.value) if nothing is not None else None),
        hint=hint,
    )


def input_block(
    block_id: str,
    label: str,
    element: InteractiveElement | PlainTextInputElement,
    *,
    optional: bool = False,
    hint: str = "",
    dispatch: bool = False,
) -> InputBlock:
    """The block of one field: *label* above *element*, and *hint* below it. With *dispatch*, the app gets each change at once."""
    return InputBlock(
        block_id=block_id,
        label=PlainTextObject(text=label, emoji=False),
        element=element,  # type: ignore[arg-type]  # the SDK's own hint leaves out what it allows
        optional=optional or None,
        hint=plain_text(hint, 1900) if hint else None,
        dispatch_action=dispatch or None,
    )
