"""Resources to look at: the list, one of them, and a dry run of an operation. All in one modal, which is drawn anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ListPlace, SeenPlace
from bot.slack.kit.blocks.admin_pages import folded, saved_words
from bot.slack.kit.blocks.fields import menu, resource_menu
from bot.slack.kit.blocks.inputs import line_of_text
from bot.slack.kit.blocks.layout import (
    actions,
    button,
    context,
    divider,
    header,
    mrkdwn,
    option,
    packed,
    said,
    section,
    sure_to_delete,
)
from bot.slack.kit.blocks.paging import range_of, turns
from bot.slack.kit.blocks.text import inline, mention
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import capital, row
from bot.slack.pages.resources import rule_texts, texts
from bot.slack.pages.resources.rule_blocks import rule_lines
from domain.approvals.resources import GATES, LINKS, Resource, ResourceKind
from domain.common.operations import Operation
from domain.workflow.configuration.resource_pages import DryRun, GateTried, ResourceList, ResourcePage

BLOCKS: Final = 60
RULE_BLOCKS: Final = 20
MOST_NAMED: Final = 60


def gated(kind: ResourceKind) -> list[Operation]:
    """The operations that a resource of *kind* can put a gate before."""
    return [operation for operation, kinds in GATES.items() if kind in kinds]


def resource_list(found: ResourceList, note: str = "") -> View:
    """A page of the resources, with a field to search in."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        line_of_text(
            f"{Field.RESOURCE_SEARCH}:list", Action.RESOURCE_SEARCH, common.SEARCH_BY_NAME, least=0, most=80,
            initial=found.search, optional=True, on_enter=True,
        ),
    ]  # fmt: skip
    if not found.resources:
        blocks.append(
            section(
                "No resource matches."
                if found.search
                else (
                    "There is no resource yet. RA profiles, end entity profiles, certificate profiles and "
                    "certificate authorities are what operations are asked for, and where approval profiles gate "
                    "them."
                )
            )
        )
    blocks.extend(_row(resource, found.names) for resource in found.resources)
    pages = turns(
        found.slice,
        Action.RESOURCES_PREVIOUS,
        Action.RESOURCES_NEXT,
        lambda page: str(ListPlace(page=page, search=found.search)),
    )
    new = [button("New resource", Action.RESOURCE_NEW, "new", "New resource: create one", style="primary")]
    dry = button(texts.DRY_RUN, Action.DRY_RUN, "none", "Dry run: try out which gates an operation would meet")
    blocks.extend(actions("resources:do", [*(new if found.may_edit else []), dry, *pages]))
    blocks.append(context(range_of(found.slice, texts.several)))
    return View(
        type="modal", callback_id=Callback.RESOURCES, title="Resources", submit=common.SEARCH, close=common.CLOSE, blocks=blocks,
        private_metadata=str(ListPlace(page=found.slice.page, search=found.search)),
    )  # fmt: skip


def _row(resource: Resource, names: Mapping[str, str]) -> SectionBlock:
    linked = [
        inline(names.get(f"resource:{one}", one), 80)
        for kind in ResourceKind
        if (one := resource.link(kind)) is not None
    ]
    lines = [
        (
            f"*{inline(resource.name, 80)}*, {terms.resource(resource.kind)}"
            + (f", uses {row(linked)}" if linked else "")
        ),
        texts.bindings(list(_bindings(resource, names))),
    ]
    open_it = button(common.OPEN, Action.RESOURCE_OPEN, resource.key, f"Open the resource {resource.key}")
    return SectionBlock(text=mrkdwn("\n".join(lines)), accessory=open_it)


def _bindings(resource: Resource, names: Mapping[str, str]) -> Iterator[tuple[list[Operation], str]]:
    """The profiles that gate something here, by name, each with its operations."""
    for profile in dict.fromkeys(
        resource.approvals[operation] for operation in Operation if operation in resource.approvals
    ):
        those = [operation for operation in Operation if resource.approvals.get(operation) == profile]
        yield those, inline(names.get(f"profile:{profile}", profile), 80)


def resource_page(page: ResourcePage, note: str = "") -> View:
    """One resource: what it uses, what uses it, and which profile gates which operation here."""
    resource, names = page.resource, page.names
    blocks: list[Block] = [
        *([*packed(note.split("\n")), divider()] if note else []),
        header(resource.name),
        context(f"{capital(terms.resource(resource.kind))}, key {inline(resource.key, 80)}{saved_words(page.saved)}"),
        *([said(resource.description, 2000)] if resource.description else []),
        *packed(_links(page)),
        header("Approvals"),
        *(_binding(resource, operation, names) for operation in gated(resource.kind)),
        *_rules(page),
        divider(),
        *actions("resource:do", _buttons(page)),
    ]
    return View(
        type="modal",
        callback_id=Callback.RESOURCE,
        title="Resource",
        close=common.CLOSE,
        blocks=blocks,
        private_metadata=resource.key,
    )


def _links(page: ResourcePage) -> Iterator[str]:
    resource = page.resource
    for kind in ResourceKind:
        if kind in LINKS[resource.kind]:
            linked = resource.link(kind)
            named = inline(page.names.get(f"resource:{linked}", linked), 80) if linked is not None else None
            yield (f"Uses {terms.resource(kind)}: " + (f"*{named}*" if named is not None else "none"))
    if resource.kind is ResourceKind.CERTIFICATE_AUTHORITY:
        yield texts.carried_out_by(inline(resource.connector, 80) if resource.connector else None)
    if page.named_by:
        names = [(one.kind, inline(one.name, 80)) for one in page.named_by[:MOST_NAMED]]
        yield from folded(
            "Used by "
            f"{row([f'{terms.resource(kind)} *{name}*' for kind, name in names], len(page.named_by) - MOST_NAMED)}"
        )
    elif not LINKS[resource.kind]:
        yield "No other resource uses it."


def _rules(page: ResourcePage) -> list[Block]:
    key = page.resource.key
    change = (
        [button("Edit rules", Action.RULES_EDIT, key, f"Edit rules of the resource {key}")] if page.may_edit else []
    )
    lines = list(rule_lines(page.resource.rules)) or [rule_texts.NONE]
    return [header("Rules"), *shortened(packed(lines), RULE_BLOCKS), *actions("resource:rules", change)]


def _binding(resource: Resource, operation: Operation, names: Mapping[str, str]) -> SectionBlock:
    profile = resource.approvals.get(operation)
    if profile is None:
        return SectionBlock(text=mrkdwn(texts.binding(operation, None)))
    look = button("Open profile", Action.PROFILE_OPEN, profile, f"Open profile {profile}")
    text = texts.binding(operation, inline(names.get(f"profile:{profile}", profile), 80))
    return SectionBlock(text=mrkdwn(text), accessory=look)


def _buttons(page: ResourcePage) -> list[InteractiveElement]:
    key = page.resource.key
    looking: list[InteractiveElement] = [
        button(texts.DRY_RUN, Action.DRY_RUN, key, f"Dry run: which gates an operation at {key} would meet"),
        button(texts.ALL, Action.RESOURCES, "resources", texts.ALL_LABEL),
    ]
    if not page.may_edit:
        return looking
    sure = sure_to_delete(
        "Delete this resource?",
        "Nothing can be asked for here any more. Requests that were submitted keep their gates.",
    )
    place = str(SeenPlace(key=key, seen=page.seen))
    return [
        button(common.EDIT, Action.RESOURCE_EDIT, key, f"Edit the resource {key}", style="primary"),
        *looking,
        button(
            common.DELETE, Action.RESOURCE_DELETE, place, f"Delete the resource {key}", style="danger", confirm=sure
        ),
    ]


def dry_run(
    entries: Sequence[Resource],
    operation: Operation | None = None,
    entry: str | None = None,
    tried: DryRun | None = None,
) -> View:
    """To try out which gates an operation would meet: *entries* are where it may begin, *tried* is what was found."""
    operations = [option(capital(terms.operation(operation)), operation.value) for operation in Operation]
    blocks: list[Block] = [
        menu(
            Field.DRY_RUN_OPERATION,
            Action.DRY_RUN_OPERATION,
            "Operation",
            operations,
            chosen=operation,
            dispatch=True,
        )
    ]
    place = f"{Field.DRY_RUN_ENTRY}:{operation}"
    if operation is None:
        blocks.append(
            context("Choose an operation, and the resources where it may begin appear. Nothing is submitted.")
        )
    elif not entries:
        blocks.append(section(f"Nothing offers to {terms.operation(operation)} yet."))
    else:
        blocks.append(resource_menu(place, Action.DRY_RUN_ENTRY, "Where?", entries, chosen=entry))
    if tried is not None:
        blocks.extend(_tried(tried))
    back = button(texts.ALL, Action.RESOURCES, "resources", texts.ALL_LABEL)
    blocks.extend(actions("dry_run:back", [back]))
    return View(
        type="modal", callback_id=Callback.DRY_RUN, title=texts.DRY_RUN, submit="Try it", close=common.CLOSE, blocks=blocks,
        private_metadata="",
    )  # fmt: skip


def _tried(tried: DryRun) -> list[Block]:
    entry = inline(tried.entry.name, 80)
    rules = [
        part
        for here in tried.ruling
        for part in packed([f"Rules of *{inline(here.resource, 80)}*:", *rule_lines(here.rules)])
    ]
    ruled = [divider(), *shortened(rules, RULE_BLOCKS)] if rules else []
    if not tried.gates:
        return [
            divider(),
            section(
                f"*{capital(terms.operation(tried.operation))}* at *{entry}* meets no gate: a request would be "
                "approved at once."
            ),
            *ruled,
        ]
    blocks: list[Block] = [
        divider(),
        section(texts.meets(tried.operation, entry, len(tried.gates))),
        *(block for number, gate in enumerate(tried.gates, 1) for block in packed(_gate(number, gate))),
    ]
    if len(blocks) > BLOCKS:
        blocks = [*blocks[:BLOCKS], context(texts.MORE_THAN_FITS)]
    return [
        *blocks,
        context("Whoever asks cannot approve, unless the profile says so: that is not counted here."),
        *ruled,
    ]


def shortened(blocks: Iterable[Block], most: int) -> list[Block]:
    """As many of *blocks* as there is room for, and a word where there are more."""
    found = list(blocks)
    return found if len(found) <= most else [*found[: most - 1], context(texts.MORE_THAN_FITS)]


def _gate(number: int, tried: GateTried) -> Iterator[str]:
    gate = tried.gate
    yield texts.gate(number, gate, inline(gate.resource_name, 80), inline(gate.profile.name, 80))
    for at, step in enumerate(tried.steps, 1):
        first = [mention(one) for one in step.first]
        yield from folded(texts.step(at, inline(step.name, 80), step.required, step.people, first))
        if (after := step.escalates_after) is not None:
            others = [mention(other) for other in step.others]
            yield from folded(texts.step_escalates(at, inline(step.name, 80), after, step.further, others))
    for warning in tried.warnings:
        yield f"• *Warning*: {inline(warning, 600)}"
