"""What tests of changing the configuration share: a store that has met a workspace, and short looks into it."""

from typing import Any, Final

from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.resources import Resource, ResourceKind
from domain.approvals.status import WorkItemStatus
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.configuration.file_model import Configuration
from domain.people.people import ADMINISTRATOR, Role
from domain.ports import RecordedEntry, Workspace
from domain.store import SqlStore
from tests.databases import seed
from tests.domain.configuration.states import PEOPLE, TEAM, USERGROUPS, file, pid
from tests.domain.store.build import loaded

ADMIN: Final = pid("ANN")
CLI: Final = Source.CLI
RA: Final = ResourceKind.RA_PROFILE
WEB: Final = ProfileId("web")
WEB_RESOURCE: Final = Resource(key="public", kind=RA, name="Public", approvals={Operation.ISSUE: "web"})


async def meet_workspace(store: SqlStore) -> None:
    """Ann is an administrator; nothing else is configured."""
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.save_workspace(Workspace(team=TEAM, name="Test"))
    await seed(
        store, people=PEOPLE.values(), usergroups=USERGROUPS,
        roles=[Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN,))],
    )  # fmt: skip


def web(*users: str, required: int = 1, **more: Any) -> dict[str, Any]:
    """The profile `web` in a file: one step, which *users* approve."""
    approvers = {"users": [f"U{user}" for user in users]} if users else {}
    return {"name": "Web", "steps": [{"name": "Security", "required": required, "approvers": approvers}], **more}


def with_web(*users: str, **more: Any) -> Configuration:
    return file(profiles={"web": web(*users, **more)})


async def recorded(store: SqlStore) -> tuple[RecordedEntry, ...]:
    async with store.reading() as reading:
        return await reading.audit.chain("countersign")


async def present(store: SqlStore, key: str = "web") -> ProfileVersion | None:
    async with store.reading() as reading:
        return await reading.profiles.get(ProfileId(key))


async def status(store: SqlStore, number: int) -> tuple[WorkItemStatus, int]:
    """The status of the first work item of request *number*, and the version that it is under."""
    [item] = (await loaded(store, number)).work_items
    return item.status, item.profile.number
