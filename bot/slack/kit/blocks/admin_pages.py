"""What the pages of profiles and resources share: a list to search, the head and the buttons of a page, the end of a form."""

from collections.abc import Iterator, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ListPlace
from bot.slack.kit.blocks.inputs import line_of_text
from bot.slack.kit.blocks.layout import actions, button, context, divider, header, packed, said, section, sure_to_delete
from bot.slack.kit.blocks.paging import range_of, turns
from bot.slack.kit.blocks.text import inline, mention, weight, when
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common
from bot.slack.kit.texts.grammar import capital, count
from domain.audit.entries import Source
from domain.ports import RecordedEntry
from domain.workflow.configuration.profile_pages import Slice

LINE: Final = 2500
"""How much of a list of names stands in one line of mrkdwn."""


def searched_list(
    callback: Callback, what: str, rows: Sequence[Block], part: Slice, *, field: Field, search: str, note: str, empty: str,
    buttons: Sequence[InteractiveElement], previous: Action, following: Action,
) -> View:  # fmt: skip
    """A page of a list with a field to search in. *what* names one of the things in the list, for example `resource`.

    *empty* is shown if there is nothing to list, *note*, mrkdwn, above everything else.
    """
    blocks: list[Block] = [
        *([section(note)] if note else []),
        line_of_text(
            f"{field}:list", Action(field.value), common.SEARCH_BY_NAME, least=0, most=80, initial=search, optional=True,
            on_enter=True,
        ),
    ]  # fmt: skip
    if not rows:
        blocks.append(section(f"No {what}s match your search." if search else empty))
    pages = turns(part, previous, following, lambda page: str(ListPlace(page=page, search=search)))
    blocks += [*rows, *actions(f"{callback}:do", [*buttons, *pages])]
    blocks.append(context(range_of(part, lambda number: count(number, what))))
    return View(
        type="modal", callback_id=callback, title=capital(f"{what}s"), submit=common.SEARCH, close=common.CLOSE, blocks=blocks,
        private_metadata=str(ListPlace(page=part.page, search=search)),
    )  # fmt: skip


def page_head(name: str, identity: str, saved: RecordedEntry | None, description: str, note: str) -> list[Block]:
    """The head of a page. *identity*, mrkdwn, says its key; *note*, mrkdwn, what has just been done."""
    return [
        *([*packed(note.split("\n")), divider()] if note else []),
        header(name),
        context(identity + saved_words(saved)),
        *([said(description, 2000)] if description else []),
    ]


def saved_words(saved: RecordedEntry | None) -> str:
    """When something was saved, by whom and from where, to follow its key; empty if the audit log does not say."""
    if saved is None:
        return ""
    by = f" by {mention(saved.entry.by)}" if saved.entry.by is not None else ""
    where = {Source.SLACK: " in Slack", Source.CLI: " from the configuration file"}.get(saved.source, "")
    return f", saved {when(saved.entry.at)}{by}{where}"


def page_buttons(
    what: str, key: str, looking: Sequence[InteractiveElement], *, may_edit: bool, edit: Action, delete: Action, seen: str,
    consequence: str,
) -> list[InteractiveElement]:  # fmt: skip
    """*looking*, which everybody has, and the buttons to edit and delete *what* has this *key*, for those who may.

    *seen* is what the button to delete carries, *consequence* a sentence about what deleting means.
    """
    if not may_edit:
        return list(looking)
    sure = sure_to_delete(f"Delete this {what}?", consequence)
    return [
        button(common.EDIT, edit, key, f"Edit the {what} {key}", style="primary"),
        *looking,
        button(common.DELETE, delete, seen, f"Delete the {what} {key}", style="danger", confirm=sure),
    ]


def form_end(key: str | None, page: Action, whole_list: Action) -> list[Block]:
    """The end of a form: the key, None for something new, and the way back."""
    about = common.key_stays(inline(key, 80)) if key is not None else common.KEY_FOLLOWS
    return [context(about), *form_back(key, page, whole_list)]


def form_back(key: str | None, page: Action, whole_list: Action) -> list[Block]:
    """The button back from a form to the *page* of what has this *key*, or to the *whole_list* for something new."""
    if key is None:
        back = button(common.BACK_WITHOUT_SAVING, whole_list, str(ListPlace()), common.BACK_TO_LIST)
    else:
        back = button(common.BACK_WITHOUT_SAVING, page, key, common.back_to(key))
    return actions("form:back", [back])


def folded(line: str) -> Iterator[str]:
    """*line*, split at its commas into several if it is longer than a line may be."""
    text = ""
    for part in line.split(", "):
        if text and weight(text) + weight(part) > LINE:
            yield text + ","
            text = "    " + part
        else:
            text = f"{text}, {part}" if text else part
    yield text
