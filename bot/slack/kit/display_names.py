"""Names for what a message shows, looked up in the mirror: people by their id, groups and roles by their key."""

from collections.abc import Iterable

from bot.slack.kit.blocks.labels import Labels, named_in
from domain.approvals.requests import Request
from domain.people.people import GroupId, RoleId
from domain.ports import Reading


async def labels_for(reading: Reading, requests: Iterable[Request]) -> Labels:
    """Everything that drawing *requests* has to be able to name, as it is called now."""
    named = named_in(requests)
    names = await reading.people.names(named.groups, named.roles)
    return Labels(
        people={identity.id: identity.name for identity in (await reading.people.identities(named.people)).values()},
        groups={GroupId(key): names[f"group:{key}"] for key in named.groups if f"group:{key}" in names},
        roles={RoleId(key): names[f"role:{key}"] for key in named.roles if f"role:{key}" in names},
    )
