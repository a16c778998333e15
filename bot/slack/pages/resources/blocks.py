"""Resources: the list, one resource, and a dry run of an operation. All in one modal, which is redrawn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import SeenPlace
from bot.slack.kit.blocks.admin_pages import folded, page_buttons, page_head, searched_list
from bot.slack.kit.blocks.fields import menu, resource_menu
from bot.slack.kit.blocks.layout import actions, button, context, divider, header, mrkdwn, option, packed, section
from bot.slack.kit.blocks.text import inline, mention
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import capital, count, row, span
from bot.slack.pages.resources.rule_blocks import rule_lines
from domain.approvals.resources import GATES, LINKS, Resource, ResourceKind
from domain.common.operations import Operation
from domain.workflow.configuration.resource_pages import DryRun, GateTried, ResourceList, ResourcePage, StepTried

BLOCKS: Final = 60
RULE_BLOCKS: Final = 20
MOST_NAMED: Final = 60


def gated(kind: ResourceKind) -> list[Operation]:
    """The operations that can require an approval at a resource of *kind*."""
    return [operation for operation, kinds in GATES.items() if kind in kinds]


def resource_list(page: ResourceList, note: str = "") -> View:
    """A page of the resources, with a field to search in."""
    new = button("New resource", Action.RESOURCE_NEW, "new", "New resource: create one", style="primary")
    dry = button("Dry run", Action.DRY_RUN, "none", "Dry run: see which approvals an operation would need")
    return searched_list(
        Callback.RESOURCES, "resource", [_row(resource, page.names) for resource in page.resources], page.slice,
        field=Field.RESOURCE_SEARCH, search=page.search, note=note, buttons=[new, dry] if page.may_edit else [dry],
        empty="No resources yet. Resources are the RA profiles, end entity profiles, certificate profiles and certificate "
        "authorities that people request operations on. Attach an approval profile to require approval.",
        previous=Action.RESOURCES_PREVIOUS, following=Action.RESOURCES_NEXT,
    )  # fmt: skip


def _row(resource: Resource, names: Mapping[str, str]) -> SectionBlock:
    linked = [key for kind in ResourceKind if (key := resource.link(kind)) is not None]
    uses = [inline(names.get(f"resource:{key}", key), 80) for key in linked]
    lines = [
        f"*{inline(resource.name, 80)}*, {terms.resource(resource.kind)}" + (f", uses {row(uses)}" if uses else ""),
        capital("; ".join(_bindings(resource, names))) or "No approval profile attached.",
    ]
    open_it = button(common.OPEN, Action.RESOURCE_OPEN, resource.key, f"Open the resource {resource.key}")
    return SectionBlock(text=mrkdwn("\n".join(lines)), accessory=open_it)


def _bindings(resource: Resource, names: Mapping[str, str]) -> Iterator[str]:
    """The approval profiles that are bound here, each after its operations."""
    bound = [operation for operation in Operation if operation in resource.approvals]
    for profile in dict.fromkeys(resource.approvals[operation] for operation in bound):
        operations = [terms.operation(operation) for operation in bound if resource.approvals[operation] == profile]
        yield f"{row(operations)}: {inline(names.get(f'profile:{profile}', profile), 80)}"


def resource_page(page: ResourcePage, note: str = "") -> View:
    """One resource: what it uses, what uses it, and the approval profile for each operation."""
    resource, key = page.resource, page.resource.key
    identity = f"{capital(terms.resource(resource.kind))}, key {inline(key, 80)}"
    rules = list(rule_lines(resource.rules)) or ["No rules: any request that Countersign can read is allowed."]
    edit_rules = button("Edit rules", Action.RULES_EDIT, key, f"Edit rules of the resource {key}")
    blocks: list[Block] = [
        *page_head(resource.name, identity, page.saved, resource.description, note),
        *packed(_links(page)),
        header("Approvals"),
        *(_binding(resource, operation, page.names) for operation in gated(resource.kind)),
        header("Rules"),
        *shortened(packed(rules), RULE_BLOCKS),
        *actions("resource:rules", [edit_rules] if page.may_edit else []),
        divider(),
        *actions("resource:do", _buttons(page)),
    ]
    return View(
        type="modal", callback_id=Callback.RESOURCE, title="Resource", close=common.CLOSE, blocks=blocks, private_metadata=key
    )  # fmt: skip


def _links(page: ResourcePage) -> Iterator[str]:
    resource = page.resource
    for kind in ResourceKind:
        if kind in LINKS[resource.kind]:
            key = resource.link(kind)
            used = f"*{inline(page.names.get(f'resource:{key}', key), 80)}*" if key is not None else "none"
            yield f"Uses {terms.resource(kind)}: {used}"
    if resource.kind is ResourceKind.CERTIFICATE_AUTHORITY:
        by = f"the connector {inline(resource.connector, 80)}" if resource.connector else "people, by hand"
        yield f"Approved operations here are carried out by {by}."
    if page.named_by:
        users = [f"{terms.resource(user.kind)} *{inline(user.name, 80)}*" for user in page.named_by[:MOST_NAMED]]
        yield from folded(f"Used by {row(users, len(page.named_by) - MOST_NAMED)}")
    elif not LINKS[resource.kind]:
        yield "No other resource uses it."


def _binding(resource: Resource, operation: Operation, names: Mapping[str, str]) -> SectionBlock:
    profile, label = resource.approvals.get(operation), capital(terms.operation(operation))
    if profile is None:
        return section(f"{label}: no approval profile")
    open_it = button("Open profile", Action.PROFILE_OPEN, profile, f"Open profile {profile}")
    name = inline(names.get(f"profile:{profile}", profile), 80)
    return SectionBlock(text=mrkdwn(f"{label}: *{name}*"), accessory=open_it)


def _buttons(page: ResourcePage) -> list[InteractiveElement]:
    key = page.resource.key
    looking = [
        button("Dry run", Action.DRY_RUN, key, f"Dry run: which approvals an operation at {key} would need"),
        _all_resources(),
    ]
    return page_buttons(
        "resource", key, looking, may_edit=page.may_edit, edit=Action.RESOURCE_EDIT, delete=Action.RESOURCE_DELETE,
        seen=str(SeenPlace(key=key, seen=page.seen)),
        consequence="After that, nobody can request operations here. Submitted requests keep their gates.",
    )  # fmt: skip


def _all_resources() -> InteractiveElement:
    return button("All resources", Action.RESOURCES, "resources", "Back to all resources")


def dry_run(
    entries: Sequence[Resource],
    operation: Operation | None = None,
    entry: str | None = None,
    tried: DryRun | None = None,
) -> View:
    """The form to try out which gates an operation would meet, with the result if it was *tried*.

    *entries* are the resources where *operation* can start.
    """
    operations = [option(capital(terms.operation(choice)), choice.value) for choice in Operation]
    field, action = Field.DRY_RUN_OPERATION, Action.DRY_RUN_OPERATION
    blocks: list[Block] = [menu(field, action, "Operation", operations, chosen=operation, dispatch=True)]
    if operation is None:
        blocks.append(context("Choose an operation to see the resources where it can start. Nothing is submitted."))
    elif not entries:
        blocks.append(section(f"No resource offers to {terms.operation(operation)} yet."))
    else:
        place = f"{Field.DRY_RUN_ENTRY}:{operation}"
        blocks.append(resource_menu(place, Action.DRY_RUN_ENTRY, "Resource", entries, chosen=entry))
    if tried is not None:
        blocks.extend([divider(), *_tried(tried)])
    blocks.extend(actions("dry_run:back", [_all_resources()]))
    return View(
        type="modal", callback_id=Callback.DRY_RUN, title="Dry run", submit="Try it", close=common.CLOSE, blocks=blocks,
        private_metadata="",
    )  # fmt: skip


def _tried(tried: DryRun) -> list[Block]:
    what = f"*{capital(terms.operation(tried.operation))}* at *{inline(tried.entry.name, 80)}*"
    rules = [
        part
        for ruled in tried.ruling
        for part in packed([f"Rules of *{inline(ruled.resource, 80)}*:", *rule_lines(ruled.rules)])
    ]
    rule_blocks = [divider(), *shortened(rules, RULE_BLOCKS)] if rules else []
    if not tried.gates:
        return [section(f"{what} meets no gate: a request would be approved immediately."), *rule_blocks]
    order = ", one after the other" if len(tried.gates) > 1 else ""
    blocks: list[Block] = [
        section(f"{what} meets {count(len(tried.gates), 'gate')}{order}:"),
        *(block for number, gate in enumerate(tried.gates, 1) for block in packed(_gate(number, gate))),
    ]
    if len(blocks) >= BLOCKS:
        blocks = [*blocks[: BLOCKS - 1], context("Not everything fits here.")]
    own = "Requesters cannot approve their own requests unless the profile allows it. This is not taken into account here."
    return [*blocks, context(own), *rule_blocks]


def shortened(blocks: Iterable[Block], most: int) -> list[Block]:
    """At most *most* of *blocks*; the last one says so if there are more."""
    shown = list(blocks)
    return shown if len(shown) <= most else [*shown[: most - 1], context("Not everything fits here.")]


def _gate(number: int, tried: GateTried) -> Iterator[str]:
    gate, profile = tried.gate, tried.gate.profile
    expires = profile.definition.expires_after
    yield (
        f"*Gate {number}*: {terms.resource(gate.kind)} {inline(gate.resource_name, 80)}, "
        f"approval profile *{inline(profile.name, 80)}*, version {profile.number}, "
        + (f"expires after {span(expires)}" if expires is not None else "never expires")
    )
    for place, step in enumerate(tried.steps, 1):
        for line in _step(f"• Step {place}, {inline(step.name, 80)}", step):
            yield from folded(line)
    for warning in tried.warnings:
        yield f"• *Warning*: {inline(warning, 600)}"


def _step(name: str, step: StepTried) -> Iterator[str]:
    if step.people:
        approvers = row([mention(person) for person in step.first], step.people - len(step.first))
        yield f"{name}: needs {step.required}; {count(step.people, 'person', 'people')} could decide now: {approvers}"
    else:
        yield f"{name}: needs {step.required}; nobody could decide now"
    if (after := step.escalates_after) is not None:
        others = row([mention(person) for person in step.others], step.further - len(step.others))
        could = f"{step.further} more could decide: {others}" if step.further else "nobody else could decide"
        yield f"{name}: after {span(after)} without a decision, {could}"
