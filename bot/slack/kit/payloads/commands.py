"""`/approval …`: what somebody typed → what they ask for.

Slack escapes what is typed (`should_escape` in the manifest): mentions and links arrive in angle brackets and `& < >` as entities. Text
that is kept is turned back into what was typed.
"""

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final

from bot.slack.kit.ids import COMMAND
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.payloads.delegate_command import Delegate, parse_delegate
from bot.slack.kit.payloads.faults import BadInput, Misused
from bot.slack.kit.payloads.people_command import People, parse_people
from bot.slack.kit.payloads.raw import RawCommand, read
from bot.slack.kit.payloads.who import Who, member
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts import commands as texts
from bot.slack.kit.texts.commands import Argument, Subcommand, usage
from domain.approvals.decisions import Verdict
from domain.approvals.requests import RequestId, request_id
from domain.approvals.status import RequestStatus
from domain.common.errors import NoSuchRequest
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import PersonId, person_id


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


class Scope(StrEnum):
    """Whose requests are listed."""

    MINE = "mine"
    WAITING = "waiting"
    RECENT = "recent"
    ALL = "all"


class List(Filter):
    """Whose requests are listed, narrowed by what."""

    scope: Scope = Scope.MINE
    before: int | None = None
    """Where the page begins."""

    def __str__(self) -> str:
        """As one would type it: `all approved operation:issue before:57`."""
        before = [f"before:{self.before}"] if self.before is not None else []
        return " ".join([self.scope.value, *self.words(), *before])


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


def command(body: Any) -> Command:
    """A slash command. Raises BadInput for a payload that is none, Misused where the subcommand needs something else."""
    raw = read(RawCommand, body)
    if raw.command != COMMAND:
        raise BadInput(what=bad_input.ANOTHER_COMMAND)
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
        near = get_close_matches(word.lower()[:40], [one.value for one in Subcommand], n=2, cutoff=0.5)
        return Unknown(word=unescape(word)[:40], nearest=tuple(near))


_MARKUP: Final = re.compile(r"<([^<>|\s]{1,2000})(?:\|([^<>]*))?>")


def unescape(text: str) -> str:
    """*text* as it was typed, before Slack escaped it."""
    text = _MARKUP.sub(_as_typed, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _as_typed(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target.startswith(("@", "#")):
        return target[0] + (label or target[1:])
    if target.startswith("!"):
        name = label or target[1:].partition("^")[0]
        return name if name.startswith("@") else f"@{name}"
    return label or target


_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»"}


def unquote(text: str) -> str:
    """*text* without the one pair of quotes around all of it."""
    text = text.strip()
    if len(text) >= 2 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        return text[1:-1].strip()
    return text


def _request_and_rest(text: str, subcommand: Subcommand) -> tuple[RequestId, str]:
    word, _, rest = text.partition(" ")
    if not word:
        raise Misused(problem=texts.SAY_WHICH_REQUEST, usage=usage(subcommand))
    try:
        return request_id(word), unquote(unescape(rest))
    except NoSuchRequest:
        raise Misused(problem=texts.no_request(unescape(word)[:40]), usage=usage(subcommand)) from None


def _submit(text: str, _team: str) -> Asked:
    word = text.partition(" ")[0].lower().replace("-", "_")
    if not word:
        return Submit()
    return Submit(
        operation=Operation(_one_of(word, [one.value for one in Operation], Argument.OPERATION, Subcommand.SUBMIT))
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
        raise Misused(problem=texts.SAY_SOMETHING, usage=usage(Subcommand.COMMENT))
    return Comment(request=request, text=said)


def _override(text: str, _team: str) -> Asked:
    request, rest = _request_and_rest(text, Subcommand.OVERRIDE)
    word, _, reason = rest.partition(" ")
    if not word:
        return Override(request=request)
    verdict = _one_of(word.lower(), [one.value for one in Verdict], Argument.OUTCOME, Subcommand.OVERRIDE)
    return Override(request=request, verdict=Verdict(verdict), reason=unquote(reason))


def _profiles(text: str, _team: str) -> Asked:
    return Profiles(search=unquote(unescape(text))[:80])


def _resources(text: str, _team: str) -> Asked:
    return Resources(search=unquote(unescape(text))[:80])


def _health(_text: str, _team: str) -> Asked:
    return Health()


def _help(_text: str, _team: str) -> Asked:
    return Help()


_WORD: Final = re.compile(r"""[^\s"“”„«»]*(?:"[^"]*"|“[^”]*”|„[^“]*“|«[^»]*»)|\S+""")
_STATUSES: Final[dict[str, frozenset[RequestStatus]]] = {
    **{status.value: frozenset({status}) for status in RequestStatus},
    "waiting": frozenset({RequestStatus.WAITING}),
    "pending": frozenset({RequestStatus.WAITING}),
    "open": frozenset({RequestStatus.WAITING}),
    "canceled": frozenset({RequestStatus.CANCELLED}),
    "closed": frozenset(status for status in RequestStatus if status.is_closed),
}


def parse_list(text: str, team: str) -> List:
    """Which requests *text*, typed after `list`, asks for. Raises Misused."""
    words = [found[0] for found in _WORD.finditer(text)]
    facts: dict[str, Any] = {}
    if words and words[0].lower() in set(Scope):
        facts["scope"] = Scope(words.pop(0).lower())
    statuses: frozenset[RequestStatus] = frozenset()
    for word in words:
        name, colon, value = word.partition(":")
        if colon and not word.startswith("<"):
            found = _filter(name.lower(), unquote(value), team)
            statuses |= found.pop("statuses", frozenset())
            facts.update(found)
        else:
            known = _one_of(word.lower(), [*_STATUSES], Argument.STATUS, Subcommand.LIST)
            statuses |= _STATUSES[known]
    return List(**facts, statuses=statuses or None)


def _filter(name: str, value: str, team: str) -> dict[str, Any]:
    name = _one_of(
        name, ["status", "operation", "resource", "by", "from", "to", "before"], Argument.FILTER, Subcommand.LIST
    )
    match name:
        case "status":
            return {"statuses": _STATUSES[_one_of(value.lower(), [*_STATUSES], Argument.STATUS, Subcommand.LIST)]}
        case "operation":
            names = [one.value for one in Operation]
            chosen = _one_of(value.lower().replace("-", "_"), names, Argument.OPERATION, Subcommand.LIST)
            return {"operation": Operation(chosen)}
        case "resource":
            return {"resource": unescape(value)[:200]}
        case "by":
            return {"requester": _person(value, team)}
        case "before":
            return {"before": _number(value)}
        case _:
            return {"created_from" if name == "from" else "created_to": _day(value)}


def _person(value: str, team: str) -> PersonId:
    found = re.fullmatch(r"<@([A-Z0-9]{1,32})(?:\|[^<>]*)?>", value)
    if found is None:
        raise Misused(problem=texts.nobody_here(unescape(value)[:40]), usage=texts.LIST_BY)
    return person_id(team, found[1])


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 18):
        raise Misused(problem=texts.no_number(unescape(value)[:40]), usage=usage(Subcommand.LIST))
    return int(value)


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Misused(problem=texts.no_date(unescape(value)[:40]), usage=texts.LIST_DATES) from None
    if not 1970 <= day.year <= 9998:
        raise Misused(problem=texts.DATE_TOO_FAR, usage=texts.LIST_DATES)
    return day


def _one_of(word: str, names: list[str], what: Argument, subcommand: Subcommand) -> str:
    """*word* if it is one of *names*. Raises Misused with the nearest one."""
    if word in names:
        return word
    near = get_close_matches(word[:40], names, n=1, cutoff=0.5)
    problem = texts.there_is_no(what, unescape(word)[:40], near[0] if near else None, names)
    raise Misused(problem=problem, usage=usage(subcommand))


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
