"""Fields of forms beyond text and menus of one: several people, several groups and roles, numbers, spans of time, a channel."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ConversationFilter,
    ConversationMultiSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    OptionGroup,
    PlainTextInputElement,
    PlainTextObject,
    StaticMultiSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement

from bot.slack.kit.blocks.fields import MENU, input_block, menu
from bot.slack.kit.blocks.layout import option
from bot.slack.kit.ids import Action
from domain.approvals.profiles import Approvers
from domain.configuration.durations import write_duration
from domain.configuration.plan import Kind
from domain.people.people import GroupId, PersonId, RoleId, team_and_user

NEVER: Final = "never"
USUAL: Final = "usual"
TEAMS_BYTES: Final = 37_500  # of about 250,000 that a view may have: a form has up to three such fields
OPTION_BYTES: Final = 100  # what an option takes beside its name and value
EXACTLY: Final = "exactly:"
"""Before a span that no whole number of the units gives, as the configuration file writes it."""
UNITS: Final[Mapping[str, timedelta]] = {
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
}
_AS_TYPED: Final = {"trigger_actions_on": ["on_character_entered"]}


def line_of_text(
    block_id: str, action: Action, label: str, *, least: int = 1, most: int, initial: str = "", optional: bool = False,
    hint: str = "", on_enter: bool = False,
) -> InputBlock:  # fmt: skip
    """A field of one line; with *on_enter*, told of when Enter is pressed in it."""
    element = PlainTextInputElement(
        action_id=action, max_length=most, min_length=None if optional else least, initial_value=initial[:most] or None,
        dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]} if on_enter else None,
    )  # fmt: skip
    return input_block(block_id, label, element, optional=optional, hint=hint, dispatch=on_enter)


def number(
    block_id: str, action: Action, label: str, *, initial: int | None, most: int, least: int = 1, optional: bool = False,
    hint: str = "", dispatch: bool = False,
) -> InputBlock:  # fmt: skip
    """A whole number."""
    element = NumberInputElement(
        action_id=action,
        is_decimal_allowed=False,
        initial_value=None if initial is None else str(initial),
        min_value=str(least),
        max_value=str(most),
        dispatch_action_config=_AS_TYPED if dispatch else None,
    )
    return input_block(block_id, label, element, optional=optional, hint=hint, dispatch=dispatch)


def span(
    number_id: str, number_action: Action, unit_id: str, unit_action: Action, label: str, chosen: timedelta | None, *,
    never: str, usual: str = "", is_usual: bool = False, hint: str = "", dispatch: bool = False,
) -> list[Block]:  # fmt: skip
    """A number and what it counts, or *never*; where *usual* says what is usual, that can be chosen too."""
    count, unit = None, NEVER
    if is_usual:
        unit = USUAL
    elif chosen is not None:
        exactly = EXACTLY + write_duration(chosen)
        unit = next((name for name, size in UNITS.items() if chosen % size == timedelta()), exactly)
        count = chosen // UNITS[unit] if unit in UNITS else None
    options = [option(text, name) for name, text in zip(UNITS, ("Days", "Hours", "Minutes"), strict=True)]
    options += [option(usual, USUAL)] if usual else []
    options += [option(never, NEVER)]
    if unit.startswith(EXACTLY):
        options.append(option(f"As it is: {unit.removeprefix(EXACTLY)}", unit))
    return [
        number(
            number_id, number_action, label, initial=count, most=5_256_000, optional=True, hint=hint, dispatch=dispatch
        ),
        menu(unit_id, unit_action, f"{label}: the unit", options, chosen=unit, dispatch=dispatch),
    ]


def tick(
    block_id: str,
    action: Action,
    label: str,
    sentence: str,
    *,
    ticked: bool,
    value: str = "yes",
    dispatch: bool = False,
) -> InputBlock:
    """One thing that is so, or not."""
    only = option(sentence, value)
    element = CheckboxesElement(action_id=action, options=[only], initial_options=[only] if ticked else None)
    return input_block(block_id, label, element, optional=True, dispatch=dispatch)


def people(
    block_id: str, action: Action, label: str, chosen: Iterable[PersonId], *, hint: str = "", dispatch: bool = True
) -> InputBlock:
    """Any number of people of the workspace, with Slack's own picker."""
    users = [team_and_user(person)[1] for person in chosen]
    element = UserMultiSelectElement(
        action_id=action,
        initial_users=users or None,
        placeholder=PlainTextObject(text="Choose people", emoji=False),
    )
    return input_block(block_id, label, element, optional=True, hint=hint, dispatch=dispatch)


def channel(block_id: str, action: Action, label: str, chosen: str | None, *, hint: str = "") -> InputBlock:
    """One channel or none: a field for several, because the chosen one of a field for one cannot be taken out again."""
    element = ConversationMultiSelectElement(
        action_id=action,
        initial_conversations=[chosen] if chosen else None,
        max_selected_items=1,
        filter=ConversationFilter(include=["public", "private"]),
        placeholder=PlainTextObject(text="No channel", emoji=False),
    )
    return input_block(block_id, label, element, optional=True, hint=hint, dispatch=True)


class Teams:
    """The groups and roles to choose from, by name."""

    def __init__(self, groups: Mapping[GroupId, str], roles: Mapping[RoleId, str]) -> None:
        self._offered = {
            Kind.GROUP: {f"group:{key}": name for key, name in _by_name(groups)},
            Kind.ROLE: {f"role:{key}": name for key, name in _by_name(roles)},
        }

    def field(
        self, block_id: str, action: Action, label: str, chosen: Approvers, *, hint: str = "", dispatch: bool = True
    ) -> list[Block]:
        """Any number of groups and roles; nothing where there are none. What is chosen is offered whatever there is."""
        picked = [*(f"group:{group}" for group in chosen.groups), *(f"role:{role}" for role in chosen.roles)]
        found: dict[str, Option] = {}
        parts: list[OptionGroup] = []
        room = TEAMS_BYTES
        for kind, offered in self._offered.items():
            gone = [team for team in picked if team.startswith(f"{kind}:") and team not in offered]
            those = {**{team: f"{team.partition(':')[2]} (no longer there)" for team in gone}, **offered}
            first = sorted(those, key=lambda one: one not in picked)
            options = []
            for value in first:
                room -= len(json.dumps(those[value])) + len(value) + OPTION_BYTES
                if room < 0 and value not in picked:
                    break
                options.append(option(those[value], value))
            if len(options) <= MENU:
                options.sort(key=lambda one: str(one.text).casefold())
            found |= {str(option.value): option for option in options}
            parts += _groups("Groups" if kind is Kind.GROUP else "Roles", options)
        if not parts:
            return []
        element = StaticMultiSelectElement(
            action_id=action,
            option_groups=parts,
            initial_options=[found[team] for team in picked][:MENU] or None,
            placeholder=PlainTextObject(text="Choose groups and roles", emoji=False),
        )
        return [input_block(block_id, label, element, optional=True, hint=hint, dispatch=dispatch)]


def _by_name(named: Mapping[GroupId, str] | Mapping[RoleId, str]) -> list[tuple[str, str]]:
    return sorted(((str(key), name) for key, name in named.items()), key=lambda pair: (pair[1].casefold(), pair[0]))


def _groups(title: str, options: Sequence[Option]) -> list[OptionGroup]:
    parts = [options[at : at + MENU] for at in range(0, len(options), MENU)]
    several = len(parts) > 1
    return [
        OptionGroup(
            label=PlainTextObject(text=f"{title} {at}" if several else title, emoji=False),
            options=part,
        )
        for at, part in enumerate(parts, 1)
    ]


def upload(block_id: str, action: Action, label: str, *, kinds: Sequence[str], hint: str = "") -> InputBlock:
    """One file, or none; *kinds* are the endings of names that Slack's client lets through."""
    return input_block(
        block_id,
        label,
        FileInputElement(action_id=action, filetypes=list(kinds), max_files=1),
        optional=True,
        hint=hint,
    )
