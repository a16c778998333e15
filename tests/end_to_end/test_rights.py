"""Who may do what: SPEC.md sections 3 and 5 as one table, and everybody tries everything over the real socket.

The request that they try it on is Nadia's, and stands at step 2 of 2, PKI. A row is something that a person could press, send or type;
a column is what the person is to that request (`tests/end_to_end/rights.py` names them). A cell says what comes of it:
`did` something changed · `saw` something was shown or opened, and nothing changed · else the word for the sentence that refuses.
Whatever is refused leaves every table as it was, and whoever is told of it is told in that sentence.
"""

from functools import partial
from typing import Any, Final

import pytest

from bot.slack.app import ALL
from bot.slack.kit.ids import COMMAND, Action
from bot.slack.kit.texts.commands import Subcommand
from domain import workflow
from domain.approvals.resources import ResourceId
from domain.common.operations import Operation
from domain.workflow import Submission
from tests.end_to_end.company import shown, until
from tests.end_to_end.rights import MEMBERS, OUTSIDERS, Attempts, registered, who
from tests.end_to_end.trying import attempt

SUGGESTED = [action for interactions in ALL for action in interactions.options]
"""Menus that ask what they offer."""

SENTENCES: Final = {
    "step": "You are not an approver of step 2, PKI.",
    "own": "You requested this, so somebody else has to decide.",
    "once": "You already approved this.",
    "none": "There is no REQ-",
    "admin": "Only administrators can do this.",
    "read": "Only administrators and auditors can look at profiles, resources, groups and roles.",
    "well": "Only administrators and auditors can see undelivered messages and stuck requests.",
    "list": "Only administrators and auditors can list everybody's requests.",
    "yours": "Only the requester or an administrator can cancel",
    "remind": "Only the person who requested REQ-",
    "retry": "Only operations that failed or never reported a result can be retried",
    "cert": "There is no certificate for REQ-",
    "again": "Only the person who requested REQ-",
    "open": "is still waiting for approval. Cancel it first",
    "part": "Only the requester and the approvers of REQ-",
    "deleg": "This delegation does not exist, or you cannot see it.",
    "theirs": "Only the person you cover for, or an administrator, can revoke this.",
    "out": "Only active full members of this workspace can use Countersign, and ",
}

TABLE: Final = """
                            administrator auditor requester approver other past   delegate hers  member outsiders
button approve                   step     step    own       did      step  once   did      none  none   out
button approve_with_comment      step     step    own       saw      step  once   saw      none  none   out
button reject                    step     step    own       saw      step  once   saw      none  none   out
form approve                     step     step    own       did      step  once   did      none  none   out
form reject                      step     step    own       did      step  once   did      none  none   out

button details                   saw      saw     saw       saw      saw   saw    saw      none  none   out
button details_next              saw      saw     saw       saw      saw   saw    saw      none  none   out
button details_previous          saw      saw     saw       saw      saw   saw    saw      none  none   out
button reload                    saw      saw     saw       saw      saw   saw    saw      none  none   out
command show                     saw      saw     saw       saw      saw   saw    saw      none  none   out

button cancel                    saw      yours   saw       yours    yours yours  yours    none  none   out
form cancel                      did      yours   did       yours    yours yours  yours    none  none   out
command cancel                   did      yours   did       yours    yours yours  yours    none  none   out
button override                  saw      admin   admin     admin    admin admin  admin    none  none   out
form override                    did      admin   admin     admin    admin admin  admin    none  none   out
command override                 saw      admin   admin     admin    admin admin  admin    none  none   out
button comment                   part     part    saw       saw      saw   saw    saw      none  none   out
form comment                     part     part    did       did      did   did    did      none  none   out
command comment                  part     part    did       did      did   did    did      none  none   out
button remind                    remind   remind  did       remind   remind remind remind  none  none   out
button retry_operation           retry    admin   admin     admin    admin admin  admin    none  none   out
button show_certificate          cert     cert    cert      cert     cert  cert   cert     none  none   out
button resubmit                  again    again   open      again    again again  again    none  none   out
command resubmit                 again    again   open      again    again again  again    none  none   out
form submit, resubmitting        again    again   open      again    again again  again    none  none   out

shortcut new_request             saw      saw     saw       saw      saw   saw    saw      saw   saw    out
shortcut request_for_message     saw      saw     saw       saw      saw   saw    saw      saw   saw    out
button new_request               saw      saw     saw       saw      saw   saw    saw      saw   saw    out
button operation                 saw      saw     saw       saw      saw   saw    saw      saw   saw    out
form submit                      did      did     did       did      did   did    did      did   did    out
command submit                   saw      saw     saw       saw      saw   saw    saw      saw   saw    out
command nothing                  saw      saw     saw       saw      saw   saw    saw      saw   saw    out
command help                     saw      saw     saw       saw      saw   saw    saw      saw   saw    out
command misspelt                 saw      saw     saw       saw      saw   saw    saw      saw   saw    out
command list                     saw      saw     saw       saw      saw   saw    saw      saw   saw    out
command list, all                saw      saw     list      list     list  list   list     list  list   out
button list_older                saw      saw     list      list     list  list   list     list  list   out
button list_newest               saw      saw     list      list     list  list   list     list  list   out
button list_clear                saw      saw     list      list     list  list   list     list  list   out
button show_waiting              saw      saw     saw       saw      saw   saw    saw      saw   saw    out
button home_older                saw      saw     saw       saw      saw   saw    saw      saw   saw    shut
button home_newest               saw      saw     saw       saw      saw   saw    saw      saw   saw    shut

button home_filter               saw      saw     saw       saw      saw   saw    saw      saw   saw    out
button home_clear                saw      saw     saw       saw      saw   saw    saw      saw   saw    shut
button decide_several            saw      saw     saw       saw      saw   saw    saw      saw   saw    out
form several                     saw      saw     saw       did      saw   saw    did      saw   saw    out
form filter                      saw      saw     saw       saw      saw   saw    saw      saw   saw    out

button delegations               saw      saw     saw       saw      saw   saw    saw      saw   saw    out
command delegate                 saw      saw     saw       saw      saw   saw    saw      saw   saw    out
form delegation                  did      did     did       did      did   did    did      did   did    out
command delegate, oneself        did      did     did       did      did   did    did      did   did    out
form delegation, somebody        did      admin   admin     admin    admin admin  admin    admin admin  out
command delegate, somebody       did      admin   admin     admin    admin admin  admin    admin admin  out
button revoke_delegation         did      deleg   deleg     deleg    deleg deleg  theirs   deleg deleg  out

button profiles                  saw      saw     read      read     read  read   read     read  read   out
button profiles_previous         saw      saw     read      read     read  read   read     read  read   out
button profiles_next             saw      saw     read      read     read  read   read     read  read   out
button profile_search            saw      saw     read      read     read  read   read     read  read   out
button profile_open              saw      saw     read      read     read  read   read     read  read   out
button profile_history           saw      saw     read      read     read  read   read     read  read   out
button profile_history_previous  saw      saw     read      read     read  read   read     read  read   out
button profile_history_next      saw      saw     read      read     read  read   read     read  read   out
form profiles                    saw      saw     read      read     read  read   read     read  read   out
command profiles                 saw      saw     read      read     read  read   read     read  read   out
button profile_new               saw      admin   admin     admin    admin admin  admin    admin admin  out
button profile_edit              saw      admin   admin     admin    admin admin  admin    admin admin  out
button profile_delete            did      admin   admin     admin    admin admin  admin    admin admin  out
button step_add                  saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_edit                 saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_up                   did      admin   admin     admin    admin admin  admin    admin admin  out
button step_down                 did      admin   admin     admin    admin admin  admin    admin admin  out
button step_remove               did      admin   admin     admin    admin admin  admin    admin admin  out
button step_required             saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_people               saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_teams                saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_direct               saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_channel              saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_silent_people        saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_silent_teams         saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_escalation           saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_escalation_unit      saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_escalation_people    saw      admin   admin     admin    admin admin  admin    admin admin  out
button step_escalation_teams     saw      admin   admin     admin    admin admin  admin    admin admin  out
button profile_expiry            did      admin   admin     admin    admin admin  admin    admin admin  out
button profile_expiry_unit       did      admin   admin     admin    admin admin  admin    admin admin  out
form step_form                   did      admin   admin     admin    admin admin  admin    admin admin  out
form profile_form                did      admin   admin     admin    admin admin  admin    admin admin  out

button resources                 saw      saw     read      read     read  read   read     read  read   out
button resources_previous        saw      saw     read      read     read  read   read     read  read   out
button resources_next            saw      saw     read      read     read  read   read     read  read   out
button resource_search           saw      saw     read      read     read  read   read     read  read   out
button resource_open             saw      saw     read      read     read  read   read     read  read   out
form resources                   saw      saw     read      read     read  read   read     read  read   out
command resources                saw      saw     read      read     read  read   read     read  read   out
button dry_run                   saw      saw     read      read     read  read   read     read  read   out
button dry_run, nowhere          saw      saw     read      read     read  read   read     read  read   out
button dry_run_operation         saw      saw     read      read     read  read   read     read  read   out
form dry_run                     saw      saw     read      read     read  read   read     read  read   out
button resource_new              saw      admin   admin     admin    admin admin  admin    admin admin  out
button resource_kind             saw      admin   admin     admin    admin admin  admin    admin admin  out
button resource_edit              saw      admin   read      read     read  read   read     read  read   out
button resource_delete           did      admin   admin     admin    admin admin  admin    admin admin  out
form resource_form               did      admin   admin     admin    admin admin  admin    admin admin  out
button rules_edit                saw      admin   admin     admin    admin admin  admin    admin admin  out
form rules_form                  did      admin   admin     admin    admin admin  admin    admin admin  out

button people                    saw      saw     read      read     read  read   read     read  read   out
button people_previous           saw      saw     read      read     read  read   read     read  read   out
button people_next               saw      saw     read      read     read  read   read     read  read   out
button person_open               saw      saw     read      read     read  read   read     read  read   out
button team_open                 saw      saw     read      read     read  read   read     read  read   out
command people                   saw      saw     read      read     read  read   read     read  read   out
button team_new_group            saw      admin   admin     admin    admin admin  admin    admin admin  out
button team_new_role             saw      admin   admin     admin    admin admin  admin    admin admin  out
button team_edit                 saw      admin   admin     admin    admin admin  admin    admin admin  out
button team_delete               did      admin   admin     admin    admin admin  admin    admin admin  out
form team_form                   did      admin   admin     admin    admin admin  admin    admin admin  out

button health                    saw      saw     well      well     well  well   well     well  well   out
button health_previous           saw      saw     well      well     well  well   well     well  well   out
button health_next               saw      saw     well      well     well  well   well     well  well   out
command health                   saw      saw     well      well     well  well   well     well  well   out
button try_again                 did      admin   admin     admin    admin admin  admin    admin admin  out
button try_all_again             did      admin   admin     admin    admin admin  admin    admin admin  out
"""

CHOICES: Final = frozenset(
    {Action.RESOURCE, Action.REVOCATION_REASON, Action.VERDICT, Action.PROFILE_REMINDER_UNIT, Action.PROFILE_VALIDITY_UNIT,
     Action.PROFILE_COMMENT, Action.PROFILE_REQUESTER, Action.DRY_RUN_ENTRY, Action.SEVERAL_TICK}
    | {action for action in Action if action.startswith(("gate_", "link_", "filter_"))}
)  # fmt: skip
"""What is read when its form is sent, and does nothing before: for everybody."""


ASKED_BY_NOBODY: Final = frozenset(
    f"event {one}"
    for one in (
        "app_home_opened",
        "team_join",
        "user_change",
        "subteam_created",
        "subteam_updated",
        "subteam_members_changed",
    )
)
"""What Slack tells by itself. The Home that it has drawn, and menus, which look up what they offer, have tests of their own."""


def rows() -> dict[str, dict[str, str]]:
    """What the table says: what is tried → who tries it → what comes of it."""
    heading, *lines = [line for line in TABLE.splitlines() if line.strip()]
    columns = heading.split()
    assert columns == [*MEMBERS, "outsiders"]
    found = {}
    for line in lines:
        words = line.split()
        found[" ".join(words[: -len(columns)])] = dict(zip(columns, words[-len(columns) :], strict=True))
    assert len(found) == len(lines), "a row stands twice in the table"
    return found


def agrees(came: str, expected: str, outsider: str = "") -> bool:
    if expected == "out":
        return came == SENTENCES["out"] + outsider + "."
    if expected == "shut":
        return came == "saw" or "Something went wrong" in came
    return came == expected if expected in {"did", "saw"} else SENTENCES[expected] in came


@pytest.mark.parametrize("part", [0, 1])
async def test_everybody_tries_everything(attempts: Attempts, part: int) -> None:
    """In two parts, for two processes."""
    wrong = []
    for row, expected in [*rows().items()][part::2]:
        cells = [(name, MEMBERS[name], expected[name], "") for name in MEMBERS]
        cells += [(name, user, expected["outsiders"], said) for name, (user, said) in OUTSIDERS.items()]
        # the refused ones first: they leave everything as it is for the next
        for name, user, cell, outsider in sorted(cells, key=lambda cell: cell[2] in {"did", "saw"}):
            came = await attempt(attempts, row, user)
            if not agrees(came, cell, outsider):
                wrong.append(f"{row}, {name}: {cell} was expected, and came {came}")
            if came == "did":
                await attempts.begin_anew()
    assert not wrong, "\n".join(wrong)


async def test_whatever_the_bot_answers_to_has_its_row(attempts: Attempts) -> None:
    tried = {row.partition(",")[0] for row in rows()}
    typed = {row.removeprefix("command ") for row in tried if row.startswith("command ")}
    assert typed == {*Subcommand, "nothing", "misspelt"}
    elsewhere = {*(f"button {choice}" for choice in CHOICES), *(f"menu {one}" for one in SUGGESTED), *ASKED_BY_NOBODY}
    there = registered(attempts.company.bot) - {f"command {COMMAND}"}
    assert there - tried - elsewhere == set(), "registered, and not in the table"
    clicked = {row for row in tried if not row.startswith("command ")}
    assert (clicked | elsewhere) - there == set(), "in the table, and not registered"


async def test_a_choice_does_nothing_for_anybody(attempts: Attempts) -> None:
    for choice in sorted(CHOICES):
        for user in (*MEMBERS.values(), *(user for user, _ in OUTSIDERS.values())):
            assert await attempt(attempts, f"button {choice}", user) == "saw", (choice, user)


ADMIN: Final = MEMBERS["administrator"]


async def test_an_administrator_s_own_request_is_like_anybody_s(attempts: Attempts) -> None:
    """Override, which is theirs, is not for their own; neither is a decision, though a profile of the file names them."""
    form = Submission(
        operation=Operation.ISSUE, entry=ResourceId("public-web"), reason="Mine", csr=await attempts.company.csr()
    )
    mine = await workflow.submit(attempts.company.bot.store, who(ADMIN), form, attempts.company.clock())
    attempts.request = mine.id
    own = "You requested this, so another administrator has to override it."
    for row in ("button override", "form override", "command override"):
        assert await attempt(attempts, row, ADMIN) == own, row
    assert SENTENCES["own"] in await attempt(attempts, "button approve", ADMIN)


async def test_the_home_shows_each_what_is_theirs(attempts: Attempts) -> None:
    homes = attempts.company.slack.workspace.views.homes
    for name, user in {**MEMBERS, "guest": OUTSIDERS["guest"][0]}.items():
        await attempts.company.post("open_home", user=user)
        await until(partial(_there, homes, user))
        said = shown(homes[user].view)
        reads = name in {"administrator", "auditor"}
        assert ("All requests" in said, '"profiles"' in said, '"resources"' in said) == (reads, reads, reads), name
        assert (f"REQ-{attempts.request}" in said) == (
            name in {"administrator", "auditor", "requester", "approver", "past", "delegate"}
        ), name
        assert ("Only active full members" in said) == (name == "guest"), name
        assert ("“Approve" in said or '"approve"' in said) == (name in {"approver", "delegate"}), name


async def _there(homes: Any, user: str) -> bool:
    return user in homes
