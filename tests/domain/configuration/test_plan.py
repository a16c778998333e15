"""From what is configured to what a file asks for: which changes, in which order, and what the author is told."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from domain.approvals.profiles import Approvers, CommentRule, Definition, Escalation, Notify, ProfileVersion
from domain.approvals.resources import Resource, ResourceKind
from domain.common.operations import Operation
from domain.configuration.current_state import CurrentState
from domain.configuration.differences import Difference, differences, lines_of
from domain.configuration.faults import InvalidConfiguration
from domain.configuration.file_content import file_content
from domain.configuration.file_model import parse_configuration
from domain.configuration.plan import ChangeType, Plan, content_of, make_plan, outcome
from domain.configuration.plan_warnings import administrators
from domain.people.people import ADMINISTRATOR, Group, Role, RoleId
from tests.domain.configuration.states import file, pid, present, profile, states, step

RA, CA = ResourceKind.RA_PROFILE, ResourceKind.CERTIFICATE_AUTHORITY
SECURITY = Group(key="security", name="Security", members=(pid("ANN"), pid("BOB")))


def deeds(plan: Plan) -> list[str]:
    return [f"{change.type} {change.kind} {change.key}" for change in plan.changes]


def faults(present: CurrentState, **sections: Any) -> list[str]:
    with pytest.raises(InvalidConfiguration) as raised:
        make_plan(file(**sections), present)
    return str(raised.value).splitlines()


def in_file(name: str = "Profile web", **approvers: Any) -> dict[str, Any]:
    """A profile of one step as a file has it."""
    return {"name": name, "steps": [{"name": "Security", "approvers": approvers or {"users": ["UANN"]}}]}


# The two laws


@settings(max_examples=50)
@given(states())
def test_what_was_exported_changes_nothing(state: CurrentState) -> None:
    plan = make_plan(parse_configuration(file_content(state)), state)
    assert plan.is_empty
    assert not plan.refusals


@settings(max_examples=40)
@given(states(), states())
def test_a_plan_leads_to_what_the_file_says_and_nothing_is_left_to_do(
    before: CurrentState, wanted: CurrentState
) -> None:
    content = file_content(wanted)
    retired = {key: 7 for key in wanted.profiles if key not in before.profiles}
    before = before.replace(retired=retired)
    plan = make_plan(parse_configuration(content), before)
    after = outcome(before, plan.changes)
    assert file_content(after) == content
    assert make_plan(parse_configuration(content), after).is_empty
    assert bool(plan.refusals) == bool(administrators(before) and not administrators(after))
    for key, version in after.profiles.items():
        old = before.profiles.get(key)
        changed = old is None or old.definition != version.definition
        assert version.number == (old.number if old else 7) + changed


# Creating, changing, deleting


def test_the_first_plan_creates_in_the_order_in_which_things_name_each_other() -> None:
    plan = make_plan(
        file(
            administrators=["UANN"],
            groups={"security": {"name": "Security", "members": ["UBOB"]}},
            roles={"custodian": {"name": "Custodian", "holders": ["UCAT"]}},
            profiles={"web": in_file(groups=["security"])},
            resources={
                "web": {
                    "kind": "ra_profile",
                    "name": "Web",
                    "certificate_authority": "z",
                    "approvals": {"issue": "web"},
                },
                "z": {"kind": "certificate_authority", "name": "Issuing"},
            },
        ),
        present(administrators=()),
    )
    assert deeds(plan) == [
        "create group security",
        "change role administrator",
        "create role custodian",
        "create profile web",
        "create resource z",
        "create resource web",
    ]


def test_an_edit_of_a_profile_is_its_next_version_and_says_what_differs() -> None:
    web = profile("web", step("ANN", "BOB", required=2), number=3)
    content = in_file(users=["UANN", "UCAT"])
    content["expires_after"] = "72h"
    [change] = make_plan(file(profiles={"web": content}), present(profiles=[web])).changes
    assert change.type is ChangeType.CHANGE
    first = make_plan(file(profiles={"web": content}), present()).changes[0].after
    assert isinstance(first, ProfileVersion)
    assert isinstance(change.after, ProfileVersion)
    assert change.after == web.next(first.definition)
    assert change.after.number == 4
    assert change.differences("T1") == (
        Difference(path="expires_after", before="never", after="3d"),
        Difference(path="steps[0].required", before=2, after=1),
        Difference(path="steps[0].approvers.users", before=["UANN", "UBOB"], after=["UANN", "UCAT"]),
    )


def test_reminders_and_escalations_are_differences_in_the_words_of_the_file() -> None:
    further = Escalation(after=timedelta(hours=36), approvers=Approvers(users=(pid("BOB"),)))
    web = profile("web", step("ANN").replace(escalation=further), remind_every=None)
    content = in_file()
    [change] = make_plan(file(profiles={"web": content}), present(profiles=[web])).changes
    assert change.differences("T1") == (
        Difference(path="remind_every", before="never", after="as usual"),
        Difference(path="steps[0].escalation", before={"after": "36h", "approvers": {"users": ["UBOB"]}}, after=None),
    )
    faulty = in_file()
    faulty["steps"][0]["escalation"] = {"after": "8h", "approvers": {"groups": ["securty"]}}
    assert faults(present(groups=[SECURITY]), profiles={"web": faulty}) == [
        "profiles.web.steps[0].escalation.approvers.groups[0]: there is no group 'securty'; did you mean 'security'?"
    ]


def test_what_comes_back_to_what_is_usual_is_said_as_that() -> None:
    """`Comment required: always → none` would say the opposite of what is so."""
    odd = Definition(
        name="Web",
        steps=(step("ANN").replace(notify=Notify(direct=False, channel="C1")),),
        expires_after=timedelta(days=3),
        remind_every=None,
        valid_for=timedelta(hours=8),
        requester_may_approve=True,
        comment_required=CommentRule.ALWAYS,
    )
    usual = Definition(name="Web", steps=(step("ANN"),), expires_after=timedelta(days=3))
    there, back = (
        content_of(ProfileVersion(profile="web", number=1, definition=odd)),
        content_of(ProfileVersion(profile="web", number=2, definition=usual)),
    )
    lines = [line for difference in differences(there, back) for line in lines_of(difference)]
    assert sorted(lines) == [
        "comment_required: always → reject",
        "remind_every: never → as usual",
        "requester_may_approve: true → false",
        "steps[0].notify.channel: C1 → none",
        "steps[0].notify.direct: false → true",
        "valid_for: 8h → for ever",
    ]
    away = [line for difference in differences(back, there) for line in lines_of(difference)]
    assert {"remind_every: as usual → never", "valid_for: for ever → 8h"} <= set(away)
    assert not any(" → " in line for difference in differences({}, there) for line in lines_of(difference))


def test_a_deleted_profile_that_comes_back_goes_on_counting() -> None:
    [change] = make_plan(file(profiles={"web": in_file()}), present(retired={"web": 4})).changes
    assert change.type is ChangeType.CREATE
    assert isinstance(change.after, ProfileVersion)
    assert change.after.number == 5


def test_a_section_that_is_there_manages_its_kind_entirely_and_no_other() -> None:
    state = present(
        groups=[SECURITY],
        roles=[Role(key="custodian", name="Custodian")],
        profiles=[profile("web")],
        resources=[Resource(key="lab", kind=RA, name="Laboratory")],
    )
    assert make_plan(file(), state).is_empty
    assert deeds(make_plan(file(groups={}), state)) == ["delete group security"]
    assert deeds(make_plan(file(roles={}), state)) == ["delete role custodian"]
    assert deeds(make_plan(file(profiles={}), state)) == ["delete profile web"]
    assert deeds(make_plan(file(resources={}), state)) == ["delete resource lab"]


def test_the_built_in_roles_belong_to_their_own_sections() -> None:
    state = present(administrators=["ANN"])
    assert deeds(make_plan(file(roles={}, auditors=["UBOB"]), state)) == ["change role auditor"]
    assert faults(state, roles={"administrator": {"name": "Administrator"}}) == [
        "roles.administrator: is built in: list its people under administrators"
    ]


def test_administrators_may_follow_a_user_group_too() -> None:
    [change] = make_plan(file(administrators={"users": ["UANN"], "usergroup": "@pki-admins"}), present()).changes
    assert change.after == Role(key=ADMINISTRATOR, name="Administrator", usergroup="S1", holders=(pid("ANN"),))


def test_another_order_of_members_is_no_change() -> None:
    jumbled = SECURITY.replace(members=(pid("BOB"), pid("ANN")))
    given_twice = ["bob@example.com", "UANN", "UBOB"]
    assert make_plan(
        file(groups={"security": {"name": "Security", "members": given_twice}}), present(groups=[jumbled])
    ).is_empty


def test_bindings_are_differences_of_the_resource() -> None:
    state = present(
        profiles=[profile("web"), profile("ca")],
        resources=[
            Resource(key="public", kind=RA, name="Public", approvals={Operation.ISSUE: "web", Operation.REVOKE: "web"})
        ],
    )
    content = {"kind": "ra_profile", "name": "Public", "approvals": {"issue": "ca", "rekey": "web"}}
    [change] = make_plan(file(resources={"public": content}), state).changes
    assert change.differences() == (
        Difference(path="approvals.issue", before="web", after="ca"),
        Difference(path="approvals.revoke", before="web", after=None),
        Difference(path="approvals.rekey", before=None, after="web"),
    )


# Names


def test_a_name_is_free_when_it_is_taken() -> None:
    state = present(profiles=[profile("a", name="First"), profile("b", name="Second"), profile("gone", name="Third")])
    plan = make_plan(file(profiles={"a": in_file("Second"), "b": in_file("third"), "c": in_file("FIRST")}), state)
    assert deeds(plan) == ["delete profile gone", "change profile b", "change profile a", "create profile c"]


def test_names_that_change_places_need_a_third() -> None:
    state = present(profiles=[profile("a", name="First"), profile("b", name="Second")])
    [a, b] = faults(state, profiles={"a": in_file("Second"), "b": in_file("First")})
    assert a.startswith("profiles.a.name: is still the name of profiles.b")
    assert b.startswith("profiles.b.name: is still the name of profiles.a")


def test_two_profiles_of_one_name_are_refused() -> None:
    assert faults(present(), profiles={"a": in_file("Web"), "b": in_file("wEB")}) == [
        "profiles.b.name: is also the name of profiles.a"
    ]


# References


def in_resources(kind: str = "ra_profile", **facts: Any) -> dict[str, Any]:
    """A file with one resource, `r`."""
    return {"resources": {"r": {"kind": kind, "name": "Res", **facts}}}


NOBODY = "nobody who is an active member has the address"


@pytest.mark.parametrize(
    ("sections", "place", "said"),
    [
        (
            {"profiles": {"web": in_file(groups=["securty"])}},
            "profiles.web.steps[0].approvers.groups[0]",
            "there is no group 'securty'; did you mean 'security'?",
        ),
        (
            {"profiles": {"web": in_file(roles=["boss"])}},
            "profiles.web.steps[0].approvers.roles[0]",
            "there is no role 'boss'",
        ),
        (
            {"administrators": ["ann@example.co"]},
            "administrators.users[0]",
            f"{NOBODY} 'ann@example.co'; did you mean 'ann@example.com'?",
        ),
        ({"auditors": ["old@example.com"]}, "auditors.users[0]", f"{NOBODY} 'old@example.com'"),
        (
            {"groups": {"x": {"name": "X", "usergroup": "@pki-admin"}}},
            "groups.x.usergroup",
            "there is no user group @pki-admin in this workspace; did you mean '@pki-admins'?",
        ),
        (
            {"groups": {"x": {"name": "X", "usergroup": "S1", "members": ["UANN"]}}},
            "groups.x.members",
            "cannot be used together with usergroup: a group follows a user group, or lists its members",
        ),
        (
            in_resources(approvals={"issue": "wbe"}),
            "resources.r.approvals.issue",
            "there is no profile 'wbe'; did you mean 'web'?",
        ),
        (
            in_resources(approvals={"enroll": "web"}),
            "resources.r.approvals.enroll",
            "an RA profile has no gate for enroll, only for issue, renew, rekey, revoke",
        ),
        (in_resources(certificate_authority="ca"), "resources.r.certificate_authority", "there is no resource 'ca'"),
        (
            in_resources(certificate_authority="r"),
            "resources.r.certificate_authority",
            "'r' is an RA profile, not a certificate authority",
        ),
        (
            in_resources("certificate_authority", certificate_profile="r"),
            "resources.r.certificate_profile",
            "a certificate authority cannot name a certificate profile",
        ),
    ],
)
def test_what_there_is_not_cannot_be_named(sections: dict[str, Any], place: str, said: str) -> None:
    assert faults(present(groups=[SECURITY], profiles=[profile("web")]), **sections) == [f"{place}: {said}"]


def test_what_the_file_leaves_out_can_be_named() -> None:
    state = present(groups=[SECURITY], profiles=[profile("web")])
    assert deeds(make_plan(file(profiles={"web": in_file(groups=["security"], roles=["auditor"])}), state)) == [
        "change profile web"
    ]
    resources = {"r": {"kind": "ra_profile", "name": "Res", "approvals": {"issue": "web"}}}
    assert deeds(make_plan(file(resources=resources), state)) == ["create resource r"]


def test_what_the_file_deletes_cannot_be_named_in_it() -> None:
    assert faults(present(groups=[SECURITY]), groups={}, profiles={"web": in_file(groups=["security"])}) == [
        "profiles.web.steps[0].approvers.groups[0]: there is no group 'security'"
    ]


def test_what_something_unmanaged_still_names_is_not_deleted() -> None:
    further = Escalation(after=timedelta(hours=8), approvers=Approvers(roles=(RoleId("custodian"),)))
    state = present(
        groups=[SECURITY],
        roles=[Role(key="custodian", name="Custodian")],
        profiles=[profile("web", step(groups=["security"])), profile("late", step("ANN").replace(escalation=further))],
        resources=[Resource(key="public", kind=RA, name="Public", approvals={Operation.ISSUE: "web"})],
    )
    assert make_plan(file(groups={}), state).refusals == (
        "The group security cannot be deleted: profile web still uses it.",
    )
    assert make_plan(file(profiles={}), state).refusals == (
        "The profile web cannot be deleted: resource public still uses it.",
    )
    assert make_plan(file(profiles={}, resources={}), state).refusals == ()
    assert make_plan(file(roles={}), state).refusals == (
        "The role custodian cannot be deleted: profile late still uses it.",
    )


# What the author is told


def warned(present: CurrentState, **sections: Any) -> tuple[str, ...]:
    return make_plan(file(**sections), present).warnings


def test_a_step_without_approvers_is_told_with_what_it_gates() -> None:
    nobody = {"name": "Web", "steps": [{"name": "Security", "approvers": {}}]}
    resources = {"r": {"kind": "ra_profile", "name": "Res", "approvals": {"issue": "web"}}}
    [said] = warned(present(), profiles={"web": nobody}, resources=resources)
    assert said == (
        "Profile web: Step 1, Security, has no approvers. Requests under this profile are blocked, "
        "and their deadline does not start, until every step has one. Resources that use it: r."
    )


def test_steps_that_compete_for_too_few_people_are_told() -> None:
    steps = [{"name": name, "approvers": {"users": ["UANN"], "groups": ["empty"]}} for name in ("One", "Two")]
    groups = {"empty": {"name": "Empty", "usergroup": "@nobody"}}
    [said] = warned(present(), groups=groups, profiles={"web": {"name": "Web", "steps": steps}})
    assert said == (
        "Profile web: Steps 1, One and 2, Two can never all be reached: together they need 2 different people, "
        "and only one person can decide them."
    )


def test_a_profile_that_is_left_alone_is_looked_at_with_the_new_groups() -> None:
    state = present(groups=[SECURITY], profiles=[profile("web", step(groups=["security"], required=2))])
    smaller = {"security": {"name": "Security", "members": ["UBOB"]}}
    [said] = warned(state, groups=smaller)
    assert said.startswith("Profile web: Step 1, Security, can never be reached: it needs 2 and only one person can")


def test_a_step_of_which_nobody_is_told() -> None:
    quiet = in_file()
    quiet["steps"][0]["notify"] = {"direct": False}
    [said] = warned(present(), profiles={"web": quiet})
    assert said.startswith("Profile web: nobody is told when step 1, Security, waits")


def test_an_escalation_that_comes_too_late() -> None:
    late = in_file() | {"expires_after": "8h"}
    late["steps"][0]["escalation"] = {"after": "8h", "approvers": {"users": ["UBOB"]}}
    assert warned(present(), profiles={"web": late}) == (
        "Profile web: the escalation of step 1, Security, never comes: the request has expired by then.",
    )
    late["steps"][0]["escalation"]["after"] = "7h"
    assert warned(present(), profiles={"web": late}) == ()


@pytest.mark.parametrize("nobody", [[], ["UGUS"], {"usergroup": "@nobody"}])
def test_a_workspace_without_administrators(nobody: object) -> None:
    """Where nobody is one it is told; where somebody is, they are not removed."""
    none = present(administrators=["OLD"])
    assert "Nobody would be an administrator" in warned(none, administrators=nobody)[0]
    assert make_plan(file(administrators=nobody), none).refusals == ()
    assert not any("administrator" in one for one in warned(present(), administrators=nobody) if "Gus" not in one)
    [refusal] = make_plan(file(administrators=nobody), present()).refusals
    assert refusal.startswith("Nobody would be an administrator any more")
    assert make_plan(file(administrators={"users": ["UGUS"], "usergroup": "@pki-admins"}), present()).refusals == ()


def test_people_who_can_do_nothing() -> None:
    assert warned(present(), auditors=["UGUS", "UOLD", "UANN", "UNEW", "T9/UFAR"]) == (
        "auditors.users[0]: Gus is a guest, and can do nothing.",
        "auditors.users[1]: Old is deactivated, and can do nothing.",
        "auditors.users[3]: T1/UNEW is not known in this workspace, and can do nothing until Slack knows them.",
        "auditors.users[4]: T9/UFAR is not known in this workspace, and can do nothing until Slack knows them.",
    )


def test_a_user_group_that_there_is_not() -> None:
    [said] = warned(present(), groups={"x": {"name": "X", "usergroup": "S404"}})
    assert said == "Group x: this workspace has no user group S404, so nobody is in it through that."


def test_a_group_that_goes() -> None:
    [said] = warned(present(groups=[SECURITY]), groups={})
    assert said == "The group security will be deleted: everybody in it loses the rights that it gave."


# Fingerprints


def test_the_fingerprint_is_of_what_changes_and_of_what_it_changes_from() -> None:
    content = {"web": in_file(users=["UBOB"])}
    first, again = (make_plan(file(profiles=content), present(profiles=[profile("web")])) for _ in range(2))
    later = make_plan(file(profiles=content), present(profiles=[profile("web", number=2)]))
    other = make_plan(file(profiles={"web": in_file(users=["UCAT"])}), present(profiles=[profile("web")]))
    assert first.fingerprint == again.fingerprint
    assert len({first.fingerprint, later.fingerprint, other.fingerprint}) == 3
