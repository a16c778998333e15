"""Forged forms and buttons. Ingrid may do everything and Mei may decide: they are refused because of what they send."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.end_to_end.rights import MEMBERS, Attempts, Came
from tests.end_to_end.trying import (
    IN_PROFILE_FORM,
    NEW_PROFILE,
    STEP,
    STEP_FORM,
    Given,
    away,
    boxes,
    form_of,
    new_request,
    option,
    text,
)

ADMIN, APPROVER = MEMBERS["administrator"], MEMBERS["approver"]
NOT_UNDERSTOOD: Final = "could not make sense of this"
FAULTS: Final = "Some fields of this form need another look."
NO_PROFILE: Final = " does not exist."


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
        (APPROVER, "comment", form_of(attempts, comment=text(" ")), "This comment is empty."),
        (ADMIN, "submit", await new_request(attempts, operation="destroy"), NOT_UNDERSTOOD),
        (ADMIN, "submit", {"values": {"operation": option("issue"), "resource": option("nowhere"), "reason": text("x"),
                                      "csr": text(await attempts.company.csr())}}, "The resource nowhere no longer exists."),
        (ADMIN, "submit", {"values": {"operation": option("issue"), "resource": option("issuing"), "reason": text("x"),
                                      "csr": text(await attempts.company.csr())}}, "does not begin at"),
        (ADMIN, "submit", {"values": {"operation": option("revoke"), "resource": option("public-web"), "reason": text("x"),
                                      "revocation_reason": option("boredom")}}, NOT_UNDERSTOOD),
        (ADMIN, "delegation", away("U99UNKNOWN"), "The absent person must be an active full member"),
        (ADMIN, "delegation", {"values": away()["values"] | {"delegate": {"type": "users_select", "selected_user": "U10PAVEL"}}},
         "Only active full members of this workspace can be a delegate"),
        (ADMIN, "delegation", {"values": away()["values"] | {"delegate_until": {"type": "datepicker", "selected_date": "soon"}}},
         NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": '{"base":{"profile":"web","seen":9},"nonce":"1"}', "values": profile}, NO_PROFILE),
        (ADMIN, "profile_form", {"metadata": '{"base":{"profile":"nowhere","seen":1},"nonce":"1"}', "values": profile}, NO_PROFILE),
        (ADMIN, "profile_form", {"metadata": long_ago, "values": profile}, "This form was open for too long"),
        (ADMIN, "profile_form", {"metadata": "nothing", "values": profile}, NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": NEW_PROFILE, "values": profile | {"profile_comment": option("sometimes")}}, NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": NEW_PROFILE, "values": profile | {"profile_expiry_unit": option("centuries")}},
         NOT_UNDERSTOOD),
        (ADMIN, "profile_form", {"metadata": NEW_PROFILE, "values": {"profile_name": text("web SERVERS")}}, "already called"),
        (ADMIN, "step_form", {"metadata": STEP_FORM.replace('"step":0', '"step":7'), "values": STEP}, "Step 8 is no longer in this form"),
        (ADMIN, "step_form", {"metadata": STEP_FORM, "values": STEP | {"step_required": text("0")}}, FAULTS),
        (ADMIN, "step_form", {"metadata": STEP_FORM, "values": STEP | {"step_teams": {
            "type": "multi_static_select", "selected_options": [{"value": "planet:earth"}]}}}, NOT_UNDERSTOOD),
        (ADMIN, "resource_form", {"metadata": new.replace("ra_profile", "planet"), "values": resource}, NOT_UNDERSTOOD),
        (ADMIN, "resource_form", {"metadata": new, "values": resource | {"gate_issue": option("nowhere")}}, NO_PROFILE),
        (ADMIN, "resource_form", {"metadata": new, "values": resource | {"link_certificate_authority": option("lab")}}, "is no"),
        (ADMIN, "team_form", {"metadata": "planet:earth", "values": {"team_name": text("x")}}, NOT_UNDERSTOOD),
        (ADMIN, "team_form", {"metadata": "group:spare:0123456789abcdef", "values": {"team_name": text("Mine")}}, "in the meantime"),
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
        (ADMIN, "revoke_delegation", {"value": "9999"}, "This delegation does not exist, or you cannot see it."),
        (ADMIN, "list_older", {"value": "everything there is"}, "There is no status"),
        (
            ADMIN,
            "home_older",
            {"value": '0.0.0.0{"resource":"../etc"}', "callback": "home", "home": True},
            NOT_UNDERSTOOD,
        ),
        (ADMIN, "profile_delete", {"value": "spare/7"}, "in the meantime"),
        (ADMIN, "profile_delete", {"value": "web/1"}, "still used by"),
        (ADMIN, "profile_delete", {"value": "../../etc/1"}, NOT_UNDERSTOOD),
        (ADMIN, "step_remove", {"value": "7"} | IN_PROFILE_FORM, "Step 8 is no longer in this form"),
        (ADMIN, "step_remove", {"value": "0"}, NOT_UNDERSTOOD),
        (ADMIN, "resource_delete", {"value": "spare/0123456789abcdef"}, "in the meantime"),
        (ADMIN, "team_delete", {"value": "role:administrator"}, "built in"),
    ]


async def test_forged_forms_and_buttons_get_nowhere(attempts: Attempts) -> None:
    wrong = []
    tried: list[tuple[Callable[..., Awaitable[Came]], tuple[str, str, Given, str]]]
    tried = [(attempts.sends, forged_form) for forged_form in await forged_forms(attempts)]
    tried += [(attempts.presses, forged_button) for forged_button in await forged_buttons(attempts)]
    for tries, (user, name, given, sentence) in tried:
        came = await tries(user, name, **given)
        if came.changed or came.refused is None or sentence not in came.refused:
            wrong.append(f"{name} by {user} with {str(given)[:200]}: “{sentence}” was expected, and came {came}")
    assert not wrong, "\n".join(wrong)
