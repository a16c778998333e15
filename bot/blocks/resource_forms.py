"""The form for a resource: what it is called, what it uses, and which approval profile gates which operation."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, InputBlock, Option
from slack_sdk.models.views import View

from bot.blocks.fields import MENU_BYTES, OPTION_BYTES, menu, typed
from bot.blocks.inputs import line_of_text
from bot.blocks.layout import actions, button, context, header, option
from bot.blocks.managing_places import ResourcePlace
from bot.blocks.resources import gated
from bot.blocks.text import cut, inline, reveal, sentence_case
from bot.ids import Action, Callback, Field
from domain.operations import Operation
from domain.resources import LINKS, Resource, ResourceKind
from domain.workflow.resource_pages import Choices

NONE: Final = "-"
"""The choice of nothing: no key is like it, and a menu for one cannot be emptied."""


def link_field(kind: ResourceKind) -> Field:
    """The field for the resource of *kind* that is used."""
    return Field(f"link_{kind}")


def gate_field(operation: Operation) -> Field:
    """The field for the profile that gates *operation*."""
    return Field(f"gate_{operation}")


def resource_form(resource: Resource | None, choices: Choices, place: ResourcePlace) -> View:
    """The form to edit *resource*, or, for None, to create one: first its kind, then what that kind can say."""
    blocks: list[Block] = []
    if resource is None:
        kinds = [option(sentence_case(one.label), one.value) for one in ResourceKind]
        blocks.append(
            menu(f"{Field.RESOURCE_KIND}:{place.nonce}", Action.RESOURCE_KIND, "Kind", kinds, chosen=place.kind, dispatch=True)
        )  # fmt: skip
    kind = resource.kind if resource is not None else place.kind
    if kind is None:
        blocks.append(context("Choose a kind, and the fields that it has appear."))
    else:
        blocks.extend(_fields(kind, resource, choices, place.nonce))
    key = resource.key if resource is not None else None
    about = (
        f"Key {inline(key, 80)}: it never changes."
        if key
        else "Its key follows from its name, and never changes after that."
    )
    back = (
        button("Back without saving", Action.RESOURCE_OPEN, key, f"Back to {key}")
        if key
        else button("Back without saving", Action.RESOURCES, "resources", "Back to all resources")
    )
    blocks.extend([context(about), *actions("form:back", [back])])
    return View(
        type="modal", callback_id=Callback.RESOURCE_FORM, title="Edit resource" if key else "New resource", submit="Save",
        close="Close", blocks=blocks, private_metadata=str(place),
    )  # fmt: skip


def _fields(kind: ResourceKind, resource: Resource | None, choices: Choices, nonce: str) -> list[Block]:
    operations = gated(kind)
    links = [one for one in ResourceKind if one in LINKS[kind]]
    room = MENU_BYTES // (len(operations) + len(links))
    name, description = (resource.name, resource.description) if resource is not None else ("", "")
    blocks: list[Block] = [
        line_of_text(f"{Field.RESOURCE_NAME}:{nonce}", Action.RESOURCE_NAME, "Name", least=3, most=80, initial=name),
        typed(
            f"{Field.RESOURCE_DESCRIPTION}:{nonce}", Action.RESOURCE_DESCRIPTION, "Description", optional=True, most=500,
            initial=description,
        ),
    ]  # fmt: skip
    for link in links:
        offered = {one.key: one.name for one in choices.resources if one.kind is link}
        chosen = resource.link(link) if resource is not None else None
        blocks.append(_one_of(link_field(link), nonce, f"Uses {link.label}", "None", offered, chosen, room))
    blocks.append(header("Which approval profile gates what"))
    for operation in operations:
        bound = resource.approvals.get(operation) if resource is not None else None
        label = sentence_case(operation.label)
        blocks.append(_one_of(gate_field(operation), nonce, label, "No gate here", choices.profiles, bound, room))
    return blocks


def _one_of(
    field: Field, nonce: str, label: str, nothing: str, offered: Mapping[str, str], chosen: str | None, room: int
) -> InputBlock:
    """A menu of *offered*, names by key, as many as fit into *room* bytes, and of nothing at all."""
    options = _options(offered, chosen, room)
    hint = (
        f"The first {len(options)} are listed; the configuration file takes any." if len(options) < len(offered) else ""
    )
    return menu(
        f"{field}:{nonce}",
        Action(field.value),
        label,
        [option(nothing, NONE), *options],
        chosen=chosen or NONE,
        hint=hint,
    )


def _options(offered: Mapping[str, str], chosen: str | None, room: int) -> Sequence[Option]:
    times = Counter(offered.values())
    ordered = sorted(offered, key=lambda key: (key != chosen, offered[key].casefold(), key))
    options = []
    for key in ordered:
        name = offered[key] if times[offered[key]] == 1 else f"{cut(reveal(offered[key]), 50)} ({key})"
        room -= len(json.dumps(name)) + len(key) + OPTION_BYTES
        if room < 0:
            break
        options.append(option(name, key))
    return sorted(options, key=lambda one: str(one.text).casefold())
