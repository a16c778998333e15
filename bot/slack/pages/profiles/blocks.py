"""Approval profiles: the list, one profile with all that uses it, and its history. All in one modal, which is redrawn."""

from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ListPlace, VersionPlace
from bot.slack.kit.blocks.admin_pages import page_buttons, page_head, saved_words, searched_list
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import actions, button, context, divider, fields, header, mrkdwn, packed, section
from bot.slack.kit.blocks.paging import range_of, turns
from bot.slack.kit.blocks.text import inline
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import count, listed
from bot.slack.pages.profiles.descriptions import difference_lines, step_lines, warning_lines
from bot.slack.pages.profiles.terms import term_pairs
from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import request_name
from domain.common.operations import Operation
from domain.workflow.configuration.profile_pages import Edition, History, ProfileList, ProfilePage

MOST_REQUESTS: Final = 60
MOST_RESOURCES: Final = 60
MOST_LINES: Final = 40
"""How many lines say what one version changed."""
BLOCKS: Final = 90


def profile_list(page: ProfileList, note: str = "") -> View:
    """A page of the profiles, with a field to search in."""
    new = button("New profile", Action.PROFILE_NEW, "new", "New profile for approvals", style="primary")
    return searched_list(
        Callback.PROFILES, "approval profile", [_row(profile, page.bound.get(profile.profile, 0)) for profile in page.profiles],
        page.slice, field=Field.PROFILE_SEARCH, search=page.search, note=note, buttons=[new] if page.may_edit else [],
        empty="No approval profiles yet. A profile defines the approval steps and who can approve each one. "
        "Attach it to a resource to require approval there.",
        previous=Action.PROFILES_PREVIOUS, following=Action.PROFILES_NEXT,
    )  # fmt: skip


def _row(version: ProfileVersion, resources: int) -> SectionBlock:
    missing = "" if version.definition.has_approvers else " *A step has no approvers.*"
    attached = f"attached to {count(resources, 'resource')}" if resources else "not attached to a resource"
    text = f"*{inline(version.name, 80)}*, version {version.number}\n{count(len(version.steps), 'step')}, {attached}.{missing}"
    open_it = button(common.OPEN, Action.PROFILE_OPEN, version.profile, f"Open the approval profile {version.profile}")
    return SectionBlock(text=mrkdwn(text), accessory=open_it)


def profile_page(page: ProfilePage, labels: Labels, note: str = "") -> View:
    """One profile: all of its present version, and what uses it. *note*, in mrkdwn, says what has just been done."""
    version, definition = page.version, page.version.definition
    steps = [line for number, step in enumerate(version.steps, 1) for line in step_lines(number, step, labels)]
    identity = f"Key {inline(version.profile, 80)}, version {version.number}"
    head: list[Block] = [
        *page_head(version.name, identity, page.saved, definition.description, note),
        fields(term_pairs(definition)),
    ]
    warnings = list(packed(warning_lines(page.preview)))
    tail: list[Block] = [
        header("Used by"),
        *packed(_uses(page)),
        divider(),
        *actions("profile:do", _buttons(page)),
    ]
    room = BLOCKS - len(head) - len(warnings) - len(tail)
    shown: list[Block] = list(packed(steps))
    if len(shown) > room:
        shown = [*shown[:room], context("Not everything fits here. `countersign config export` writes all of it.")]
    return View(
        type="modal", callback_id=Callback.PROFILE, title="Approval profile", close=common.CLOSE,
        blocks=[*head, header("Steps"), *shown, *warnings, *tail], private_metadata=version.profile,
    )  # fmt: skip


def _buttons(page: ProfilePage) -> list[InteractiveElement]:
    key = page.version.profile
    looking = [
        button("Versions", Action.PROFILE_HISTORY, str(VersionPlace(key=key)), f"All versions of {key}"),
        button("All profiles", Action.PROFILES, str(ListPlace()), "Back to all profiles"),
    ]
    return page_buttons(
        "approval profile", key, looking, may_edit=page.may_edit, edit=Action.PROFILE_EDIT, delete=Action.PROFILE_DELETE,
        seen=str(VersionPlace(key=key, number=page.version.number)),
        consequence="It is removed from the list. Its history stays readable.",
    )  # fmt: skip


def _uses(page: ProfilePage) -> list[str]:
    profile, resources, blocked = page.version.profile, page.uses.resources, set(page.blocked)
    lines = []
    for resource in resources[:MOST_RESOURCES]:
        operations = [
            terms.operation(operation) for operation in Operation if resource.approvals.get(operation) == profile
        ]
        lines.append(f"• {terms.resource(resource.kind)} *{inline(resource.name, 80)}*: {', '.join(operations)}")
    if len(resources) > MOST_RESOURCES:
        lines.append(f"• and {len(resources) - MOST_RESOURCES} more resources")
    lines = lines or ["No resource uses it."]
    others = [request_name(request) for request in page.uses.requests if request not in blocked]
    if others or not page.blocked:
        lines.append(f"Open requests: {listed(others, MOST_REQUESTS, 'none')}.")
    if page.blocked:
        names = listed([request_name(request) for request in page.blocked], MOST_REQUESTS, "none")
        lines.append(f"Blocked until this profile has enough approvers: {names}.")
    return lines


def profile_history(history: History) -> View:
    """Versions, newest first, each with what it changed."""
    key = history.profile
    previous, following = Action.PROFILE_HISTORY_PREVIOUS, Action.PROFILE_HISTORY_NEXT
    buttons = [
        button("Back to the profile", Action.PROFILE_OPEN, key, f"Back to the profile {key}"),
        *turns(history.slice, previous, following, lambda page: str(VersionPlace(key=key, number=page))),
    ]
    blocks: list[Block] = [
        header(history.name),
        *(block for edition in history.editions for block in _edition(edition, history.team)),
        divider(),
        *actions("history:page", buttons),
        context(range_of(history.slice, lambda versions: count(versions, "version"))),
    ]
    return View(
        type="modal", callback_id=Callback.PROFILE_HISTORY, title="Versions", close=common.CLOSE, blocks=blocks,
        private_metadata=str(key),
    )  # fmt: skip


def _edition(edition: Edition, team: str) -> list[Block]:
    version = edition.version
    lines = list(difference_lines(edition.changes, team))
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"• and {len(lines) - MOST_LINES} more changes"]
    unchanged = (
        f"First version: {count(len(version.steps), 'step')}." if version.number == 1 else "Restored without changes."
    )
    return [
        section(f"*Version {version.number}*{saved_words(edition.saved)}"),
        *list(packed(lines or [unchanged]))[:15],
    ]
