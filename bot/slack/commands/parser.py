"""`/approval …`: what somebody typed → what they ask for.

Slack escapes what is typed (`should_escape` in the manifest): mentions and links arrive in angle brackets and `& < >` as entities. Text
that is kept is turned back into what was typed.
"""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, Final

from bot.slack.kit.ids import COMMAND
from bot.slack.kit.payloads.faults import BadInput, Misused
from bot.slack.kit.payloads.raw import RawCommand, read
from bot.slack.kit.payloads.typed_text import one_of, unescape, unquote
from bot.slack.kit.payloads.who import Who, member
from bot.slack.kit.texts.commands import Argument, Subcommand, usage
from bot.slack.pages.delegations.command import Delegate, parse_delegate
from bot.slack.pages.lists.query import List, parse_list
from bot.slack.pages.people.command import People, parse_people
from domain.approvals.decisions import Verdict
from domain.approvals.requests import RequestId, request_id
from domain.common.errors import NoSuchRequest
from domain.common.frozen import Frozen
from domain.common.operations import Operation


class Waiting(Frozen):
    """No subcommand: what waits on me."""


class Submit(Frozen):
    operation: Operation | None = None


class Show(Frozen):
    request: RequestId


class Cancel(Frozen):
    request: RequestId
    reason: str = ""


class Resubmit(Frozen):
    request: RequestId


class Comment(Frozen):
    request: RequestId
    text: str


class Override(Frozen):
    request: RequestId
    verdict: Verdict | None = None
    reason: str = ""


class Profiles(Frozen):
    """Approval profiles, those with something in their name or key."""

    search: str = ""


class Health(Frozen):
    """What could not be delivered, what is stuck or late."""


class Resources(Frozen):
    """Resources, those with something in their name or key."""

    search: str = ""


class Help(Frozen):
    """The list of subcommands."""


class Unknown(Frozen):
    """No subcommand at all, and those it looks like, best first."""

    word: str
    nearest: tuple[str, ...] = ()


Asked = (
    Waiting
    | Delegate
    | People
    | Submit
    | List
    | Show
    | Cancel
    | Resubmit
    | Comment
    | Override
    | Profiles
    | Resources
    | Health
    | Help
    | Unknown
)


class Command(Frozen):
    """A slash command that makes sense."""

    who: Who
    channel: str
    trigger_id: str
    response_url: str
    asked: Asked


def read_command(body: Any) -> Command:
    """A slash command. Raises BadInput for a payload that is none, Misused where the subcommand needs something else."""
    raw = read(RawCommand, body)
    if raw.command != COMMAND:
        raise BadInput(what="it is another command")
    return Command(
        who=member(raw.team_id, raw.user_id),
        channel=raw.channel_id,
        trigger_id=raw.trigger_id,
        response_url=raw.response_url,
        asked=parse_command(raw.text, raw.team_id),
    )


def parse_command(text: str, team: str) -> Asked:
    """What *text*, typed after `/approval` by somebody of *team*, asks for. Raises Misused."""
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if not word:
        return Waiting()
    if word.lower() in set(Subcommand):
        return _PARSERS[Subcommand(word.lower())](rest, team)
    try:
        return Show(request=request_id(word))
    except NoSuchRequest:
        near = get_close_matches(word.lower()[:40], [subcommand.value for subcommand in Subcommand], n=2, cutoff=0.5)
        return Unknown(word=unescape(word)[:40], nearest=tuple(near))


def _request_and_rest(text: str, subcommand: Subcommand) -> tuple[RequestId, str]:
    word, _, rest = text.partition(" ")
    if not word:
        raise Misused(problem="Say which request.", usage=usage(subcommand))
    try:
        return request_id(word), unquote(unescape(rest))
    except NoSuchRequest:
        raise Misused(problem=f"“{unescape(word)[:40]}” is no request.", usage=usage(subcommand)) from None


def _submit(text: str, _team: str) -> Asked:
    word = text.partition(" ")[0].lower().replace("-", "_")
    if not word:
        return Submit()
    return Submit(
        operation=Operation(
            one_of(word, [operation.value for operation in Operation], Argument.OPERATION, Subcommand.SUBMIT)
        )
    )


def _show(text: str, _team: str) -> Asked:
    return Show(request=_request_and_rest(text, Subcommand.SHOW)[0])


def _cancel(text: str, _team: str) -> Asked:
    request, reason = _request_and_rest(text, Subcommand.CANCEL)
    return Cancel(request=request, reason=reason)


def _delegate(text: str, team: str) -> Asked:
    asked = parse_delegate(text, team)
    return asked.replace(reason=unquote(unescape(asked.reason)))


def _resubmit(text: str, _team: str) -> Asked:
    return Resubmit(request=_request_and_rest(text, Subcommand.RESUBMIT)[0])


def _comment(text: str, _team: str) -> Asked:
    request, said = _request_and_rest(text, Subcommand.COMMENT)
    if not said:
        raise Misused(problem="Say something.", usage=usage(Subcommand.COMMENT))
    return Comment(request=request, text=said)


def _override(text: str, _team: str) -> Asked:
    request, rest = _request_and_rest(text, Subcommand.OVERRIDE)
    word, _, reason = rest.partition(" ")
    if not word:
        return Override(request=request)
    verdict = one_of(word.lower(), [verdict.value for verdict in Verdict], Argument.OUTCOME, Subcommand.OVERRIDE)
    return Override(request=request, verdict=Verdict(verdict), reason=unquote(reason))


def _profiles(text: str, _team: str) -> Asked:
    return Profiles(search=unquote(unescape(text))[:80])


def _resources(text: str, _team: str) -> Asked:
    return Resources(search=unquote(unescape(text))[:80])


def _health(_text: str, _team: str) -> Asked:
    return Health()


def _help(_text: str, _team: str) -> Asked:
    return Help()


_PARSERS: Final[dict[Subcommand, Callable[[str, str], Asked]]] = {
    Subcommand.SUBMIT: _submit,
    Subcommand.LIST: parse_list,
    Subcommand.SHOW: _show,
    Subcommand.CANCEL: _cancel,
    Subcommand.RESUBMIT: _resubmit,
    Subcommand.DELEGATE: _delegate,
    Subcommand.PEOPLE: parse_people,
    Subcommand.COMMENT: _comment,
    Subcommand.OVERRIDE: _override,
    Subcommand.PROFILES: _profiles,
    Subcommand.RESOURCES: _resources,
    Subcommand.HEALTH: _health,
    Subcommand.HELP: _help,
}
