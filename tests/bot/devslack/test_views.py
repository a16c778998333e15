"""Modals and Homes: triggers, stacks, hashes, state, and what the person sees, driven by a real Bolt app."""

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack, Timing
from tests.bot.devslack.conftest import (
    MANIFEST,
    WORKSPACE,
    Control,
    Json,
    button,
    connected,
    controlling,
    field,
    modal,
    text,
    until,
    web_client,
)

pytestmark = pytest.mark.usefixtures("live")

HOME = {"type": "home", "blocks": [{"type": "actions", "block_id": "row", "elements": [button("from_home")]}]}


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


async def trigger(control: Control, user: str = "U0ANNA") -> str:
    """A fresh trigger id, taken from the command's own envelope."""
    await control.post("command", user=user, channel="C0APP", text="/trial")
    last = (await control.get("log", deliveries="1"))["deliveries"][-1]
    return str(last["payload"]["trigger_id"])


@pytest.fixture
async def live(app: AsyncApp, slack: DevSlack) -> Any:
    """The app connected, with a command that does nothing but acknowledge."""

    @app.command("/trial")
    async def trial(ack: Any) -> None:
        await ack()

    async with connected(app, slack):
        yield app


async def test_a_trigger_opens_one_view(client: AsyncWebClient, control: Control) -> None:
    key = await trigger(control)
    opened = (await client.views_open(trigger_id=key, view=modal(field("b"), private_metadata="m")))["view"]
    assert opened == await control.modal("U0ANNA")
    assert opened["root_view_id"] == opened["id"]
    assert opened["previous_view_id"] is None
    assert opened["private_metadata"] == "m"
    assert opened["state"]["values"] == {"b": {"a": {"type": "plain_text_input", "value": None}}}
    assert await refused(client.views_open(trigger_id=key, view=modal())) == "exchanged_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.three", view=modal())) == "invalid_trigger_id"


async def test_a_trigger_is_soon_too_old() -> None:
    timing = Timing(acknowledge=0.3, trigger=0.0)
    async with DevSlack(workspace=WORKSPACE, manifest=MANIFEST, rates="off", timing=timing) as slack:
        async with controlling(slack) as control:
            key = await trigger(control)
        assert await refused(web_client(slack).views_open(trigger_id=key, view=modal())) == "expired_trigger_id"


async def test_views_that_are_refused_say_where(client: AsyncWebClient, control: Control) -> None:
    with pytest.raises(SlackApiError) as error:
        await client.views_open(trigger_id=await trigger(control), view={**modal(), "title": text("x" * 25)})
    assert error.value.response["error"] == "invalid_arguments"
    assert error.value.response["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] failed to match all allowed schemas [json-pointer:/view/title]",
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ]
    big = modal(*[{"type": "section", "text": text("x" * 3000)} for _ in range(90)])
    assert await refused(client.views_open(trigger_id="x", view=big)) == "view_too_large"
    assert await refused(client.api_call("views.open", json={"trigger_id": "x"})) == "invalid_arguments"


async def test_push_stops_at_three_and_needs_a_modal(app: AsyncApp, client: AsyncWebClient, control: Control) -> None:
    triggers: list[str] = []

    @app.action("more")
    async def more(ack: Any, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    step = modal({"type": "actions", "block_id": "row", "elements": [button("more")]})
    assert await refused(client.views_push(trigger_id=await trigger(control), view=step)) == "not_found"
    root = (await client.views_open(trigger_id=await trigger(control), view=step))["view"]
    top = root
    for _ in range(2):
        await control.post("click", user="U0ANNA", view_id=top["id"], action_id="more")
        pushed = (await client.views_push(trigger_id=triggers[-1], view=step))["view"]
        assert (pushed["previous_view_id"], pushed["root_view_id"]) == (top["id"], root["id"])
        top = pushed
    await control.post("click", user="U0ANNA", view_id=top["id"], action_id="more")
    assert await refused(client.views_push(trigger_id=triggers[-1], view=step)) == "push_limit_reached"
    assert len((await control.get("views", user="U0ANNA"))["stack"]) == 3
    await control.post("view_close", user="U0ANNA", view_id=top["id"])
    assert (await control.modal("U0ANNA"))["id"] == top["previous_view_id"]
    await control.post("view_close", user="U0ANNA", view_id=top["previous_view_id"], clear=True)
    assert await control.modal("U0ANNA") is None
    assert await refused(client.views_update(view_id=top["id"], view=step)) == "not_found"


async def test_update_keeps_what_was_typed_and_checks_the_hash(client: AsyncWebClient, control: Control) -> None:
    first = (await client.views_open(trigger_id=await trigger(control), view=modal(field("b"), external_id="mine")))[
        "view"
    ]
    await control.post("input", user="U0ANNA", view_id=first["id"], block_id="b", action_id="a", value="typed")
    wider = modal(field("b"), field("c"), external_id="mine")
    second = (await client.views_update(external_id="mine", hash=first["hash"], view=wider))["view"]
    assert second["id"] == first["id"]
    assert second["hash"] != first["hash"]
    assert second["state"]["values"]["b"]["a"]["value"] == "typed"
    assert second["state"]["values"]["c"]["a"]["value"] is None
    assert await refused(client.views_update(view_id=first["id"], hash=first["hash"], view=wider)) == "hash_conflict"
    both = client.api_call("views.update", json={"view_id": first["id"], "external_id": "mine", "view": wider})
    assert await refused(both) == "invalid_arguments"
    taken = client.views_open(trigger_id=await trigger(control, "U0BEN"), view=modal(external_id="mine"))
    assert await refused(taken) == "duplicate_external_id"


async def test_the_four_answers_to_a_form(app: AsyncApp, client: AsyncWebClient, control: Control) -> None:
    seen: list[Json] = []

    @app.view("form")
    async def submitted(ack: Any, body: Json, view: Json) -> None:
        seen.append(body)
        said = view["state"]["values"]["b"]["a"]["value"]
        if said == "wrong":
            await ack(response_action="errors", errors={"b": "Not this."})
        elif said == "more":
            await ack(response_action="update", view=modal(field("b"), field("c", optional=True)))
        elif said == "push":
            await ack(response_action="push", view=modal(field("b"), title=text("On top")))
        elif said == "clear":
            await ack(response_action="clear")
        else:
            await ack()

    view = (await client.views_open(trigger_id=await trigger(control), view=modal(field("b"))))["view"]

    async def submit(words: str, view_id: str = view["id"]) -> Json:
        return await control.post("view_submit", user="U0ANNA", view_id=view_id, values={"b": {"a": words}})

    answer = await submit("wrong")
    assert answer["answer"] == {"response_action": "errors", "errors": {"b": "Not this."}}
    assert (await control.modal("U0ANNA"))["id"] == view["id"]
    payload = seen[0]
    assert payload["type"] == "view_submission"
    assert payload["view"]["state"]["values"]["b"]["a"] == {"type": "plain_text_input", "value": "wrong"}
    assert {"user", "team", "api_app_id", "token", "trigger_id", "is_enterprise_install"} <= set(payload)
    await submit("more")
    assert len((await control.modal("U0ANNA"))["blocks"]) == 2
    await submit("push")
    top = await control.modal("U0ANNA")
    assert top["previous_view_id"] == view["id"]
    assert (await submit("x"))["error"] == "not_on_top"
    await submit("fine", top["id"])
    assert (await control.modal("U0ANNA"))["id"] == view["id"], "an empty answer closes one view"
    await submit("clear")
    assert await control.modal("U0ANNA") is None


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "no input block"),
        ({"response_action": "errors", "errors": {}}, "but named none"),
        ({"response_action": "update", "view": {"type": "modal"}}, "Slack refuses"),
        ({"response_action": "dance"}, "no response_action"),
    ],
)
async def test_answers_that_slack_could_not_use(
    app: AsyncApp, client: AsyncWebClient, control: Control, answer: Json, detail: str
) -> None:
    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(answer)

    view = (await client.views_open(trigger_id=await trigger(control), view=modal(field("b"))))["view"]
    result = await control.post("view_submit", user="U0ANNA", view_id=view["id"], values={"b": {"a": "x"}})
    assert (result["ok"], result["error"], result["acknowledged"]) == (False, "invalid_answer", True)
    assert detail in result["detail"]
    assert await control.modal("U0ANNA") is not None


async def test_the_client_checks_fields_before_it_sends(client: AsyncWebClient, control: Control) -> None:
    plain = {"type": "plain_text_input"}
    options = [{"text": text(n), "value": n} for n in ("one", "two", "three")]
    view = modal(
        field("short", {**plain, "min_length": 3}),
        field("long", {**plain, "max_length": 3}),
        field("mail", {"type": "email_text_input"}),
        field("link", {"type": "url_text_input"}),
        field("whole", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}),
        field("many", {"type": "multi_static_select", "options": options, "max_selected_items": 2}),
        field("needed"),
        field("who", {"type": "multi_users_select"}, optional=True),
        field("spare", optional=True),
    )
    view_id = (await client.views_open(trigger_id=await trigger(control), view=view))["view"]["id"]
    before = len((await control.get("log", deliveries="1"))["deliveries"])
    answers = {
        "short": "ab",
        "long": "abcd",
        "mail": "nobody",
        "link": "x.example",
        "whole": "1.5",
        "many": ["one", "two", "three"],
    }
    result = await control.post(
        "view_submit", user="U0ANNA", view_id=view_id, values={b: {"a": v} for b, v in answers.items()}
    )
    assert (result["ok"], result["error"]) == (False, "client_validation")
    assert set(result["errors"]) == {*answers, "needed"}
    wrong_option = await control.post("view_submit", user="U0ANNA", view_id=view_id, values={"many": {"a": ["four"]}})
    assert wrong_option["error"] == "bad_value"
    assert (
        await control.post("input", user="U0ANNA", view_id=view_id, block_id="who", action_id="a", value="U0NOBODY")
    )["detail"] == "There is no user U0NOBODY in this workspace."
    nowhere = await control.post("view_submit", user="U0ANNA", view_id=view_id, values={"elsewhere": {"a": "x"}})
    assert nowhere["error"] == "no_such_element"
    assert len((await control.get("log", deliveries="1"))["deliveries"]) == before, "nothing was sent"


async def test_initial_values_and_slacks_own_state_objects(
    app: AsyncApp, client: AsyncWebClient, control: Control
) -> None:
    states: list[Json] = []

    @app.view("form")
    async def submitted(ack: Any, view: Json) -> None:
        states.append(view["state"]["values"])
        await ack()

    option = {"text": text("One"), "value": "1"}
    other = {"text": text("Two"), "value": "2"}
    view = modal(
        field("words", {"type": "plain_text_input", "initial_value": "as it was"}),
        field("one", {"type": "static_select", "options": [option, other], "initial_option": option}),
        field("boxes", {"type": "checkboxes", "options": [option, other], "initial_options": [other]}, optional=True),
        field("who", {"type": "users_select"}),
        field("some", {"type": "multi_users_select", "initial_users": ["U0BEN"]}),
        field("day", {"type": "datepicker"}),
        field("when", {"type": "datetimepicker"}),
    )
    view_id = (await client.views_open(trigger_id=await trigger(control), view=view))["view"]["id"]
    values = {
        "one": {"a": "2"},
        "boxes": {"a": []},
        "who": {"a": {"type": "users_select", "selected_user": "U0CARO"}},
        "day": {"a": "2026-12-24"},
        "when": {"a": 1_795_000_000},
    }
    assert (await control.post("view_submit", user="U0ANNA", view_id=view_id, values=values))["acknowledged"]
    assert states[0] == {
        "words": {"a": {"type": "plain_text_input", "value": "as it was"}},
        "one": {"a": {"type": "static_select", "selected_option": other}},
        "boxes": {"a": {"type": "checkboxes", "selected_options": []}},
        "who": {"a": {"type": "users_select", "selected_user": "U0CARO"}},
        "some": {"a": {"type": "multi_users_select", "selected_users": ["U0BEN"]}},
        "day": {"a": {"type": "datepicker", "selected_date": "2026-12-24"}},
        "when": {"a": {"type": "datetimepicker", "selected_date_time": 1_795_000_000}},
    }


async def test_closing_is_told_only_when_asked_for(app: AsyncApp, client: AsyncWebClient, control: Control) -> None:
    closed: list[Json] = []

    @app.view_closed("form")
    async def on_close(ack: Any, body: Json) -> None:
        closed.append(body)
        await ack()

    quiet = (await client.views_open(trigger_id=await trigger(control), view=modal()))["view"]["id"]
    assert not (await control.post("view_close", user="U0ANNA", view_id=quiet))["delivered"]
    loud = (await client.views_open(trigger_id=await trigger(control), view=modal(notify_on_close=True)))["view"]["id"]
    assert (await control.post("view_close", user="U0ANNA", view_id=loud))["acknowledged"]
    assert [(c["view"]["id"], c["is_cleared"]) for c in closed] == [(loud, False)]


async def test_homes(app: AsyncApp, client: AsyncWebClient, control: Control) -> None:
    events: list[Json] = []
    pressed: list[Json] = []
    drawn: list[Any] = []

    @app.event("app_home_opened")
    async def opened(event: Json) -> None:
        events.append(event)
        drawn.append(await client.views_publish(user_id=event["user"], view=HOME))

    @app.action("from_home")
    async def press(ack: Any, body: Json) -> None:
        pressed.append(body)
        await ack()

    assert (await control.post("open_home", user="U0ANNA"))["acknowledged"]
    await until(lambda: len(drawn) == 1)
    home = (await control.get("views", user="U0ANNA"))["home"]
    assert "view" not in events[0]
    assert events[0]["channel"] == await control.dm("U0ANNA")
    await control.post("open_home", user="U0ANNA")
    await until(lambda: len(drawn) == 2)
    assert events[1]["view"]["id"] == home["id"]
    clicked = await control.post("click", user="U0ANNA", view_id=home["id"], action_id="from_home")
    assert clicked["acknowledged"]
    assert pressed[0]["container"] == {"type": "view", "view_id": home["id"]}
    assert "channel" not in pressed[0]
    again = (await client.views_publish(user_id="U0ANNA", view=HOME))["view"]
    assert again["id"] == home["id"]
    assert await refused(client.views_publish(user_id="U0ANNA", view=HOME, hash=home["hash"])) == "hash_conflict"
    assert await refused(client.views_publish(user_id="U0NOBODY", view=HOME)) == "user_not_found"
    assert (await control.get("views", user="U0BEN"))["home"] is None


async def test_nobody_touches_anothers_view(client: AsyncWebClient, control: Control) -> None:
    view_id = (await client.views_open(trigger_id=await trigger(control), view=modal(field("b"))))["view"]["id"]
    stranger = await control.post("view_submit", user="U0BEN", view_id=view_id, values={"b": {"a": "x"}})
    assert stranger["error"] == "view_not_found"
    assert (await control.get("views", user="U0BEN"))["modal"] is None


async def test_a_form_sent_twice_is_answered_once(app: AsyncApp, client: AsyncWebClient, control: Control) -> None:
    """The second answer comes when the modal is gone: it must not bring it back."""
    both = asyncio.Barrier(2)
    answers = [{"response_action": "clear"}, {"response_action": "update", "view": {**modal(), "blocks": []}}]

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await both.wait()
        await ack(answers.pop(0))

    view = (await client.views_open(trigger_id=await trigger(control), view=modal(field("b"))))["view"]
    submit = {"user": "U0ANNA", "view_id": view["id"], "values": {"b": {"a": "x"}}}
    results = await asyncio.gather(*(control.post("view_submit", **submit) for _ in range(2)))
    assert answers == []
    assert all(r["acknowledged"] for r in results)
    assert await control.modal("U0ANNA") is None
