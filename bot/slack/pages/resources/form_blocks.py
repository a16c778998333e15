"""The form for a resource: what it is called, what it uses, and which approval profile gates which operation."""

from collections.abc import Mapping
from typing import Final

from slack_sdk.models.blocks import Block, InputBlock, Option
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.blocks.fields import MENU, matching, menu, searched, typed
from bot.slack.kit.blocks.inputs import line_of_text
from bot.slack.kit.blocks.layout import actions, button, context, header, option
from bot.slack.kit.blocks.text import inline
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import capital
from bot.slack.pages.resources import texts
from bot.slack.pages.resources.blocks import gated
from domain.approvals.resources import LINKS, Resource, ResourceKind
from domain.common.operations import Operation
from domain.workflow.configuration.resource_pages import Choices

NONE: Final = "-"
"""The choice of nothing: no key is like it, and a menu for one cannot be emptied."""


def link_field(kind: ResourceKind) -> Field:
    """The field for the resource of *kind* that is used."""
    return Field(f"link_{kind}")


def gate_field(operation: Operation) -> Field:
    """The field for the profile that gates *operation*."""
    return Field(f"gate_{operation}")


LINK_FIELDS: Final = {Field(f"link_{kind}"): kind for kind in ResourceKind if kind is not ResourceKind.RA_PROFILE}
GATE_FIELDS: Final = {gate_field(operation): operation for operation in Operation}


def resource_form(resource: Resource | None, choices: Choices, place: ResourcePlace) -> View:
    """The form to edit *resource*, or, for None, to create one: first its kind, then what that kind can say."""
    blocks: list[Block] = []
    if resource is None:
        kinds = [option(capital(terms.resource(kind)), kind.value) for kind in ResourceKind]
        blocks.append(
            menu(f"{Field.RESOURCE_KIND}:{place.nonce}", Action.RESOURCE_KIND, "Kind", kinds, chosen=place.kind, dispatch=True)
        )  # fmt: skip
    kind = resource.kind if resource is not None else place.kind
    if kind is None:
        blocks.append(context("Choose a kind, and the fields that it has appear."))
    else:
        blocks.extend(_fields(kind, resource, choices, place.nonce))
    key = resource.key if resource is not None else None
    about = common.key_stays(inline(key, 80)) if key else common.KEY_FOLLOWS
    back = (
        button(common.BACK_WITHOUT_SAVING, Action.RESOURCE_OPEN, key, common.back_to(key))
        if key
        else button(common.BACK_WITHOUT_SAVING, Action.RESOURCES, "resources", common.BACK_TO_LIST)
    )
    blocks.extend([context(about), *actions("form:back", [back])])
    return View(
        type="modal", callback_id=Callback.RESOURCE_FORM, title="Edit resource" if key else "New resource",
        submit=common.SAVE, close=common.CLOSE, blocks=blocks, private_metadata=str(place),
    )  # fmt: skip


def _fields(kind: ResourceKind, resource: Resource | None, choices: Choices, nonce: str) -> list[Block]:
    operations = gated(kind)
    links = [one for one in ResourceKind if one in LINKS[kind]]
    name, description = (resource.name, resource.description) if resource is not None else ("", "")
    blocks: list[Block] = [
        line_of_text(f"{Field.RESOURCE_NAME}:{nonce}", Action.RESOURCE_NAME, common.NAME, least=3, most=80, initial=name),
        typed(
            f"{Field.RESOURCE_DESCRIPTION}:{nonce}", Action.RESOURCE_DESCRIPTION, common.DESCRIPTION, optional=True, most=500,
            initial=description,
        ),
    ]  # fmt: skip
    for link in links:
        offered = {resource.key: resource.name for resource in choices.resources if resource.kind is link}
        chosen = resource.link(link) if resource is not None else None
        blocks.append(_one_of(link_field(link), nonce, f"Uses {terms.resource(link)}", common.NONE, offered, chosen))
    if kind is ResourceKind.CERTIFICATE_AUTHORITY:
        blocks.append(
            line_of_text(
                f"{Field.RESOURCE_CONNECTOR}:{nonce}", Action.RESOURCE_CONNECTOR, "Connector", most=80, optional=True,
                initial=(resource.connector or "") if resource is not None else "", hint=(
"What carries out approved operations here, such as local-ca:issuing. Empty: people do it by "
"hand."
),
            )
        )  # fmt: skip
    blocks.append(header("Which approval profile gates what"))
    for operation in operations:
        bound = resource.approvals.get(operation) if resource is not None else None
        label = capital(terms.operation(operation))
        blocks.append(_one_of(gate_field(operation), nonce, label, texts.NO_GATE, choices.profiles, bound))
    return blocks


def _one_of(
    field: Field, nonce: str, label: str, nothing: str, offered: Mapping[str, str], chosen: str | None
) -> InputBlock:
    """A menu of *offered*, names by key, and of nothing at all; where that is more than a menu takes at once, one to search."""
    options, where = [option(nothing, NONE), *matching(offered, "")], f"{field}:{nonce}"
    if len(offered) < MENU:
        return menu(where, Action(field.value), label, options, chosen=chosen or NONE)
    named = option(offered.get(chosen, chosen), chosen) if chosen is not None else options[0]
    return searched(where, Action(field.value), label, chosen=named)


def suggestions(field: Field, choices: Choices, written: str) -> list[Option]:
    """What the menu of *field* offers when *written* stands in it: nothing at all first, and at most a hundred."""
    if field in GATE_FIELDS:
        nothing, offered = texts.NO_GATE, choices.profiles
    else:
        nothing, offered = (
            common.NONE,
            {resource.key: resource.name for resource in choices.resources if link_field(resource.kind) == field},
        )
    return [option(nothing, NONE), *matching(offered, written, MENU - 1)]
