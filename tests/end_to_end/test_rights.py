"""Who may do what: SPEC.md sections 3 and 5 as one table, and everybody tries everything over the real socket.

The request that they try it on is Nadia's, and stands at step 2 of 2, PKI. A row is something that a person could press, send or type;
a column is what the person is to that request (`tests/end_to_end/rights.py` names them). A cell says what comes of it:
`did` something changed · `saw` something was shown or opened, and nothing changed · else the word for the sentence that refuses.
Whatever is refused leaves every table as it was, and whoever is told of it is told in that sentence.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from bot.ids import COMMAND, Action
from bot.listeners.suggestions import SUGGESTED
from bot.texts.commands import Subcommand
from domain import workflow
from domain.audit import Source
from domain.notices import Notice, NoticeKind
from domain.operations import Operation
from domain.requests import RequestId
from domain.resources import ResourceId
from domain.workflow import Submission
from domain.workflow.meanwhile import fingerprint
from domain.workflow.teams import fingerprint as team_fingerprint
from tests.end_to_end.company import shown, until
from tests.end_to_end.rights import ABSENT, MEMBERS, OUTSIDERS, STAND_IN, Attempts, Came, attempting, registered, who

SENTENCES: Final = {
    "step": "You are not an approver of step 2, PKI.",
    "own": "You requested this, so somebody else has to decide.",
    "once": "You already approved this.",
    "none": "There is no REQ-",
    "admin": "Only administrators can do this.",
    "read": "Only administrators and auditors can look at profiles, resources, groups and roles.",
    "well": "Only administrators and auditors can look at what could not be delivered and what is stuck.",
    "list": "Only administrators and auditors can list everybody's requests.",
    "yours": "Only the requester or an administrator can cancel",
    "remind": "Only the person who requested REQ-",
    "retry": "Only an operation that failed, or that was accepted and not reported, is tried again",
    "cert": "There is no certificate of REQ-",
    "again": "Only the person who requested REQ-",
    "open": "is still waiting for approval. Cancel it first",
    "part": "Only the requester and the approvers of REQ-",
    "deleg": "There is no such delegation that you can see.",
    "theirs": "Only the person whom you stand in for, or an administrator, can revoke this.",
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
    | {one for one in Action if one.startswith(("gate_", "link_", "filter_"))}
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


# How each is tried: what the button, the form or the command carries. A callable gets the attempts and who it is.

Given = dict[str, Any]


def text(value: str) -> Given:
    return {"type": "plain_text_input", "value": value}


def option(value: str) -> Given:
    return {"type": "static_select", "selected_option": {"value": value}}


def about_step(attempts: Attempts) -> Given:
    return {"value": f"{attempts.request}.0.1"}


def about_request(attempts: Attempts) -> Given:
    return {"value": str(attempts.request)}


def decision(attempts: Attempts) -> Given:
    metadata = f'{{"step":{{"request":{attempts.request},"gate":0,"step":1}}}}'
    return {"metadata": metadata, "values": {"comment": text("So be it")}}


def ticked(attempts: Attempts) -> Given:
    """Nobody but who may decide does anything by it: the others are told in the results."""
    step = f"{attempts.request}.0.1"
    return {"values": {f"several:{step}": boxes(step), "verdict": option("approve")}}


def boxes(*values: str) -> Given:
    return {"type": "checkboxes", "selected_options": [{"value": one} for one in values]}


def form_of(attempts: Attempts, **values: Given) -> Given:
    return {"metadata": f'{{"request":{attempts.request}}}', "values": values}


PROFILE_FORM: Final = '{"base":{"profile":"web","seen":1},"nonce":"1"}'
IN_PROFILE_FORM: Final = {"callback": "profile_form", "metadata": PROFILE_FORM}
STEP_FORM: Final = f'{{"form":{PROFILE_FORM},"view":"V1","step":0}}'
STEP: Final = {
    "step_name": text("Security"), "step_required": text("1"),
    "step_direct": {"type": "checkboxes", "selected_options": [{"value": "direct"}]},
    "step_people": {"type": "multi_users_select", "selected_users": ["U05SARA"]},
}  # fmt: skip
IN_STEP_FORM: Final = {"callback": "step_form", "metadata": STEP_FORM, "values": STEP}
NEW_PROFILE: Final = '{"base":{},"nonce":"1"}'
IN_DRY_RUN: Final = {
    "callback": "dry_run",
    "values": {"dry_run_operation": option("issue"), "dry_run_entry": option("public-web")},
}


async def new_request(attempts: Attempts, operation: str = "issue", **more: Any) -> Given:
    cn = f"new{next(attempts.numbers)}.example.com"
    values = {"operation": option(operation), "resource": option("public-web"), "reason": text("New")}
    return {"values": values | {"csr": text(await attempts.company.csr(cn))}} | more


async def resubmitted(attempts: Attempts) -> Given:
    return await new_request(attempts) | {"metadata": f'{{"request":{attempts.request}}}'}


def away(delegator: str | None = None, *, month: int = 1) -> Given:
    values = {
        "delegate": {"type": "users_select", "selected_user": STAND_IN},
        "delegate_until": {"type": "datepicker", "selected_date": f"2027-{month:02}-20"},
        "delegate_from": {"type": "datepicker", "selected_date": f"2027-{month:02}-10"},
    }
    absent = {"delegate_for": {"type": "users_select", "selected_user": delegator}} if delegator else {}
    return {"values": values | absent}


async def spare_resource(attempts: Attempts) -> Given:
    async with attempts.company.bot.store.reading() as reading:
        found = next(one for one in await reading.resources() if one.id == ResourceId("spare"))
    return {"value": f"spare/{fingerprint(found)}"}


async def rules_of_lab(attempts: Attempts) -> Given:
    """Other rules each time, so that each attempt would change something."""
    async with attempts.company.bot.store.reading() as reading:
        found = await reading.resource(ResourceId("lab"))
    assert found is not None
    most = text(str(next(attempts.numbers) % 500))
    return {
        "metadata": f'{{"key":"lab","seen":"{fingerprint(found)}","nonce":"1"}}',
        "values": {"rule_most_names": most, "violation_most_names": option("warn")},
    }


async def spare_group(attempts: Attempts) -> Given:
    async with attempts.company.bot.store.reading() as reading:
        found = next((one for one in await reading.groups() if one.key == "spare"), None)
    return {"value": f"group:spare:{team_fingerprint(found)}"}


async def undelivered(attempts: Attempts) -> Given:
    """A message that Slack refused."""
    notice = Notice(kind=NoticeKind.PROGRESS, key="progress", person=who(MEMBERS["requester"]))
    async with attempts.company.bot.store.transaction(Source.CLOCK) as tx:
        await tx.add_notices(RequestId(attempts.request), [notice])
        [sent] = await tx.notices_of(RequestId(attempts.request))
        await tx.save_notice(sent.replace(failure="is_archived"))
    return {"value": str(sent.id)}


HOW: Final[dict[str, Given | Callable[[Attempts], Any]]] = {
    **dict.fromkeys(("button approve", "button approve_with_comment", "button reject"), about_step),
    **dict.fromkeys(("form approve", "form reject"), decision),
    **{f"button {one}": about_request for one in ("details", "reload", "cancel", "override", "comment", "remind", "resubmit")},
    **{f"button {one}": about_request for one in ("retry_operation", "show_certificate")},
    **dict.fromkeys(("button details_next", "button details_previous"), lambda a: {"value": f"{a.request}/0"}),
    "form cancel": lambda a: form_of(a, reason=text("No more")),
    "form override": lambda a: form_of(a, verdict=option("approve"), reason=text("It burns")),
    "form comment": lambda a: form_of(a, comment=text("Well")),
    "form submit": new_request,
    "form submit, resubmitting": resubmitted,
    "button operation": {"callback": "submit", "option": "issue"},
    "button list_older": {"value": "all"},
    "button list_newest": {"value": "all"},
    "button list_clear": {"value": "all"},
    **{f"button home_{one}": {"callback": "home", "home": True} for one in ("filter", "clear")},
    "button decide_several": {"callback": "home", "home": True},
    "form several": ticked,
    "form filter": {"values": {"filter_operation": option("issue")}},
    "button home_older": {"value": "0.0.0", "callback": "home", "home": True},
    "button home_newest": {"value": "0.0.0", "callback": "home", "home": True},
    "form delegation": away(),
    "form delegation, somebody": away(ABSENT),
    "button revoke_delegation": lambda a: {"value": str(a.delegation)},
    "button profiles_previous": {"value": "0/"},
    "button profiles_next": {"value": "0/"},
    "button profile_search": {"callback": "profiles", "values": {"profile_search": text("web")}},
    "button profile_open": {"value": "web"},
    **{f"button profile_history{one}": {"value": "web/0"} for one in ("", "_previous", "_next")},
    "form profiles": {"values": {"profile_search": text("web")}},
    "button profile_edit": {"value": "web"},
    "button profile_delete": {"value": "spare/1"},
    **dict.fromkeys([f"button step_{one}" for one in ("add", "edit", "up", "down", "remove")], {"value": "1"} | IN_PROFILE_FORM),
    **{f"button {one}": IN_STEP_FORM for one in Action if one.startswith("step_")
       and one not in {"step_add", "step_edit", "step_up", "step_down", "step_remove", "step_name"}},
    **dict.fromkeys(("button profile_expiry", "button profile_expiry_unit"), IN_PROFILE_FORM),
    "form step_form": {"metadata": STEP_FORM, "values": STEP, "beneath": True},
    "form profile_form": {"metadata": NEW_PROFILE, "values": {"profile_name": text("A new one")}},
    "button resources_previous": {"value": "0/"},
    "button resources_next": {"value": "0/"},
    "button resource_search": {"callback": "resources", "values": {"resource_search": text("web")}},
    "button resource_open": {"value": "public-web"},
    "form resources": {"values": {"resource_search": text("web")}},
    "button dry_run": {"value": "public-web"},
    "button dry_run, nowhere": {"value": "none"},
    "button dry_run_operation": IN_DRY_RUN,
    "form dry_run": {"values": IN_DRY_RUN["values"]},
    "button resource_edit": {"value": "public-web"},
    "button resource_kind": {"callback": "resource_form", "metadata": '{"nonce":"1"}', "values": {"resource_kind": option("ra_profile")}},
    "button resource_delete": spare_resource,
    "button rules_edit": {"value": "lab"},
    "form rules_form": rules_of_lab,
    "form resource_form": {"metadata": '{"nonce":"1","kind":"ra_profile"}', "values": {"resource_name": text("Another one")}},
    "button people_previous": {"value": "0"},
    "button people_next": {"value": "0"},
    "button person_open": {"user": ABSENT},
    "button team_open": {"value": "group:spare"},
    "button team_edit": {"value": "group:spare"},
    "button team_new_group": {"value": "group:"},
    "button team_new_role": {"value": "role:"},
    "button team_delete": spare_group,
    "button health_previous": {"value": "0"},
    "button health_next": {"value": "1"},
    **dict.fromkeys(("button try_again", "button try_all_again"), undelivered),
    "form team_form": {"metadata": "group:", "values": {"team_name": text("A new group")}},
}  # fmt: skip

TYPED: Final = {
    "nothing": "",
    "misspelt": "hepl",
    "show": "show REQ-{request}",
    "cancel": "cancel REQ-{request} No more",
    "override": "override REQ-{request} approve It burns",
    "comment": "comment REQ-{request} Well",
    "resubmit": "resubmit REQ-{request}",
    "list, all": "list all",
    "delegate, oneself": f"delegate <@{STAND_IN}> until 2027-02-20 from 2027-02-10",
    "delegate, somebody": f"delegate <@{STAND_IN}> until 2027-02-20 from 2027-02-10 for <@{ABSENT}>",
}


async def attempt(attempts: Attempts, row: str, user: str) -> str:
    """*user* tries what *row* says: what came of it, in the words of the table, or whatever else did."""
    kind, _, what = row.partition(" ")
    if kind == "shortcut":
        came = await attempts.uses(user, what)
    elif kind == "command":
        came = await attempts.types(user, TYPED.get(what, what).format(request=attempts.request))
    else:
        given: Any = HOW.get(row, {})
        if callable(given):
            given = given(attempts)
        if not isinstance(given, dict):
            given = await given
        name = what.partition(",")[0]
        came = await (
            attempts.presses(user, name, **given) if kind == "button" else attempts.sends(user, name, **given)
        )
    if came.refused is None:
        return "did" if came.changed else "saw"
    if came.changed:
        return f"changed something, and was refused: {came.refused}"
    if came.refused not in came.said and came.refused.split("\n")[0] not in came.said.replace("\\n", "\n"):
        return f"was not told “{came.refused}” but “{came.said}”"
    return came.refused


def agrees(came: str, expected: str, outsider: str = "") -> bool:
    if expected == "out":
        return came == SENTENCES["out"] + outsider + "."
    if expected == "shut":
        return came == "saw" or "Something went wrong" in came
    return came == expected if expected in {"did", "saw"} else SENTENCES[expected] in came


@pytest.fixture
async def attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Attempts]:
    async with attempting(tmp_path, monkeypatch) as attempts:
        yield attempts


@pytest.mark.parametrize("part", [0, 1])
async def test_everybody_tries_everything(attempts: Attempts, part: int) -> None:
    """In two parts, for two processes."""
    wrong = []
    for row, expected in [*rows().items()][part::2]:
        cells = [(name, MEMBERS[name], expected[name], "") for name in MEMBERS]
        cells += [(name, user, expected["outsiders"], said) for name, (user, said) in OUTSIDERS.items()]
        # the refused ones first: they leave everything as it is for the next
        for name, user, cell, outsider in sorted(cells, key=lambda one: one[2] in {"did", "saw"}):
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
    elsewhere = {*(f"button {one}" for one in CHOICES), *(f"menu {one}" for one in SUGGESTED), *ASKED_BY_NOBODY}
    there = registered(attempts.company.bot) - {f"command {COMMAND}"}
    assert there - tried - elsewhere == set(), "registered, and not in the table"
    clicked = {row for row in tried if not row.startswith("command ")}
    assert (clicked | elsewhere) - there == set(), "in the table, and not registered"


async def test_a_choice_does_nothing_for_anybody(attempts: Attempts) -> None:
    for one in sorted(CHOICES):
        for user in (*MEMBERS.values(), *(user for user, _ in OUTSIDERS.values())):
            assert await attempt(attempts, f"button {one}", user) == "saw", (one, user)


# Forged forms and buttons. Ingrid may do everything and Mei may decide: they are refused because of what they send.

ADMIN, APPROVER = MEMBERS["administrator"], MEMBERS["approver"]
NOT_UNDERSTOOD: Final = "could not make sense of this"
FAULTS: Final = "Some fields of this form need another look."
NO_PROFILE: Final = "There is no approval profile"


def decides(request: int, gate: int = 0, step: int = 1, **more: Any) -> Given:
    return {
        "metadata": json.dumps({"step": {"request": request, "gate": gate, "step": step}} | more),
        "values": {"comment": text("So be it")},
    }


async def forged_forms(attempts: Attempts) -> list[tuple[str, str, Given, str]]:
    """Who sends which form with what, and what they are told."""
    mine, first = attempts.request, await attempts.another_request(decided=False)
    profile: Given = {"profile_name": text("A new one")}
    resource: Given = {"resource_name": text("Another one")}
    new = '{"nonce":"1","kind":"ra_profile"}'
    long_ago = '{"base":{"profile":"web","seen":1,"draft":"0123456789abcdef0123456789abcdef"},"nonce":"1"}'
    return [
        (APPROVER, "approve", decides(9999), "There is no REQ-9999"),
        (APPROVER, "approve", decides(mine, gate=7), "There is no REQ-"),
        (APPROVER, "approve", decides(mine, step=0), "is now at step 2, PKI"),
        (APPROVER, "approve", decides(mine, step=7), "is now at step 2, PKI"),
        (APPROVER, "approve", decides(first, step=0), "You are not an approver of step 1, Security."),
        (APPROVER, "reject", decides(first, step=0), "You are not an approver of step 1, Security."),
        (MEMBERS["member"], "approve", decides(mine, pressed={"channel": "C01GENERAL", "ts": "1.1"}), "There is no REQ-"),
        (APPROVER, "approve", {"metadata": "{}"}, NOT_UNDERSTOOD),
        (APPROVER, "approve", {"metadata": ""}, NOT_UNDERSTOOD),
        (APPROVER, "reject", {"metadata": '{"step": "1.0.1; drop table"}'}, NOT_UNDERSTOOD),
        (APPROVER, "approve", {"metadata": "x" * 4000}, NOT_UNDERSTOOD),
        (MEMBERS["requester"], "cancel", {"metadata": '{"request":9999}'}, "There is no REQ-9999"),
        (MEMBERS["requester"], "cancel", {"metadata": '{"request":"mine"}'}, NOT_UNDERSTOOD),
        (MEMBERS["requester"], "cancel", {}, NOT_UNDERSTOOD),
        (ADMIN, "override", form_of(attempts, verdict=option("maybe"), reason=text("x")), NOT_UNDERSTOOD),
        (ADMIN, "override", form_of(attempts, reason=text("x")), FAULTS),
        (ADMIN, "override", form_of(attempts, verdict=option("approve"), reason=text(" ")), "A reason is required"),
        (APPROVER, "comment", form_of(attempts, comment=text(" ")), "There is no text in this comment."),
        (ADMIN, "submit", await new_request(attempts, operation="destroy"), NOT_UNDERSTOOD),
        (ADMIN, "submit", {"values": {"operation": option("issue"), "resource": option("nowhere"), "reason": text("x"),
                                      "csr": text(await attempts.company.csr())}}, "There is no resource nowhere any more."),
        (ADMIN, "submit", {"values": {"operation": option("issue"), "resource": option("issuing"), "reason": text("x"),
                                      "csr": text(await attempts.company.csr())}}, "does not begin at"),
        (ADMIN, "submit", {"values": {"operation": option("revoke"), "resource": option("public-web"), "reason": text("x"),
                                      "revocation_reason": option("boredom")}}, NOT_UNDERSTOOD),
        (ADMIN, "delegation", away("U99UNKNOWN"), "Whoever is away has to be an active full member"),
        (ADMIN, "delegation", {"values": away()["values"] | {"delegate": {"type": "users_select", "selected_user": "U10PAVEL"}}},
         "Only active full members of this workspace can stand in"),
        (ADMIN, "delegation", {"values": away()["values"] | {"delegate_until": {"type": "datepicker", "selected_date": "soon"}}},
         NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": '{"base":{"profile":"web","seen":9},"nonce":"1"}', "values": profile}, NO_PROFILE),
        (ADMIN, "profile_form", {"metadata": '{"base":{"profile":"nowhere","seen":1},"nonce":"1"}', "values": profile}, NO_PROFILE),
        (ADMIN, "profile_form", {"metadata": long_ago, "values": profile}, "This form has been open for too long"),
        (ADMIN, "profile_form", {"metadata": "nothing", "values": profile}, NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": NEW_PROFILE, "values": profile | {"profile_comment": option("sometimes")}}, NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": NEW_PROFILE, "values": profile | {"profile_expiry_unit": option("centuries")}},
         NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": NEW_PROFILE, "values": {"profile_name": text("web SERVERS")}}, "already called"),
        (ADMIN, "step_form", {"metadata": STEP_FORM.replace('"step":0', '"step":7'), "values": STEP}, "There is no step 8"),
        (ADMIN, "step_form", {"metadata": STEP_FORM, "values": STEP | {"step_required": text("0")}}, FAULTS),
        (ADMIN, "step_form", {"metadata": STEP_FORM, "values": STEP | {"step_teams": {
            "type": "multi_static_select", "selected_options": [{"value": "planet:earth"}]}}}, NOT_UNDERSTOOD),
        (ADMIN, "resource_form", {"metadata": new.replace("ra_profile", "planet"), "values": resource}, NOT_UNDERSTOOD),
        (ADMIN, "resource_form", {"metadata": new, "values": resource | {"gate_issue": option("nowhere")}}, NO_PROFILE),
        (ADMIN, "resource_form", {"metadata": new, "values": resource | {"link_certificate_authority": option("lab")}}, "is no"),
        (ADMIN, "team_form", {"metadata": "planet:earth", "values": {"team_name": text("x")}}, NOT_UNDERSTOOD),
        (ADMIN, "team_form", {"metadata": "group:spare:0123456789abcdef", "values": {"team_name": text("Mine")}}, "meanwhile"),
        (APPROVER, "several", {"values": {"several:x": boxes("1.0.1; drop table"), "verdict": option("approve")}}, NOT_UNDERSTOOD),
        (APPROVER, "several", {"values": {"several:x": boxes(*(f"{n}.0.1" for n in range(1, 22))), "verdict": option("approve")}},
         NOT_UNDERSTOOD),
        (APPROVER, "several", {"values": {"several:x": boxes("1.0.1"), "verdict": option("maybe")}}, NOT_UNDERSTOOD),
        (APPROVER, "several", {"values": {"several:x": boxes("1.0.1")}}, FAULTS),
        (APPROVER, "several", {"values": {"verdict": option("approve")}}, FAULTS),
        (APPROVER, "filter", {"values": {"filter_operation": option("destroy")}}, NOT_UNDERSTOOD),
        (APPROVER, "filter", {"values": {"filter_resource": option("../etc")}}, NOT_UNDERSTOOD),
        (ADMIN, "dry_run", {"values": {"dry_run_operation": option("destroy"), "dry_run_entry": option("lab")}}, NOT_UNDERSTOOD),
    ]  # fmt: skip


async def forged_buttons(attempts: Attempts) -> list[tuple[str, str, Given, str]]:
    """Who presses which button with what, and what they are told."""
    mine, first = attempts.request, await attempts.another_request(decided=False)
    member = MEMBERS["member"]
    return [
        (APPROVER, "approve", {"value": f"{first}.0.0"}, "You are not an approver of step 1, Security."),
        (APPROVER, "approve", {"value": f"{mine}.0.0"}, "is now at step 2, PKI"),
        (APPROVER, "approve", {"value": f"{mine}.1.0"}, "There is no REQ-"),
        (APPROVER, "approve", {"value": "9999.0.1"}, "There is no REQ-9999"),
        (APPROVER, "approve", {"value": str(mine)}, NOT_UNDERSTOOD),
        (member, "approve", {"value": f"{mine}.0.1", "message": ("C01GENERAL", "1.1")}, "There is no REQ-"),
        (member, "details", {"value": str(mine), "message": ("C01GENERAL", "1.1")}, "There is no REQ-"),
        (member, "details_next", {"value": f"{mine}/0"}, "There is no REQ-"),
        (APPROVER, "details_next", {"value": f"{mine}/-1"}, NOT_UNDERSTOOD),
        (MEMBERS["requester"], "cancel", {"value": "9999"}, "There is no REQ-9999"),
        (ADMIN, "override", {"value": "0"}, NOT_UNDERSTOOD),
        (ADMIN, "revoke_delegation", {"value": "9999"}, "There is no such delegation"),
        (ADMIN, "list_older", {"value": "everything there is"}, "There is no status"),
        (
            ADMIN,
            "home_older",
            {"value": '0.0.0.0{"resource":"../etc"}', "callback": "home", "home": True},
            NOT_UNDERSTOOD,
        ),
        (ADMIN, "profile_delete", {"value": "spare/7"}, "meanwhile"),
        (ADMIN, "profile_delete", {"value": "web/1"}, "still used by"),
        (ADMIN, "profile_delete", {"value": "../../etc/1"}, NOT_UNDERSTOOD),
        (ADMIN, "step_remove", {"value": "7"} | IN_PROFILE_FORM, "There is no step 8"),
        (ADMIN, "step_remove", {"value": "0"}, NOT_UNDERSTOOD),
        (ADMIN, "resource_delete", {"value": "spare/0123456789abcdef"}, "meanwhile"),
        (ADMIN, "team_delete", {"value": "role:administrator"}, "built in"),
    ]


async def test_forged_forms_and_buttons_get_nowhere(attempts: Attempts) -> None:
    wrong = []
    tried: list[tuple[Callable[..., Awaitable[Came]], tuple[str, str, Given, str]]]
    tried = [(attempts.sends, one) for one in await forged_forms(attempts)]
    tried += [(attempts.presses, one) for one in await forged_buttons(attempts)]
    for tries, (user, name, given, sentence) in tried:
        came = await tries(user, name, **given)
        if came.changed or came.refused is None or sentence not in came.refused:
            wrong.append(f"{name} by {user} with {str(given)[:200]}: “{sentence}” was expected, and came {came}")
    assert not wrong, "\n".join(wrong)


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
