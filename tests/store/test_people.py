"""Who somebody is now, as the mirror and the lists say."""

from domain.people import (
    Group,
    GroupId,
    Role,
    RoleId,
    UserGroup,
)
from domain.profiles import Approvers
from domain.store import SqlStore
from tests.databases import seed
from tests.rules.build import ANN, BOB, CAT, DAN, pid

LISTED = Group(key="listed", name="Listed", members=(BOB.id, ANN.id))
FOLLOWING = Group(key="following", name="Following", usergroup="S1")
HELD = Role(key="held", name="Held", usergroup="S1", holders=(DAN.id,))
S1 = UserGroup(id="S1", handle="pki", name="PKI", members=(ANN.id, CAT.id))


async def test_groups_and_roles_come_from_lists_and_from_user_groups(store: SqlStore) -> None:
    await seed(store, people=[ANN, BOB, CAT, DAN], usergroups=[S1], groups=[LISTED, FOLLOWING], roles=[HELD])
    both = {GroupId("listed"), GroupId("following")}
    async with store.reading() as reading:
        assert await reading.person(ANN.id) == ANN.replace(groups=both, roles={RoleId("held")})
        assert await reading.person(BOB.id) == BOB.replace(groups={GroupId("listed")})
        assert await reading.person(DAN.id) == DAN.replace(roles={RoleId("held")})
        assert await reading.person(pid("nobody")) is None


async def test_somebody_in_a_group_whom_the_mirror_does_not_know_is_nobody(store: SqlStore) -> None:
    await seed(store, groups=[LISTED])
    async with store.reading() as reading:
        assert await reading.person(ANN.id) is None
        assert await reading.people_of(Approvers(users=(ANN.id,), groups=(GroupId("listed"),))) == frozenset()
