"""What the modals for resources send: clicks, searches and forms."""

from typing import Any, Final

from pydantic import ValidationError

from bot.slack.kit.admin_places import ResourcePlace, SeenPlace, key
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.admin_forms import ListClick, SearchForm, list_click, search_form
from bot.slack.kit.payloads.clicks import Click, carried
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.fields import FieldFaults, Fields
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts import fields as texts
from bot.slack.pages.resources.blocks import gated
from bot.slack.pages.resources.form_blocks import NONE, gate_field, link_field
from domain.approvals.resources import LINKS, Resource, ResourceId, ResourceKind, is_connector
from domain.common.operations import Operation

_NEW: Final = "new"
"""The key that a new resource has until it gets its own."""


class ResourceClick(Click):
    resource: ResourceId


class SeenClick(Click):
    place: SeenPlace


class DryRunClick(Click):
    resource: ResourceId | None


class KindChange(Form):
    """Another kind was chosen in the form for a new resource."""

    place: ResourcePlace


class ResourceForm(Form):
    place: ResourcePlace
    resource: Resource


class DryRunForm(Form):
    operation: Operation | None
    entry: ResourceId | None


def resource_click(body: Any) -> ResourceClick:
    """A button that carries the key of a resource. Raises BadInput."""
    action, facts = carried(body)
    return ResourceClick(**facts, resource=ResourceId(parsed(key, action, bad_input.NO_RESOURCE)))


def resources_click(body: Any) -> ListClick:
    """A button that leads to a page of the list. Raises BadInput."""
    return list_click(body, {Action.RESOURCES_PREVIOUS, Action.RESOURCES_NEXT})


def seen_click(body: Any) -> SeenClick:
    """A button that carries a resource with the fingerprint of what was shown. Raises BadInput."""
    action, facts = carried(body)
    return SeenClick(**facts, place=parsed(SeenPlace.parse, action, bad_input.NO_RESOURCE))


def dry_run_click(body: Any) -> DryRunClick:
    """The button for a dry run, at a resource or without one. Raises BadInput."""
    action, facts = carried(body)
    resource = None if action == "none" else ResourceId(parsed(key, action, bad_input.NO_RESOURCE))
    return DryRunClick(**facts, resource=resource)


def resources_form(body: Any) -> SearchForm:
    """What is searched for in the list. Raises BadInput."""
    return search_form(body, Callback.RESOURCES, Field.RESOURCE_SEARCH)


def kind_change(body: Any) -> KindChange:
    """Another kind in the form for a new resource. Raises BadInput."""
    form, fields, metadata = form_parts(body, Callback.RESOURCE_FORM)
    place = parsed(ResourcePlace.parse, metadata, bad_input.NOT_OUR_FORM)
    return KindChange(**form, place=place.replace(kind=_kind(fields)))


def resource_form(body: Any) -> ResourceForm:
    """The form for a resource. Raises BadInput, FormFaults."""
    form, fields, metadata = form_parts(body, Callback.RESOURCE_FORM)
    place = parsed(ResourcePlace.parse, metadata, bad_input.NOT_OUR_FORM)
    kind = place.kind
    if kind is None:
        raise FormFaults({fields.block(Field.RESOURCE_KIND) or Field.RESOURCE_KIND.value: "Choose a kind."})
    faults = FieldFaults(fields)
    name, description = fields.typed(Field.RESOURCE_NAME), fields.typed(Field.RESOURCE_DESCRIPTION)
    connector = fields.text(Field.RESOURCE_CONNECTOR) or None
    if not 3 <= len(name.strip()) <= 80:
        faults.add(Field.RESOURCE_NAME, texts.from_to(3, 80))
    if len(description.strip()) > 500:
        faults.add(Field.RESOURCE_DESCRIPTION, texts.at_most(500))
    if connector is not None and not is_connector(connector):
        faults.add(Field.RESOURCE_CONNECTOR, "Write its kind, a colon and its name, for example local-ca:issuing.")
    faults.raise_any()
    try:
        links = {link.value: _chosen(fields, link_field(link)) for link in LINKS[kind]}
        profiles = {operation: _chosen(fields, gate_field(operation)) for operation in gated(kind)}
        resource = Resource(
            key=place.key or _NEW,
            kind=kind,
            name=name,
            description=description,
            approvals={operation: profile for operation, profile in profiles.items() if profile is not None},
            connector=connector,
            **links,
        )
    except ValidationError:
        raise BadInput(what="a resource cannot be like this") from None
    return ResourceForm(**form, place=place, resource=resource)


def dry_run_form(body: Any) -> DryRunForm:
    """The form for a dry run, sent or with another operation chosen in it. Raises BadInput."""
    form, fields, _ = form_parts(body, Callback.DRY_RUN)
    operation = fields.choice(Field.DRY_RUN_OPERATION)
    entry = fields.choice(Field.DRY_RUN_ENTRY)
    return DryRunForm(
        **form,
        operation=parsed(Operation, operation, bad_input.UNKNOWN_OPERATION) if operation else None,
        entry=ResourceId(parsed(key, entry, "there is no such resource")) if entry else None,
    )


def _kind(fields: Fields) -> ResourceKind | None:
    chosen = fields.choice(Field.RESOURCE_KIND)
    return parsed(ResourceKind, chosen, "there is no such kind of resource") if chosen else None


def _chosen(fields: Fields, field: Field) -> str | None:
    key = fields.choice(field)
    return None if key in {"", NONE} else key
