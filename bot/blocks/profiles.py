"""Approval profiles to look at: the list, one of them with all that uses it, and its history. All in one modal, which is drawn anew."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ConfirmObject, InteractiveElement, PlainTextObject, SectionBlock
from slack_sdk.models.views import View

from bot.blocks.inputs import line_of_text
from bot.blocks.labels import Labels
from bot.blocks.layout import actions, button, context, divider, fields, header, mrkdwn, packed, said, section
from bot.blocks.managing_places import ListPlace, VersionPlace
from bot.blocks.paging import range_of, turns
from bot.blocks.profile_words import difference_lines, step_lines, terms, warning_lines
from bot.blocks.text import count, inline, mention, when
from bot.ids import Action, Callback, Field
from domain.audit import Source
from domain.operations import Operation
from domain.ports import RecordedEntry
from domain.profiles import ProfileVersion
from domain.requests import request_name
from domain.resources import Resource
from domain.workflow.profile_pages import Edition, History, ProfileList, ProfilePage

MOST_REQUESTS: Final = 60
MOST_RESOURCES: Final = 60
MOST_LINES: Final = 40
"""How many lines say what one version changed."""
BLOCKS: Final = 90
_NONE_YET: Final = (
    "There is no approval profile yet. One says who has to approve, in which steps; bound to a resource, it gates what is "
    "done there."
)


def profile_list(found: ProfileList, note: str = "") -> View:
    """A page of the profiles, with a field to search in."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        line_of_text(
            f"{Field.PROFILE_SEARCH}:list", Action.PROFILE_SEARCH, "Search by name or key", least=0, most=80,
            initial=found.search, optional=True, on_enter=True,
        ),
    ]  # fmt: skip
    if not found.profiles:
        blocks.append(section("No approval profile matches." if found.search else _NONE_YET))
    blocks.extend(_row(one, found.bound.get(one.profile, 0)) for one in found.profiles)
    new = [button("New profile", Action.PROFILE_NEW, "new", "Create an approval profile", style="primary")]
    pages = turns(
        found.slice,
        Action.PROFILES_PREVIOUS,
        Action.PROFILES_NEXT,
        lambda page: str(ListPlace(page=page, search=found.search)),
    )
    blocks.extend(actions("profiles:do", [*(new if found.may_edit else []), *pages]))
    blocks.append(context(range_of(found.slice, "approval profile")))
    place = ListPlace(page=found.slice.page, search=found.search)
    return View(
        type="modal", callback_id=Callback.PROFILES, title="Approval profiles", submit="Search", close="Close", blocks=blocks,
        private_metadata=str(place),
    )  # fmt: skip


def _row(version: ProfileVersion, bound: int) -> SectionBlock:
    definition = version.definition
    missing = "" if definition.has_approvers else " *No approvers at one of its steps.*"
    lines = [
        f"*{inline(version.name, 80)}*, version {version.number}",
        f"{count(len(version.steps), 'step')}, gates {count(bound, 'resource') if bound else 'nothing'}.{missing}",
    ]
    open_it = button("Open", Action.PROFILE_OPEN, version.profile, f"Open the approval profile {version.profile}")
    return SectionBlock(text=mrkdwn("\n".join(lines)), accessory=open_it)


def profile_page(page: ProfilePage, labels: Labels, note: str = "") -> View:
    """One profile: all of its present version, and what uses it. *note*, in mrkdwn, says what has just been done."""
    version, definition = page.version, page.version.definition
    steps = [line for number, step in enumerate(version.steps, 1) for line in step_lines(number, step, labels)]
    head: list[Block] = [
        *([*packed(note.split("\n")), divider()] if note else []),
        header(version.name),
        context(f"Key {inline(version.profile, 80)}, version {version.number}{saved_words(page.saved)}"),
        *([said(definition.description, 2000)] if definition.description else []),
        fields(terms(definition)),
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
    blocks = [*head, header("Steps"), *shown, *warned, *tail]
    return View(
        type="modal", callback_id=Callback.PROFILE, title="Approval profile", close="Close", blocks=blocks,
        private_metadata=version.profile,
    )  # fmt: skip


def _page_buttons(page: ProfilePage) -> list[InteractiveElement]:
    key = page.version.profile
    looking: list[InteractiveElement] = [
        button("Versions", Action.PROFILE_HISTORY, str(VersionPlace(key=key)), f"All versions of {key}"),
        button("All profiles", Action.PROFILES, str(ListPlace()), "Back to all approval profiles"),
    ]
    if not page.may_edit:
        return looking
    sure = ConfirmObject(
        title="Delete this profile?",
        text=PlainTextObject(text="It leaves the list. Its history stays readable.", emoji=False),
        confirm="Delete",
        deny="Keep it",
        style="danger",
    )
    place = VersionPlace(key=key, number=page.version.number)
    return [
        button("Edit", Action.PROFILE_EDIT, key, f"Edit the approval profile {key}", style="primary"),
        *looking,
        button("Delete", Action.PROFILE_DELETE, str(place), f"Delete the approval profile {key}", style="danger", confirm=sure),
    ]  # fmt: skip


def _uses(page: ProfilePage) -> list[str]:
    resources, blocked = page.uses.resources, set(page.blocked)
    lines = [
        f"• {one.kind.label} *{inline(one.name, 80)}*: {_gated(one, page.version)}"
        for one in resources[:MOST_RESOURCES]
    ]
    if len(resources) > MOST_RESOURCES:
        lines.append(f"• and {len(resources) - MOST_RESOURCES} more resources")
    lines = lines or ["No resource is bound to it."]
    lines.append(f"Open requests: {_numbers([one for one in page.uses.requests if one not in blocked])}.")
    if page.blocked:
        lines.append(f"Blocked, waiting for it to get its approvers: {_numbers(page.blocked)}.")
    return lines


def _gated(resource: Resource, version: ProfileVersion) -> str:
    """The operations that *version* gates at *resource*."""
    return ", ".join(one.label for one in Operation if resource.approvals.get(one) == version.profile)


def _numbers(requests: Sequence[int]) -> str:
    named = ", ".join(request_name(one) for one in requests[:MOST_REQUESTS])
    more = len(requests) - MOST_REQUESTS
    return (named + (f" and {more} more" if more > 0 else "")) or "none"


def saved_words(saved: RecordedEntry | None) -> str:
    """When something was saved, by whom and from where, to go on with; empty where the record does not say."""
    if saved is None:
        return ""
    who = f" by {mention(saved.entry.by)}" if saved.entry.by is not None else ""
    where = {Source.SLACK: "in Slack", Source.CLI: "from the configuration file"}.get(saved.source, "")
    return f", saved {when(saved.entry.at)}{who}" + (f" {where}" if where else "")


def profile_history(history: History) -> View:
    """Versions, newest first, each with what it changed."""
    blocks: list[Block] = [header(history.name)]
    for one in history.editions:
        blocks.extend(_edition(one, history.team))
    previous, following = Action.PROFILE_HISTORY_PREVIOUS, Action.PROFILE_HISTORY_NEXT
    buttons: list[InteractiveElement] = [
        button("Back to the profile", Action.PROFILE_OPEN, history.profile, f"Back to {history.profile}"),
        *turns(history.slice, previous, following, lambda page: str(VersionPlace(key=history.profile, number=page))),
    ]
    blocks.extend([divider(), *actions("history:page", buttons), context(range_of(history.slice, "version"))])
    return View(
        type="modal", callback_id=Callback.PROFILE_HISTORY, title="Versions", close="Close", blocks=blocks,
        private_metadata=str(history.profile),
    )  # fmt: skip


def _edition(edition: Edition, team: str) -> list[Block]:
    lines = list(difference_lines(edition.changes, team))
    more = len(lines) - MOST_LINES
    lines = [*lines[:MOST_LINES], *([f"• and {more} more changes"] if more > 0 else [])]
    first = [f"The first: {count(len(edition.version.steps), 'step')}."] if edition.version.number == 1 else []
    return [
        section(f"*Version {edition.version.number}*{saved_words(edition.saved)}"),
        *list(packed(lines or first or ["Brought back as it was."]))[:15],
    ]
