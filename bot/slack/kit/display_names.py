"""Names for what a message shows, looked up in the mirror: people by their id, groups and roles by their key."""

from collections.abc import Iterable

from bot.slack.kit.blocks.labels import Labels, named_in
from domain.approvals.profiles import Approvers
from domain.approvals.requests import Request
from domain.approvals.solvability import People
from domain.people.people import GroupId, Person, PersonId, RoleId
from domain.ports import Reading


async def labels_for(reading: Reading, requests: Iterable[Request]) -> Labels:
    """Everything that drawing *requests* has to be able to name, as it is called now."""
    named = named_in(requests)
    names = await reading.people.names(named.groups, named.roles)
    return Labels(
        people={one.id: one.name for one in (await reading.people.identities(named.people)).values()},
        groups={GroupId(key): names[f"group:{key}"] for key in named.groups if f"group:{key}" in names},
        roles={RoleId(key): names[f"role:{key}"] for key in named.roles if f"role:{key}" in names},
    )


def as_approver(person: PersonId, approvers: Approvers, people: People) -> Person:
    """*person* with those groups and roles of *approvers* that they are in now."""
    return Person(
        id=person,
        groups=frozenset(group for group in approvers.groups if person in people(Approvers(groups=(group,)))),
        roles=frozenset(role for role in approvers.roles if person in people(Approvers(roles=(role,)))),
    )
