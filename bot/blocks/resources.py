"""Resources to look at: the list, one of them, and a dry run of an operation. All in one modal, which is drawn anew."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ConfirmObject, InteractiveElement, PlainTextObject, SectionBlock
from slack_sdk.models.views import View

from bot.blocks.fields import entry_options, menu
from bot.blocks.inputs import line_of_text
from bot.blocks.layout import actions, button, context, divider, header, mrkdwn, option, packed, said, section
from bot.blocks.managing_places import ListPlace, SeenPlace
from bot.blocks.paging import range_of, turns
from bot.blocks.profile_words import folded, span
from bot.blocks.profiles import saved_words
from bot.blocks.text import count, inline, mention, sentence_case
from bot.ids import Action, Callback, Field
from domain.operations import Operation
from domain.resources import GATES, LINKS, Resource, ResourceKind
from domain.workflow.resource_pages import DryRun, GateTried, ResourceList, ResourcePage

BLOCKS: Final = 90
MOST_NAMED: Final = 60
_NONE_YET: Final = (
    "There is no resource yet. RA profiles, end entity profiles, certificate profiles and certificate authorities are what "
    "operations are asked for, and where approval profiles gate them."
)


def gated(kind: ResourceKind) -> list[Operation]:
    """The operations that a resource of *kind* can put a gate before."""
    return [operation for operation, kinds in GATES.items() if kind in kinds]


def resource_list(found: ResourceList, note: str = "") -> View:
    """A page of the resources, with a field to search in."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        line_of_text(
            f"{Field.RESOURCE_SEARCH}:list", Action.RESOURCE_SEARCH, "Search by name or key", least=0, most=80,
            initial=found.search, optional=True, on_enter=True,
        ),
    ]  # fmt: skip
    if not found.resources:
        blocks.append(section("No resource matches." if found.search else _NONE_YET))
    blocks.extend(_row(one, found.names) for one in found.resources)
    pages = turns(
        found.slice,
        Action.RESOURCES_PREVIOUS,
        Action.RESOURCES_NEXT,
        lambda page: str(ListPlace(page=page, search=found.search)),
    )
    new = [button("New resource", Action.RESOURCE_NEW, "new", "Create a resource", style="primary")]
    dry = button("Dry run", Action.DRY_RUN, "none", "Try out which gates an operation would meet")
    blocks.extend(actions("resources:do", [*(new if found.may_edit else []), dry, *pages]))
    blocks.append(context(range_of(found.slice, "resource")))
    return View(
        type="modal", callback_id=Callback.RESOURCES, title="Resources", submit="Search", close="Close", blocks=blocks,
        private_metadata=str(ListPlace(page=found.slice.page, search=found.search)),
    )  # fmt: skip


def _row(resource: Resource, names: Mapping[str, str]) -> SectionBlock:
    linked = [
        inline(names.get(f"resource:{one}", one), 80)
        for kind in ResourceKind
        if (one := resource.link(kind)) is not None
    ]
    lines = [
        f"*{inline(resource.name, 80)}*, {resource.kind.label}" + (f", uses {', '.join(linked)}" if linked else ""),
        sentence_case("; ".join(_bindings(resource, names))) or "Gates nothing.",
    ]
    open_it = button("Open", Action.RESOURCE_OPEN, resource.key, f"Open the resource {resource.key}")
    return SectionBlock(text=mrkdwn("\n".join(lines)), accessory=open_it)


def _bindings(resource: Resource, names: Mapping[str, str]) -> Iterator[str]:
    """The profiles that gate something here, each with its operations."""
    for profile in dict.fromkeys(resource.approvals[one] for one in Operation if one in resource.approvals):
        those = ", ".join(one.label for one in Operation if resource.approvals.get(one) == profile)
        yield f"{those}: {inline(names.get(f'profile:{profile}', profile), 80)}"


def resource_page(page: ResourcePage, note: str = "") -> View:
    """One resource: what it uses, what uses it, and which profile gates which operation here."""
    resource, names = page.resource, page.names
    blocks: list[Block] = [
        *([*packed(note.split("\n")), divider()] if note else []),
        header(resource.name),
        context(f"{sentence_case(resource.kind.label)}, key {inline(resource.key, 80)}{saved_words(page.saved)}"),
        *([said(resource.description, 2000)] if resource.description else []),
        *packed(_links(page)),
        header("Approvals"),
        *(_binding(resource, operation, names) for operation in gated(resource.kind)),
        divider(),
        *actions("resource:do", _buttons(page)),
    ]
    return View(
        type="modal",
        callback_id=Callback.RESOURCE,
        title="Resource",
        close="Close",
        blocks=blocks,
        private_metadata=resource.key,
    )


def _links(page: ResourcePage) -> Iterator[str]:
    resource = page.resource
    for kind in ResourceKind:
        if kind in LINKS[resource.kind]:
            linked = resource.link(kind)
            named = f"*{inline(page.names.get(f'resource:{linked}', linked), 80)}*" if linked is not None else "none"
            yield f"Uses {kind.label}: {named}"
    if page.named_by:
        names = [f"{one.kind.label} *{inline(one.name, 80)}*" for one in page.named_by[:MOST_NAMED]]
        more = len(page.named_by) - MOST_NAMED
        yield from folded(f"Used by {', '.join(names)}" + (f" and {more} more" if more > 0 else ""))
    elif not LINKS[resource.kind]:
        yield "No other resource uses it."


def _binding(resource: Resource, operation: Operation, names: Mapping[str, str]) -> SectionBlock:
    profile = resource.approvals.get(operation)
    if profile is None:
        return SectionBlock(text=mrkdwn(f"{sentence_case(operation.label)}: no gate here"))
    look = button("Open profile", Action.PROFILE_OPEN, profile, f"Open the approval profile {profile}")
    text = f"{sentence_case(operation.label)}: *{inline(names.get(f'profile:{profile}', profile), 80)}*"
    return SectionBlock(text=mrkdwn(text), accessory=look)


def _buttons(page: ResourcePage) -> list[InteractiveElement]:
    key = page.resource.key
    looking: list[InteractiveElement] = [
        button("Dry run", Action.DRY_RUN, key, f"Try out which gates an operation at {key} would meet"),
        button("All resources", Action.RESOURCES, "resources", "Back to all resources"),
    ]
    if not page.may_edit:
        return looking
    sure = ConfirmObject(
        title="Delete this resource?",
        text=PlainTextObject(text="Nothing can be asked for here any more. Requests that were submitted keep their gates.", emoji=False),
        confirm="Delete",
        deny="Keep it",
        style="danger",
    )  # fmt: skip
    place = str(SeenPlace(key=key, seen=page.seen))
    return [
        button("Edit", Action.RESOURCE_EDIT, key, f"Edit the resource {key}", style="primary"),
        *looking,
        button("Delete", Action.RESOURCE_DELETE, place, f"Delete the resource {key}", style="danger", confirm=sure),
    ]


def dry_run(
    entries: Sequence[Resource],
    operation: Operation | None = None,
    entry: str | None = None,
    tried: DryRun | None = None,
) -> View:
    """To try out which gates an operation would meet: *entries* are where it may begin, *tried* is what was found."""
    operations = [option(sentence_case(one.label), one.value) for one in Operation]
    blocks: list[Block] = [
        menu(
            Field.DRY_RUN_OPERATION, Action.DRY_RUN_OPERATION, "Operation", operations, chosen=operation, dispatch=True
        )
    ]
    options = entry_options(entries)
    if operation is None:
        blocks.append(
            context("Choose an operation, and the resources where it may begin appear. Nothing is submitted.")
        )
    elif not options:
        blocks.append(section(f"Nothing offers to {operation.label} yet."))
    else:
        hint = f"The first {len(options)} are listed." if len(entries) > len(options) else ""
        place = f"{Field.DRY_RUN_ENTRY}:{operation}"
        blocks.append(menu(place, Action.DRY_RUN_ENTRY, "Where?", options, chosen=entry, hint=hint))
    if tried is not None:
        blocks.extend(_tried(tried))
    back = button("All resources", Action.RESOURCES, "resources", "Back to all resources")
    blocks.extend(actions("dry_run:back", [back]))
    return View(
        type="modal", callback_id=Callback.DRY_RUN, title="Dry run", submit="Try it", close="Close", blocks=blocks,
        private_metadata="",
    )  # fmt: skip


def _tried(tried: DryRun) -> list[Block]:
    where = f"*{sentence_case(tried.operation.label)}* at *{inline(tried.entry.name, 80)}*"
    if not tried.gates:
        return [divider(), section(f"{where} meets no gate: a request would be approved at once.")]
    blocks: list[Block] = [
        divider(),
        section(f"{where} meets {count(len(tried.gates), 'gate')}, one after the other:"),
        *(block for number, one in enumerate(tried.gates, 1) for block in packed(_gate(number, one))),
    ]
    if len(blocks) > BLOCKS:
        blocks = [*blocks[:BLOCKS], context("There is more than fits here.")]
    return [*blocks, context("Whoever asks cannot approve, unless the profile says so: that is not counted here.")]


def _gate(number: int, tried: GateTried) -> Iterator[str]:
    gate = tried.gate
    expires = gate.profile.definition.expires_after
    yield (
        f"*Gate {number}*: {gate.kind.label} {inline(gate.resource_name, 80)}, approval profile *{inline(gate.profile.name, 80)}*, "
        f"version {gate.profile.number}, {f'expires after {span(expires)}' if expires is not None else 'never expires'}"
    )
    for at, step in enumerate(tried.steps, 1):
        names = ", ".join(map(mention, step.first))
        more = f" and {step.people - len(step.first)} more" if step.people > len(step.first) else ""
        could = f"{step.people} could decide now: {names}{more}" if step.people else "nobody could decide now"
        yield from folded(f"    Step {at}, {inline(step.name, 80)}: needs {step.required}, {could}")
    for warning in tried.warnings:
        yield f"    *Warning*: {inline(warning, 600)}"
