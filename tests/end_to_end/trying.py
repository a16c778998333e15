"""How each thing is tried that somebody could press, send or type: what the button, the form or the command carries."""

from collections.abc import Callable
from typing import Any, Final

from bot.slack.kit.ids import Action
from domain.approvals.requests import RequestId
from domain.approvals.resources import ResourceId
from domain.audit.entries import Source
from domain.notices.notices import Notice, NoticeKind
from domain.workflow.configuration.edit_conflicts import fingerprint
from domain.workflow.configuration.groups_and_roles import fingerprint as team_fingerprint
from tests.end_to_end.rights import ABSENT, MEMBERS, STAND_IN, Attempts, who

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
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}


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
        found = next(one for one in await reading.resources.listed() if one.id == ResourceId("spare"))
    return {"value": f"spare/{fingerprint(found)}"}


async def rules_of_lab(attempts: Attempts) -> Given:
    """Other rules each time, so that each attempt would change something."""
    async with attempts.company.bot.store.reading() as reading:
        found = await reading.resources.get(ResourceId("lab"))
    assert found is not None
    most = text(str(next(attempts.numbers) % 500))
    return {
        "metadata": f'{{"key":"lab","seen":"{fingerprint(found)}","nonce":"1"}}',
        "values": {"rule_most_names": most, "violation_most_names": option("warn")},
    }


async def spare_group(attempts: Attempts) -> Given:
    async with attempts.company.bot.store.reading() as reading:
        found = next((group for group in await reading.people.groups() if group.key == "spare"), None)
    return {"value": f"group:spare:{team_fingerprint(found)}"}


async def undelivered(attempts: Attempts) -> Given:
    """A message that Slack refused."""
    notice = Notice(kind=NoticeKind.PROGRESS, key="progress", person=who(MEMBERS["requester"]))
    async with attempts.company.bot.store.transaction(Source.CLOCK) as tx:
        await tx.notices.add(RequestId(attempts.request), [notice])
        [sent] = await tx.notices.of_request(RequestId(attempts.request))
        await tx.notices.save(sent.replace(failure="is_archived"))
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
    **{f"button {action}": IN_STEP_FORM for action in Action if action.startswith("step_")
       and action not in {"step_add", "step_edit", "step_up", "step_down", "step_remove", "step_name"}},
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
