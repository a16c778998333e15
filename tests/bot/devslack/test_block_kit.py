"""Block Kit as Slack takes and refuses it: limits, required and unknown fields, placement, ids."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models import blocks as sdk
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack.block_kit.limits import check_message_blocks, check_options, check_view
from tests.bot.devslack.conftest import Json, button, field, modal, text

OPTION = {"text": text("One"), "value": "1"}
OTHER = {"text": text("Two"), "value": "2"}
DESCRIBED = {"text": {"type": "mrkdwn", "text": "*One*"}, "value": "1"}
CONFIRM = {"title": text("Sure?"), "text": text("Really"), "confirm": text("Yes"), "deny": text("No")}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}


def section(**more: Any) -> Json:
    return {**SECTION, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "s", **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


GOOD_ELEMENTS = [
    button(
        "b",
        style="danger",
        confirm={**CONFIRM, "style": "danger"},
        accessibility_label="Press it",
        url="https://x.example",
    ),
    select("static_select", options=[OPTION, OTHER], initial_option=OTHER, placeholder=text("Pick")),
    select("static_select", option_groups=[{"label": text("Group"), "options": [OPTION]}]),
    select("external_select", min_query_length=0, initial_option=OPTION),
    select("users_select", initial_user="U0ANNA"),
    select("conversations_select", filter={"include": ["im"], "exclude_bot_users": True}),
    select("channels_select", initial_channel="C0APP"),
    select("overflow", options=[{**OPTION, "url": "https://x.example"}]),
    select("datepicker", initial_date="2026-02-28"),
    select("timepicker", initial_time="23:59"),
    select("datetimepicker", initial_date_time=1_795_000_000),
    select("checkboxes", options=[DESCRIBED, OTHER], initial_options=[DESCRIBED]),
    select("radio_buttons", options=[DESCRIBED], initial_option=DESCRIBED),
]
INPUTS = [
    select("plain_text_input", multiline=True, min_length=0, max_length=3000, initial_value="x", placeholder=text("p")),
    select("email_text_input"),
    select("url_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
    select("number_input", is_decimal_allowed=False, min_value="1", max_value="5", initial_value="2"),
    select("multi_static_select", options=[OPTION, OTHER], initial_options=[OTHER], max_selected_items=1),
    select("multi_external_select"),
    select("multi_users_select", initial_users=["U0ANNA"]),
    select("multi_conversations_select", default_to_current_conversation=True),
    select("multi_channels_select"),
    select("rich_text_input"),
    select("file_input", filetypes=["pem"], max_files=1),
]
GOOD_BLOCKS = [
    SECTION,
    section(fields=[text("f")] * 10, accessory={"type": "image", "image_url": "https://x.example/i", "alt_text": "i"}),
    {"type": "header", "text": text("h" * 150), "block_id": "b" * 255},
    {"type": "divider"},
    {"type": "image", "image_url": "https://x.example/i", "alt_text": "i", "title": text("t")},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "i"},
    {
        "type": "context",
        "elements": [text("c"), {"type": "image", "image_url": "https://x.example/i", "alt_text": "i"}],
    },
    {"type": "markdown", "text": "# words"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}]], "column_settings": [{"align": "right"}]},
    rich({"type": "text", "text": "bold", "style": {"bold": True}}, {"type": "user", "user_id": "U1"}),
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": []}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}], "border": 0},
            {"type": "rich_text_quote", "elements": [{"type": "link", "url": "https://x.example"}]},
        ],
    },
    field("b"),
]


@pytest.mark.parametrize("element", GOOD_ELEMENTS, ids=lambda e: e["type"])
def test_elements_that_slack_takes(element: Json) -> None:
    assert check_message_blocks([actions(element)]) == []


@pytest.mark.parametrize("element", [*GOOD_ELEMENTS[1:7], *GOOD_ELEMENTS[8:], *INPUTS], ids=lambda e: e["type"])
def test_inputs_that_slack_takes(element: Json) -> None:
    assert check_view(modal_list(field("b", element)), ("modal",)) == []


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda b: b["type"])
def test_blocks_that_slack_takes(block: Json) -> None:
    assert check_message_blocks([block]) == []


def modal_list(*blocks: Json, **more: Any) -> Json:
    return {**modal(**more), "blocks": list(blocks)}


BAD_BLOCKS: list[tuple[Any, str]] = [
    ([SECTION] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("words", "must provide an array [json-pointer:/blocks]"),
    (["words"], "must provide an object [json-pointer:/blocks/0]"),
    ([{}], "missing required field: type [json-pointer:/blocks/0]"),
    ([{"type": "sektion"}], "unsupported type: sektion [json-pointer:/blocks/0/type]"),
    ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ([section(text="plain string")], "must provide an object [json-pointer:/blocks/0/text]"),
    ([section(text=text(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([section(text=text("x" * 3001))], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (
        [section(text={"type": "mrkdwn", "text": "x", "emoji": True})],
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    ([section(fields=[text("f")] * 11)], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ([section(fields=[])], "must provide at least 1 items [json-pointer:/blocks/0/fields]"),
    ([section(fields=[text("x" * 2001)])], "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"),
    ([section(block_id="b" * 256)], "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    (
        [section(block_id="same"), section(block_id="same")],
        '`block_id` "same" already exists [json-pointer:/blocks/1/block_id]',
    ),
    (
        [section(accessory=select("plain_text_input"))],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ),
    (
        [{"type": "header", "text": text("h" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    ([{"type": "divider", "text": text("x")}], "invalid additional property: text [json-pointer:/blocks/0]"),
    (
        [{"type": "context", "elements": [text("c")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        [{"type": "context", "elements": [button("b")]}],
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    ([{"type": "image", "alt_text": "i"}], "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"),
    (
        [{"type": "image", "image_url": "https://x.example"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    ([actions()], "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (
        [actions(*[button(str(n)) for n in range(26)])],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        [actions(button("b"), button("b"))],
        '`action_id` "b" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (
        [actions(select("multi_users_select"))],
        "unsupported type: multi_users_select [json-pointer:/blocks/0/elements/0/type]",
    ),
    ([field("b"), {"type": "input", "label": text("L")}], "missing required field: element [json-pointer:/blocks/1]"),
    ([field("b", button("x"))], "unsupported type: button [json-pointer:/blocks/0/element/type]"),
    (
        [field("b", label={"type": "mrkdwn", "text": "L"})],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/label/type]",
    ),
    ([field("b", select("file_input"))], "unsupported type: file_input [json-pointer:/blocks/0/element/type]"),
    ([{"type": "rich_text", "elements": []}], "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    ([rich({"type": "user"})], "missing required field: user_id [json-pointer:/blocks/0/elements/0/elements/0]"),
    ([{"type": "markdown", "text": "x" * 12_001}], "must be less than 12001 characters [json-pointer:/blocks/0/text]"),
    ([{"type": "table", "rows": [[]]}], "must provide at least 1 items [json-pointer:/blocks/0/rows/0]"),
    ([GOOD_BLOCKS[8], GOOD_BLOCKS[8]], "only one table is allowed [json-pointer:/blocks]"),
]


@pytest.mark.parametrize(("blocks", "fault"), BAD_BLOCKS)
def test_blocks_that_slack_refuses(blocks: Any, fault: str) -> None:
    assert fault in check_message_blocks(blocks)


AT = "json-pointer:/blocks/0/elements/0"
BAD_ELEMENTS: list[tuple[Json, str]] = [
    (button("b", text=text("x" * 76)), f"must be less than 76 characters [{AT}/text/text]"),
    (button("b", text={"type": "mrkdwn", "text": "x"}), f"unsupported type: mrkdwn [{AT}/text/type]"),
    (button("b" * 256), f"must be less than 256 characters [{AT}/action_id]"),
    (button("b", "v" * 2001), f"must be less than 2001 characters [{AT}/value]"),
    (button("b", style="default"), f"must be a valid enum value [{AT}/style]"),
    (button("b", accessibility_label="x" * 76), f"must be less than 76 characters [{AT}/accessibility_label]"),
    (button("b", disabled=True), f"invalid additional property: disabled [{AT}]"),
    (button("b", confirm={"title": text("t")}), f"missing required field: deny [{AT}/confirm]"),
    (
        button("b", confirm={**CONFIRM, "title": text("x" * 101)}),
        f"must be less than 101 characters [{AT}/confirm/title/text]",
    ),
    (
        button("b", confirm={**CONFIRM, "text": text("x" * 301)}),
        f"must be less than 301 characters [{AT}/confirm/text/text]",
    ),
    (
        button("b", confirm={**CONFIRM, "deny": text("x" * 31)}),
        f"must be less than 31 characters [{AT}/confirm/deny/text]",
    ),
    (select("static_select"), f"must define either `options` or `option_groups` [{AT}]"),
    (select("static_select", options=[OPTION, OPTION]), f'duplicate option value "1" [{AT}]'),
    (select("static_select", options=[]), f"must provide at least 1 items [{AT}/options]"),
    (
        select("static_select", options=[{"text": text("x"), "value": str(n)} for n in range(101)]),
        f"no more than 100 items allowed [{AT}/options]",
    ),
    (
        select("static_select", options=[{**OPTION, "value": "v" * 151}]),
        f"must be less than 151 characters [{AT}/options/0/value]",
    ),
    (
        select("static_select", options=[{**OPTION, "text": text("x" * 76)}]),
        f"must be less than 76 characters [{AT}/options/0/text/text]",
    ),
    (select("static_select", options=[DESCRIBED]), f"unsupported type: mrkdwn [{AT}/options/0/text/type]"),
    (
        select("static_select", options=[{**OPTION, "url": "https://x.example"}]),
        f"invalid additional property: url [{AT}/options/0]",
    ),
    (
        select("static_select", options=[OPTION], initial_option=OTHER),
        f"initial_option must be one of the options [{AT}/initial_option]",
    ),
    (
        select("static_select", options=[OPTION], placeholder=text("x" * 151)),
        f"must be less than 151 characters [{AT}/placeholder/text]",
    ),
    (
        select("static_select", option_groups=[{"label": text("x" * 76), "options": [OPTION]}]),
        f"must be less than 76 characters [{AT}/option_groups/0/label/text]",
    ),
    (
        select("overflow", options=[{"text": text("x"), "value": str(n)} for n in range(6)]),
        f"no more than 5 items allowed [{AT}/options]",
    ),
    (
        select("checkboxes", options=[{"text": text("x"), "value": str(n)} for n in range(11)]),
        f"no more than 10 items allowed [{AT}/options]",
    ),
    (
        select("checkboxes", options=[OPTION], initial_options=[OTHER]),
        f"initial_options must be among the options [{AT}/initial_options/0]",
    ),
    (
        select("datepicker", initial_date="2026-13-01"),
        r"input must match regex pattern: \d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])" + f" [{AT}/initial_date]",
    ),
    (
        select("timepicker", initial_time="9:30"),
        r"input must match regex pattern: ([01]\d|2[0-3]):[0-5]\d" + f" [{AT}/initial_time]",
    ),
    (select("datetimepicker", initial_date_time="soon"), f"must provide an integer [{AT}/initial_date_time]"),
    (
        select("conversations_select", filter={"include": ["all"]}),
        f"must be a valid enum value [{AT}/filter/include/0]",
    ),
    (
        select("conversations_select", response_url_enabled=True),
        f"`response_url_enabled` is for modals only [{AT}/response_url_enabled]",
    ),
    (select("external_select", min_query_length=-1), f"must be greater than 0 [{AT}/min_query_length]"),
]


@pytest.mark.parametrize(("element", "fault"), BAD_ELEMENTS)
def test_elements_that_slack_refuses(element: Json, fault: str) -> None:
    assert fault in check_message_blocks([actions(element)])


NUMBER = select("number_input", is_decimal_allowed=True)
BAD_VIEWS: list[tuple[Any, str]] = [
    ("words", "must provide an object [json-pointer:/view]"),
    ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
    ({"type": "modal"}, "missing required field: title [json-pointer:/view]"),
    (modal_list(title=text("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal_list(submit=text("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    (modal_list(close=text("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    (modal_list(title={"type": "mrkdwn", "text": "x"}), "unsupported type: mrkdwn [json-pointer:/view/title/type]"),
    (
        modal_list(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    (modal_list(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
    (modal_list(external_id="x" * 256), "must be less than 256 characters [json-pointer:/view/external_id]"),
    (modal_list(width="wide"), "invalid additional property: width [json-pointer:/view]"),
    (modal_list(*[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal_list({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
    (
        {k: v for k, v in modal_list(field("b")).items() if k != "submit"},
        "must define `submit` to use `input` block [json-pointer:/view/blocks/0/input]",
    ),
    (modal_list(field("b"), field("b")), '`block_id` "b" already exists [json-pointer:/view/blocks/1/block_id]'),
    (
        modal_list(field("b", select("plain_text_input", min_length=9, max_length=3))),
        "min_length must be less than or equal to max_length [json-pointer:/view/blocks/0/element/min_length]",
    ),
    (
        modal_list(field("b", select("plain_text_input", max_length=3001))),
        "must be less than 3000 [json-pointer:/view/blocks/0/element/max_length]",
    ),
    (
        modal_list(field("b", select("plain_text_input", initial_value="x" * 3001))),
        "must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    (
        modal_list(field("b", select("number_input"))),
        "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
    ),
    (
        modal_list(field("b", {**NUMBER, "min_value": "many"})),
        "must be a number [json-pointer:/view/blocks/0/element/min_value]",
    ),
    (
        modal_list(field("b", {**NUMBER, "min_value": "9", "max_value": "1"})),
        "min_value must be less than or equal to max_value [json-pointer:/view/blocks/0/element/min_value]",
    ),
    (
        modal_list(
            field("b", select("plain_text_input", focus_on_load=True)),
            field("c", select("plain_text_input", focus_on_load=True)),
        ),
        "only one element may have `focus_on_load` [json-pointer:/view/blocks]",
    ),
]


@pytest.mark.parametrize(("view", "fault"), BAD_VIEWS)
def test_views_that_slack_refuses(view: Any, fault: str) -> None:
    assert fault in check_view(view, ("modal",))


def test_a_home_has_no_title_and_no_submit() -> None:
    assert check_view({"type": "home", "blocks": [SECTION], "private_metadata": "x"}, ("home",)) == []
    assert check_view({"type": "home", "blocks": [], "title": text("t")}, ("home",))[-1] == (
        "invalid additional property: title [json-pointer:/view]"
    )
    assert check_view({"type": "home", "blocks": [field("b", select("file_input"))]}, ("home",))


def test_answers_to_a_suggestion() -> None:
    assert check_options({"options": []}) == []
    assert check_options({"option_groups": [{"label": text("g"), "options": [OPTION]}]}) == []
    assert check_options({}) == ["must define either `options` or `option_groups` [json-pointer:/]"]
    assert check_options({"options": [OPTION] * 101}) == ["no more than 100 items allowed [json-pointer:/options]"]


def test_what_slack_sdk_builds_is_taken() -> None:
    built = [
        sdk.HeaderBlock(text="Approval needed"),
        sdk.SectionBlock(text="*words*", fields=["a", "b"], accessory=sdk.ButtonElement(text="Details", action_id="d")),
        sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="context")]),
        sdk.DividerBlock(),
        sdk.ActionsBlock(
            elements=[
                sdk.ButtonElement(text="Approve", action_id="a", value="1", style="primary"),
                sdk.StaticSelectElement(action_id="s", placeholder="p", options=[sdk.Option(text="One", value="1")]),
                sdk.OverflowMenuElement(action_id="o", options=[sdk.Option(text="One", value="1")]),
            ]
        ),
        sdk.InputBlock(
            label="Reason", element=sdk.PlainTextInputElement(action_id="r", multiline=True, max_length=2000)
        ),
    ]
    assert check_message_blocks([block.to_dict() for block in built]) == []


async def test_refusals_reach_the_app_as_slack_words_them(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C0APP", text="x", blocks=[section(text=text("x" * 3001))])
    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["errors"] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    messages = refused.value.response["response_metadata"]["messages"]
    assert messages[-1] == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


async def test_blocks_may_be_too_long_all_together(client: AsyncWebClient) -> None:
    long = [section(text=text("x" * 3000)) for _ in range(4)]
    await client.chat_postMessage(channel="C0APP", text="x", blocks=long)
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(channel="C0APP", text="x", blocks=[*long, SECTION])
