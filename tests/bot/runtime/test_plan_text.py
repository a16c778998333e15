"""A plan as a terminal shows it."""

from bot.runtime.plan_text import applied_text, plan_text
from domain.configuration.plan import Kind, Plan, PlannedChange, make_plan
from domain.workflow.configuration.apply import Applied
from tests.domain.configuration.states import file, present, profile, step


def edit(keeping: int, following: int) -> Plan:
    old = profile("web", step("ANN"))
    new = profile("web", step("ANN", "BOB"), number=2)
    change = PlannedChange(kind=Kind.PROFILE, key="web", before=old, after=new)
    return Plan(team="T1", changes=(change,), keeping={"web": keeping}, following={"web": following})


def test_what_becomes_of_open_requests() -> None:
    assert "    no open request is under it\n" in plan_text(edit(0, 0))
    assert "    1 open request will keep the version that it was submitted under\n" in plan_text(edit(1, 0))
    both = "2 open requests will keep the version that they were submitted under; 1 open request, blocked until now, will take the new one"
    assert f"    {both}\n" in plan_text(edit(2, 1))
    done = Applied(plan=edit(2, 3), followed={"web": 3})
    assert applied_text(done) == (
        "Applied.\n"
        "Profile web: 2 open requests kept the version that they were submitted under; "
        "3 open requests, blocked until now, took the new one.\n"
    )


def test_everything_that_is_new_is_shown() -> None:
    steps = [
        {
            "name": "Security",
            "required": 2,
            "approvers": {"users": ["UANN"], "roles": ["auditor"]},
            "notify": {"direct": False, "channel": "C1", "silent": {"users": ["UANN"]}},
        },
        {"name": "Nobody", "approvers": {}},
    ]
    text = plan_text(
        make_plan(file(profiles={"web": {"name": "Web", "expires_after": "90m", "steps": steps}}), present())
    )
    assert text.startswith(
        '+ profile web "Web", version 1\n'
        "    expires_after: 90m\n"
        "    steps[0].name: Security\n"
        "    steps[0].required: 2\n"
        "    steps[0].approvers.users: UANN\n"
        "    steps[0].approvers.roles: auditor\n"
        "    steps[0].notify.direct: false\n"
        "    steps[0].notify.channel: C1\n"
        "    steps[0].notify.silent.users: UANN\n"
        "    steps[1].name: Nobody\n"
        "    steps[1].required: 1\n"
        "    steps[1].approvers: none\n"
        "\nWarnings:\n  ! Profile web: Step 2, Nobody, has no approvers."
    )


def test_a_deletion_is_one_line() -> None:
    assert (
        plan_text(make_plan(file(profiles={}), present(profiles=[profile("web")])))
        == '- profile web "Profile web"\n\n1 to delete.\n'
    )


def test_nothing_in_a_name_reaches_the_terminal_as_a_command() -> None:
    name = "\x1b[2J\x9b31m\u202egnp.exe\nApplied."
    text = plan_text(make_plan(file(groups={"x": {"name": name, "members": ["UANN"]}}), present()))
    assert text == ('+ group x "\\x1b[2J\\x9b31m\\u202egnp.exe\\nApplied."\n    members: UANN\n\n1 to create.\n')
    assert "\x1b" not in plan_text(make_plan(file(groups={}), present(groups=[])))


def test_nothing_to_change_still_warns() -> None:
    state = present(profiles=[profile("web", step())])
    text = plan_text(make_plan(file(), state))
    assert text.startswith("Warnings:\n  ! Profile web: Step 1, Security, has no approvers.")
    assert text.endswith("\n\nNothing to change: what is configured is what the file says.\n")
