"""Whom a message in a channel mentions when it is posted, so that Slack notifies them.

A Slack user group is mentioned as a whole if a group or role of the step follows it; everybody else who may decide is mentioned by name.
An approver who is not to be notified is never mentioned: neither is a user group that they belong to, whose other members are mentioned by
name instead.
"""

from collections.abc import Collection, Iterable
from typing import Final

from domain.approvals.eligibility import People, eligible
from domain.approvals.requests import Request
from domain.common.frozen import Frozen
from domain.people.people import Group, PersonId, Role, UserGroup

MOST: Final = 20
"""The most people that one message mentions; more people belong in a user group."""


class Mentions(Frozen):
    """The user groups, by their ids in Slack, and the people that a message mentions."""

    usergroups: tuple[str, ...] = ()
    people: tuple[PersonId, ...] = ()
    more: int = 0
    """The number of people beyond the limit, who are not mentioned."""

    def __bool__(self) -> bool:
        return bool(self.usergroups or self.people)


NOBODY: Final = Mentions()


class Teams(Frozen):
    """All groups, roles and user groups."""

    groups: tuple[Group, ...] = ()
    roles: tuple[Role, ...] = ()
    usergroups: tuple[UserGroup, ...] = ()


def mentions_for(request: Request, gate: int, number: int, teams: Teams, people: People) -> Mentions:
    """Whom a message in a channel mentions, about step *number* at *gate*: those who may decide on it."""
    item = request.work_items[gate]
    step, approvers = item.profile.steps[number], item.approvers(number)
    silent = frozenset(people(step.notify.silent)) if step.notify.silent else frozenset()
    linked = {
        team.usergroup
        for team in (*_of(teams.groups, approvers.groups), *_of(teams.roles, approvers.roles))
        if team.usergroup is not None
    }
    mentioned = [
        group for group in teams.usergroups if group.id in linked and group.members and silent.isdisjoint(group.members)
    ]
    covered = frozenset[PersonId]().union(*(group.members for group in mentioned))
    singly = eligible(request, gate, number, people).own - silent - covered
    ordered = sorted(singly, key=lambda person: (person not in approvers.users, person))
    return Mentions(
        usergroups=tuple(sorted(group.id for group in mentioned)),
        people=tuple(ordered[:MOST]),
        more=max(0, len(ordered) - MOST),
    )


def merged(calls: Iterable[Mentions]) -> Mentions:
    """Everybody that any of *calls* mentions, once each."""
    calls = tuple(calls)
    people = tuple(dict.fromkeys(person for call in calls for person in call.people))
    return Mentions(
        usergroups=tuple(sorted({group for call in calls for group in call.usergroups})),
        people=people[:MOST],
        more=sum(call.more for call in calls) + max(0, len(people) - MOST),
    )


def _of(teams: Iterable[Group | Role], keys: Collection[str]) -> list[Group | Role]:
    return [team for team in teams if team.key in keys]
