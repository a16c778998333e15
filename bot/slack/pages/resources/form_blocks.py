"""The form for a resource: its name, what it uses, and the approval profile for each operation."""

from collections.abc import Mapping
from typing import Final

from slack_sdk.models.blocks import Block, InputBlock, Option
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.blocks.admin_pages import form_end
from bot.slack.kit.blocks.fields import MENU, matching, menu, searched, typed
from bot.slack.kit.blocks.inputs import line_of_text
from bot.slack.kit.blocks.layout import context, header, option
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import capital
from bot.slack.pages.resources.blocks import gated
from domain.approvals.resources import LINKS, Resource, ResourceKind
from domain.common.operations import Operation
from domain.workflow.configuration.resource_pages import Choices

NONE: Final = "-"
"""The choice of nothing, because Slack's menu for one choice cannot be cleared. No key looks like this."""
NO_PROFILE: Final = "No approval profile"


def link_field(kind: ResourceKind) -> Field:
    """The field for the resource of *kind* that a resource uses."""
    return Field(f"link_{kind}")


def gate_field(operation: Operation) -> Field:
    """The field for the approval profile of *operation*."""
    return Field(f"gate_{operation}")


LINK_FIELDS: Final = {link_field(kind): kind for kind in ResourceKind if kind is not ResourceKind.RA_PROFILE}
GATE_FIELDS: Final = {gate_field(operation): operation for operation in Operation}


def resource_form(resource: Resource | None, choices: Choices, place: ResourcePlace) -> View:
    """The form to edit *resource*, or to create one for None: first its kind, then the fields of that kind."""
    blocks: list[Block] = []
    if resource is None:
        kinds = [option(capital(terms.resource(kind)), kind.value) for kind in ResourceKind]
        blocks.append(
            menu(f"{Field.RESOURCE_KIND}:{place.nonce}", Action.RESOURCE_KIND, "Kind", kinds, chosen=place.kind, dispatch=True)
        )  # fmt: skip
    kind = resource.kind if resource is not None else place.kind
    if kind is None:
        blocks.append(context("Choose a kind to see its fields."))
    else:
        blocks.extend(_fields(kind, resource, choices, place.nonce))
    key = resource.key if resource is not None else None
    blocks.extend(form_end(key, Action.RESOURCE_OPEN, Action.RESOURCES))
    return View(
        type="modal", callback_id=Callback.RESOURCE_FORM, title="Edit resource" if key else "New resource",
        submit=common.SAVE, close=common.CLOSE, blocks=blocks, private_metadata=str(place),
    )  # fmt: skip


def _fields(kind: ResourceKind, resource: Resource | None, choices: Choices, nonce: str) -> list[Block]:
    name, description = (resource.name, resource.description) if resource is not None else ("", "")
    blocks: list[Block] = [
        line_of_text(f"{Field.RESOURCE_NAME}:{nonce}", Action.RESOURCE_NAME, common.NAME, least=3, most=80, initial=name),
        typed(
            f"{Field.RESOURCE_DESCRIPTION}:{nonce}", Action.RESOURCE_DESCRIPTION, common.DESCRIPTION, optional=True, most=500,
            initial=description,
        ),
    ]  # fmt: skip
    for link in (link for link in ResourceKind if link in LINKS[kind]):
        offered = {resource.key: resource.name for resource in choices.resources if resource.kind is link}
        chosen = resource.link(link) if resource is not None else None
        blocks.append(
            _menu_or_none(link_field(link), nonce, f"Uses {terms.resource(link)}", common.NONE, offered, chosen)
        )
    if kind is ResourceKind.CERTIFICATE_AUTHORITY:
        blocks.append(
            line_of_text(
                f"{Field.RESOURCE_CONNECTOR}:{nonce}", Action.RESOURCE_CONNECTOR, "Connector", most=80, optional=True,
                initial=(resource.connector or "") if resource is not None else "",
                hint="Carries out approved operations here, for example local-ca:issuing. Empty: people do it by hand.",
            )
        )  # fmt: skip
    blocks.append(header("Approval profile for each operation"))
    for operation in gated(kind):
        bound = resource.approvals.get(operation) if resource is not None else None
        label = capital(terms.operation(operation))
        blocks.append(_menu_or_none(gate_field(operation), nonce, label, NO_PROFILE, choices.profiles, bound))
    return blocks


def _menu_or_none(
    field: Field, nonce: str, label: str, nothing: str, offered: Mapping[str, str], chosen: str | None
) -> InputBlock:
    """A menu of *offered*, names by key, and *nothing*; a menu to search if these are more than a menu can hold."""
    options, where = [option(nothing, NONE), *matching(offered, "")], f"{field}:{nonce}"
    if len(offered) < MENU:
        return menu(where, Action(field.value), label, options, chosen=chosen or NONE)
    named = option(offered.get(chosen, chosen), chosen) if chosen is not None else options[0]
    return searched(where, Action(field.value), label, chosen=named)


def suggestions(field: Field, choices: Choices, written: str) -> list[Option]:
    """What the menu of *field* offers for the search *written*: none first, at most a hundred."""
    if field in GATE_FIELDS:
        nothing, offered = NO_PROFILE, choices.profiles
    else:
        nothing, offered = (
            common.NONE,
            {resource.key: resource.name for resource in choices.resources if link_field(resource.kind) == field},
        )
    return [option(nothing, NONE), *matching(offered, written, MENU - 1)]
