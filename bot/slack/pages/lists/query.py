"""Which requests a list shows, as it is typed: `all approved operation:issue by:@ann before:57`."""

import re
from datetime import date
from enum import StrEnum
from typing import Any, Final

from bot.slack.kit.ids import COMMAND
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.payloads.faults import Misused
from bot.slack.kit.payloads.typed_text import one_of, unescape, unquote
from bot.slack.kit.texts import commands as texts
from bot.slack.kit.texts.commands import Argument, Subcommand, usage
from domain.approvals.status import RequestStatus
from domain.common.operations import Operation
from domain.people.people import PersonId, person_id


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
            known = one_of(word.lower(), [*_STATUSES], Argument.STATUS, Subcommand.LIST)
            statuses |= _STATUSES[known]
    return List(**facts, statuses=statuses or None)


def _filter(name: str, value: str, team: str) -> dict[str, Any]:
    name = one_of(
        name, ["status", "operation", "resource", "by", "from", "to", "before"], Argument.FILTER, Subcommand.LIST
    )
    match name:
        case "status":
            return {"statuses": _STATUSES[one_of(value.lower(), [*_STATUSES], Argument.STATUS, Subcommand.LIST)]}
        case "operation":
            names = [operation.value for operation in Operation]
            chosen = one_of(value.lower().replace("-", "_"), names, Argument.OPERATION, Subcommand.LIST)
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
        raise Misused(problem=f"“{unescape(value)[:40]}” is nobody here.", usage=f"{COMMAND} list all by:@somebody")
    return person_id(team, found[1])


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 18):
        raise Misused(problem=f"“{unescape(value)[:40]}” is no number.", usage=usage(Subcommand.LIST))
    return int(value)


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Misused(problem=f"“{unescape(value)[:40]}” is no date.", usage=texts.LIST_DATES) from None
    if not 1970 <= day.year <= 9998:
        raise Misused(problem="That date is too far away.", usage=texts.LIST_DATES)
    return day
