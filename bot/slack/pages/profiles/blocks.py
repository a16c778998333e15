"""Approval profiles to look at: the list, one of them with all that uses it, and its history. All in one modal, which is drawn anew."""

from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ListPlace, VersionPlace
from bot.slack.kit.blocks.inputs import line_of_text
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import (
    actions,
    button,
    context,
    divider,
    fields,
    header,
    mrkdwn,
    packed,
    said,
    section,
    sure_to_delete,
)
from bot.slack.kit.blocks.paging import range_of, turns
from bot.slack.kit.blocks.text import inline, mention, when
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import count, listed
from bot.slack.pages.profiles import texts
from bot.slack.pages.profiles.descriptions import difference_lines, step_lines, warning_lines
from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import request_name
from domain.approvals.resources import Resource
from domain.common.operations import Operation
from domain.ports import RecordedEntry
from domain.workflow.configuration.profile_pages import Edition, History, ProfileList, ProfilePage

MOST_REQUESTS: Final = 60
MOST_RESOURCES: Final = 60
MOST_LINES: Final = 40
"""How many lines say what one version changed."""
BLOCKS: Final = 90


def profile_list(found: ProfileList, note: str = "") -> View:
    """A page of the profiles, with a field to search in."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        line_of_text(
            f"{Field.PROFILE_SEARCH}:list", Action.PROFILE_SEARCH, common.SEARCH_BY_NAME, least=0, most=80,
            initial=found.search, optional=True, on_enter=True,
        ),
    ]  # fmt: skip
    if not found.profiles:
        blocks.append(
            section(
                "No approval profile matches."
                if found.search
                else (
                    "There is no approval profile yet. One says who has to approve, in which steps; bound to a "
                    "resource, it gates what is done there."
                )
            )
        )
    blocks.extend(_row(profile, found.bound.get(profile.profile, 0)) for profile in found.profiles)
    new = [button("New profile", Action.PROFILE_NEW, "new", "New profile for approvals", style="primary")]
    pages = turns(
        found.slice,
        Action.PROFILES_PREVIOUS,
        Action.PROFILES_NEXT,
        lambda page: str(ListPlace(page=page, search=found.search)),
    )
    blocks.extend(actions("profiles:do", [*(new if found.may_edit else []), *pages]))
    blocks.append(context(range_of(found.slice, texts.several)))
    place = ListPlace(page=found.slice.page, search=found.search)
    return View(
        type="modal", callback_id=Callback.PROFILES, title="Approval profiles", submit=common.SEARCH, close=common.CLOSE, blocks=blocks,
        private_metadata=str(place),
    )  # fmt: skip


def _row(version: ProfileVersion, bound: int) -> SectionBlock:
    name, steps, lacking = inline(version.name, 80), len(version.steps), not version.definition.has_approvers
    said = texts.row(name, version.number, steps, bound, lacks_approvers=lacking)
    open_it = button(common.OPEN, Action.PROFILE_OPEN, version.profile, f"Open the approval profile {version.profile}")
    return SectionBlock(text=mrkdwn(said), accessory=open_it)


def profile_page(page: ProfilePage, labels: Labels, note: str = "") -> View:
    """One profile: all of its present version, and what uses it. *note*, in mrkdwn, says what has just been done."""
    version, definition = page.version, page.version.definition
    steps = [line for number, step in enumerate(version.steps, 1) for line in step_lines(number, step, labels)]
    head: list[Block] = [
        *([*packed(note.split("\n")), divider()] if note else []),
        header(version.name),
        context(f"Key {inline(version.profile, 80)}, version {version.number}{saved_words(page.saved)}"),
        *([said(definition.description, 2000)] if definition.description else []),
        fields(texts.terms(definition)),
    ]
    warned = list(packed(warning_lines(page.preview)))
    tail: list[Block] = [
        header("Used by"),
        *packed(_uses(page)),
        divider(),
        *actions("profile:do", _page_buttons(page)),
    ]
    room = BLOCKS - len(head) - len(warned) - len(tail)
    shown: list[Block] = list(packed(steps))
    if len(shown) > room:
        shown = [*shown[:room], context("There is more than fits here. `countersign config export` writes all of it.")]
    blocks = [*head, header(texts.STEPS), *shown, *warned, *tail]
    return View(
        type="modal", callback_id=Callback.PROFILE, title="Approval profile", close=common.CLOSE, blocks=blocks,
        private_metadata=version.profile,
    )  # fmt: skip


def _page_buttons(page: ProfilePage) -> list[InteractiveElement]:
    key = page.version.profile
    looking: list[InteractiveElement] = [
        button("Versions", Action.PROFILE_HISTORY, str(VersionPlace(key=key)), f"All versions of {key}"),
        button("All profiles", Action.PROFILES, str(ListPlace()), "All profiles: back to the list"),
    ]
    if not page.may_edit:
        return looking
    sure = sure_to_delete("Delete this profile?", "It leaves the list. Its history stays readable.")
    place = VersionPlace(key=key, number=page.version.number)
    return [
        button(common.EDIT, Action.PROFILE_EDIT, key, f"Edit the approval profile {key}", style="primary"),
        *looking,
        button(common.DELETE, Action.PROFILE_DELETE, str(place), f"Delete the approval profile {key}", style="danger", confirm=sure),
    ]  # fmt: skip


def _uses(page: ProfilePage) -> list[str]:
    resources, blocked = page.uses.resources, set(page.blocked)
    lines = [
        (
            f"• {terms.resource(resource.kind)} *{inline(resource.name, 80)}*: "
            f"{', '.join(_gated(resource, page.version))}"
        )
        for resource in resources[:MOST_RESOURCES]
    ]
    if len(resources) > MOST_RESOURCES:
        lines.append(f"• and {len(resources) - MOST_RESOURCES} more resources")
    lines = lines or ["No resource is bound to it."]
    others = [request_name(request) for request in page.uses.requests if request not in blocked]
    if others or not page.blocked:
        lines.append(f"Open requests: {listed(others, MOST_REQUESTS, 'none')}.")
    if page.blocked:
        lines.append(
            "Blocked, waiting for it to get its approvers: "
            f"{listed([request_name(one) for one in page.blocked], MOST_REQUESTS, 'none')}."
        )
    return lines


def _gated(resource: Resource, version: ProfileVersion) -> list[str]:
    """The operations that *version* gates at *resource*."""
    return [
        terms.operation(operation) for operation in Operation if resource.approvals.get(operation) == version.profile
    ]


def saved_words(saved: RecordedEntry | None) -> str:
    """When something was saved, by whom and from where, to go on with; empty where the record does not say."""
    if saved is None:
        return ""
    by = mention(saved.entry.by) if saved.entry.by is not None else None
    return texts.saved(when(saved.entry.at), by, saved.source)


def profile_history(history: History) -> View:
    """Versions, newest first, each with what it changed."""
    blocks: list[Block] = [header(history.name)]
    for edition in history.editions:
        blocks.extend(_edition(edition, history.team))
    previous, following = Action.PROFILE_HISTORY_PREVIOUS, Action.PROFILE_HISTORY_NEXT
    buttons: list[InteractiveElement] = [
        button(texts.BACK, Action.PROFILE_OPEN, history.profile, f"{texts.BACK} {history.profile}"),
        *turns(history.slice, previous, following, lambda page: str(VersionPlace(key=history.profile, number=page))),
    ]
    blocks.extend(
        [divider(), *actions("history:page", buttons), context(range_of(history.slice, texts.several_versions))]
    )
    return View(
        type="modal", callback_id=Callback.PROFILE_HISTORY, title="Versions", close=common.CLOSE, blocks=blocks,
        private_metadata=str(history.profile),
    )  # fmt: skip


def _edition(edition: Edition, team: str) -> list[Block]:
    lines = list(difference_lines(edition.changes, team))
    more = len(lines) - MOST_LINES
    lines = [*lines[:MOST_LINES], *([f"• and {more} more changes"] if more > 0 else [])]
    first = [f"The first: {count(len(edition.version.steps), 'step')}."] if edition.version.number == 1 else []
    return [
        section(texts.version(edition.version.number, saved_words(edition.saved))),
        *list(packed(lines or first or ["Brought back as it was."]))[:15],
    ]
