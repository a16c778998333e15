"""Whom a message in a channel calls by mentioning them, so that they hear of it: once, when it is posted.

A user group of Slack is mentioned as a whole where a group or role of the step follows it; everybody else who may decide is named. Somebody
who may approve but is not to be notified is never called: a user group that they are in is not mentioned, and its others are named instead.
"""

from collections.abc import Collection, Iterable
from typing import Final

from domain.approvals.eligibility import People, eligible
from domain.approvals.requests import Request
from domain.common.frozen import Frozen
from domain.people.people import Group, PersonId, Role, UserGroup

MOST: Final = 20
"""How many people one message names; more belong into a user group."""


class Called(Frozen):
    """The user groups, by their ids in Slack, and the people whom a message mentions."""

    usergroups: tuple[str, ...] = ()
    people: tuple[PersonId, ...] = ()
    more: int = 0
    """How many more there are, whom it does not mention."""

    def __bool__(self) -> bool:
        return bool(self.usergroups or self.people)


NOBODY: Final = Called()


class Teams(Frozen):
    """The groups, roles and user groups that there are."""

    groups: tuple[Group, ...] = ()
    roles: tuple[Role, ...] = ()
    usergroups: tuple[UserGroup, ...] = ()


def called(request: Request, gate: int, number: int, teams: Teams, people: People) -> Called:
    """Whom a message in a channel mentions, about step *number* at *gate*: those who may decide on it."""
    item = request.work_items[gate]
    step, approvers = item.profile.steps[number], item.approvers(number)
    silent = frozenset(people(step.notify.silent)) if step.notify.silent else frozenset()
    named = {
        team.usergroup
        for team in (*_of(teams.groups, approvers.groups), *_of(teams.roles, approvers.roles))
        if team.usergroup is not None
    }
    mentioned = [one for one in teams.usergroups if one.id in named and one.members and silent.isdisjoint(one.members)]
    covered = frozenset[PersonId]().union(*(one.members for one in mentioned))
    named_singly = eligible(request, gate, number, people).own - silent - covered
    ordered = sorted(named_singly, key=lambda one: (one not in approvers.users, one))
    return Called(
        usergroups=tuple(sorted(one.id for one in mentioned)),
        people=tuple(ordered[:MOST]),
        more=max(0, len(ordered) - MOST),
    )


def together(calls: Iterable[Called]) -> Called:
    """Everybody whom any of *calls* mentions, once."""
    calls = tuple(calls)
    people = tuple(dict.fromkeys(person for one in calls for person in one.people))
    return Called(
        usergroups=tuple(sorted({group for one in calls for group in one.usergroups})),
        people=people[:MOST],
        more=sum(one.more for one in calls) + max(0, len(people) - MOST),
    )


def _of(teams: Iterable[Group | Role], keys: Collection[str]) -> list[Group | Role]:
    return [team for team in teams if team.key in keys]
