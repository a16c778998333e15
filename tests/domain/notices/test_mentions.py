"""Whom a message in a channel mentions."""

from collections.abc import Iterable

from domain.approvals.profiles import Notify
from domain.notices.mentions import MOST, Mentions, Teams, mentions_for, merged
from domain.people.people import Group, Person, Role, UserGroup
from tests.rules.build import (
    ANN,
    BOB,
    CAT,
    REQUESTER,
    approve,
    approvers,
    people_among,
    profile,
    someone,
    step,
    waiting,
)

IN_PKI = [someone(name, groups=["pki"]) for name in ("Pia", "Per", "Pol")]
OFFICER = someone("Olga", roles=["officer"])
LISTED = [someone(name, groups=["listed"]) for name in ("Lea", "Leo")]
TEAMS = Teams(
    groups=(
        Group(key="pki", name="PKI", usergroup="S1"),
        Group(key="listed", name="Listed", members=tuple(one.id for one in LISTED)),
        Group(key="gone", name="Gone", usergroup="S9"),
        Group(key="other", name="Other", usergroup="S3"),
    ),
    roles=(Role(key="officer", name="Officer", usergroup="S2"),),
    usergroups=(
        UserGroup(id="S1", handle="pki", name="PKI", members=tuple(one.id for one in IN_PKI)),
        UserGroup(id="S2", handle="officers", name="Officers", members=(OFFICER.id,)),
        UserGroup(id="S3", handle="other", name="Other", members=(BOB.id,)),
    ),
)
CAST = (ANN, BOB, CAT, OFFICER, *IN_PKI, *LISTED)


def calls(
    *users: Person,
    silent: Person | None = None,
    cast: tuple[Person, ...] = CAST,
    groups: Iterable[str] = (),
    roles: Iterable[str] = (),
) -> Mentions:
    quiet = approvers(silent) if silent is not None else approvers()
    asked = step(*users, notify=Notify(channel="C1", silent=quiet), groups=groups, roles=roles)
    return mentions_for(waiting(profile(asked)), 0, 0, TEAMS, people_among(*cast))


def test_user_groups_are_mentioned_as_a_whole_and_everybody_else_by_name() -> None:
    assert calls(ANN, groups=["pki"], roles=["officer"]) == Mentions(usergroups=("S1", "S2"), people=(ANN.id,))
    assert calls(ANN, BOB) == Mentions(people=(ANN.id, BOB.id))
    assert calls(groups=["listed"]).people == tuple(sorted(one.id for one in LISTED))


def test_nobody_is_mentioned_twice() -> None:
    assert calls(IN_PKI[0], ANN, groups=["pki"]) == Mentions(usergroups=("S1",), people=(ANN.id,))


def test_who_is_not_to_be_notified_is_not_called_and_their_user_group_by_its_others() -> None:
    assert calls(ANN, BOB, silent=BOB).people == (ANN.id,)
    found = calls(ANN, groups=["pki"], silent=IN_PKI[0])
    assert found == Mentions(people=(ANN.id, *sorted(one.id for one in IN_PKI[1:])))


def test_who_cannot_decide_is_not_named() -> None:
    request = approve(waiting(profile(step(ANN, BOB, REQUESTER, required=2))), ANN)
    assert mentions_for(request, 0, 0, TEAMS, people_among(*CAST, REQUESTER)).people == (BOB.id,)
    assert calls(ANN, CAT, cast=(ANN,)).people == (ANN.id,), "nor who takes no part"


def test_a_user_group_that_is_gone_or_unknown_is_not_mentioned() -> None:
    assert not calls(groups=["gone", "nowhere"])


def test_a_message_names_only_so_many_and_those_first_whom_the_step_names() -> None:
    crowd = tuple(someone(f"C{number}", groups=["listed"]) for number in range(50))
    found = calls(someone("Zoe"), groups=["listed"], cast=(*crowd, someone("Zoe")))
    assert (len(found.people), found.more, found.people[0]) == (MOST, 31, someone("Zoe").id)


def test_calls_for_several_steps_mention_everybody_once() -> None:
    first = Mentions(usergroups=("S1",), people=(ANN.id, BOB.id), more=2)
    assert merged([first, Mentions(usergroups=("S1", "S2"), people=(BOB.id, CAT.id))]) == Mentions(
        usergroups=("S1", "S2"), people=(ANN.id, BOB.id, CAT.id), more=2
    )
    crowd = Mentions(people=tuple(someone(f"C{number}").id for number in range(MOST)))
    assert merged([first, crowd]).more == 4
    assert not merged([])
