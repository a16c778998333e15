"""Block Kit's composition objects and interactive elements, field by field.

Source: https://docs.slack.dev/reference/block-kit/composition-objects and .../block-elements.
"""

from bot.devslack.block_kit.schema import Check, array, boolean, choice, fault, integer, pick, record, string, typed
from bot.devslack.errors import Json

DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME = r"([01]\d|2[0-3]):[0-5]\d"
ID = string(255)
URL = string(3000)


def text(most: int, *, least: int = 1) -> Check:
    """Plain text or mrkdwn of at most so many characters."""
    return typed({"plain_text": _plain(most, least), "mrkdwn": _mrkdwn(most, least)}, announced=True)


def plain(most: int, *, least: int = 1) -> Check:
    """Plain text only: mrkdwn is refused here."""
    return typed({"plain_text": _plain(most, least)}, announced=True)


def _plain(most: int, least: int) -> Check:
    return record({"type": string(), "text": string(most, least=least)}, {"emoji": boolean})


def _mrkdwn(most: int, least: int) -> Check:
    return record({"type": string(), "text": string(most, least=least)}, {"verbatim": boolean})


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
RICH_OPTION = record({"text": text(75), "value": string(150)}, {"description": text(75)})
OVERFLOW_OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
OPTION_GROUP = record({"label": plain(75), "options": array(OPTION, 1, 100)})
DISPATCH = record(
    {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 1, 2)},
)
FILTER = record(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
SLACK_FILE = record({}, {"id": string(), "url": URL})
IMAGE_PARTS = {"image_url": URL, "slack_file": SLACK_FILE}


def one_image(value: Json, at: str, faults: list[str]) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        fault(faults, "must define either `image_url` or `slack_file`", at)


def options_or_groups(value: Json, at: str, faults: list[str]) -> None:
    if ("options" in value) == ("option_groups" in value):
        fault(faults, "must define either `options` or `option_groups`", at)


def initials_exist(value: Json, at: str, faults: list[str]) -> None:
    """What is chosen at first must be one of the options, word for word."""
    offered = [*value.get("options", ()), *(o for g in value.get("option_groups", ()) for o in g["options"])]
    if "initial_option" in value and value["initial_option"] not in offered:
        fault(faults, "initial_option must be one of the options", f"{at}/initial_option")
    for place, option in enumerate(value.get("initial_options", ())):
        if option not in offered:
            fault(faults, "initial_options must be among the options", f"{at}/initial_options/{place}")


def values_differ(value: Json, at: str, faults: list[str]) -> None:
    """Two options of one menu with the same value could not be told apart."""
    values: set[str] = set()
    for option in [*value.get("options", ()), *(o for g in value.get("option_groups", ()) for o in g["options"])]:
        if option["value"] in values:
            fault(faults, f'duplicate option value "{option["value"]}"', at)
        values.add(option["value"])


def lengths_agree(value: Json, at: str, faults: list[str]) -> None:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        fault(faults, "min_length must be less than or equal to max_length", f"{at}/min_length")


def numbers_agree(value: Json, at: str, faults: list[str]) -> None:
    numbers = {}
    for name in ("min_value", "max_value", "initial_value"):
        if name in value:
            try:
                numbers[name] = float(value[name])
            except ValueError:
                fault(faults, "must be a number", f"{at}/{name}")
                return
    if numbers.get("min_value", float("-inf")) > numbers.get("max_value", float("inf")):
        fault(faults, "min_value must be less than or equal to max_value", f"{at}/min_value")


def _element(required: dict[str, Check], optional: dict[str, Check], *also: Check) -> Check:
    return record({"type": string(), **required}, {"action_id": ID, **optional}, *also)


_FOCUS: dict[str, Check] = {"focus_on_load": boolean}
_MENU: dict[str, Check] = {**_FOCUS, "placeholder": plain(150), "confirm": CONFIRM}
_MANY: dict[str, Check] = {**_MENU, "max_selected_items": integer(1)}
_TYPED: dict[str, Check] = {**_FOCUS, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
_STATIC: dict[str, Check] = {"options": array(OPTION, 1, 100), "option_groups": array(OPTION_GROUP, 1, 100)}
_MIN_QUERY: dict[str, Check] = {"min_query_length": integer(0)}
_IDS = array(string())

ELEMENTS: dict[str, Check] = {
    "button": _element(
        {"text": plain(75)},
        {
            "url": URL,
            "value": string(2000, least=0),
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": _element({"options": array(OVERFLOW_OPTION, 1, 5)}, {"confirm": CONFIRM}, values_differ),
    "checkboxes": _element(
        {"options": array(RICH_OPTION, 1, 10)},
        {"initial_options": array(RICH_OPTION, 1, 10), "confirm": CONFIRM, **_FOCUS},
        initials_exist,
        values_differ,
    ),
    "radio_buttons": _element(
        {"options": array(RICH_OPTION, 1, 10)},
        {"initial_option": RICH_OPTION, "confirm": CONFIRM, **_FOCUS},
        initials_exist,
        values_differ,
    ),
    "static_select": _element(
        {}, {**_MENU, **_STATIC, "initial_option": OPTION}, options_or_groups, initials_exist, values_differ
    ),
    "multi_static_select": _element(
        {},
        {**_MANY, **_STATIC, "initial_options": array(OPTION, 1, 100)},
        options_or_groups,
        initials_exist,
        values_differ,
    ),
    "external_select": _element({}, {**_MENU, **_MIN_QUERY, "initial_option": OPTION}),
    "multi_external_select": _element({}, {**_MANY, **_MIN_QUERY, "initial_options": array(OPTION, 1, 100)}),
    "users_select": _element({}, {**_MENU, "initial_user": string()}),
    "multi_users_select": _element({}, {**_MANY, "initial_users": _IDS}),
    "conversations_select": _element(
        {},
        {
            **_MENU,
            "initial_conversation": string(),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        },
    ),
    "multi_conversations_select": _element(
        {}, {**_MANY, "initial_conversations": _IDS, "default_to_current_conversation": boolean, "filter": FILTER}
    ),
    "channels_select": _element({}, {**_MENU, "initial_channel": string(), "response_url_enabled": boolean}),
    "multi_channels_select": _element({}, {**_MANY, "initial_channels": _IDS}),
    "datepicker": _element({}, {**_MENU, "initial_date": string(pattern=DATE)}),
    "timepicker": _element({}, {**_MENU, "initial_time": string(pattern=TIME), "timezone": string()}),
    "datetimepicker": _element(
        {}, {**_FOCUS, "confirm": CONFIRM, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": _element(
        {},
        {
            **_TYPED,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        lengths_agree,
    ),
    "email_text_input": _element({}, {**_TYPED, "initial_value": string(least=0)}),
    "url_text_input": _element({}, {**_TYPED, "initial_value": string(least=0)}),
    "number_input": _element(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": string(), "min_value": string(), "max_value": string()},
        numbers_agree,
    ),
    "file_input": _element({}, {"filetypes": array(string(pattern=r"[A-Za-z0-9_]+"), 1), "max_files": integer(1, 10)}),
    "image": record({"type": string(), "alt_text": string(2000)}, IMAGE_PARTS, one_image),
}

_CHOOSERS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTI = tuple(f"multi_{name}" for name in _CHOOSERS)
_BOXES = ("checkboxes", "radio_buttons", "datepicker", "timepicker")

# Which elements a block may hold (the "Works with block types" of each element's page).
ACCESSORIES = pick(ELEMENTS, "button", "image", "overflow", *_BOXES, *_CHOOSERS, *_MULTI)
ACTIONS = pick(ELEMENTS, "button", "overflow", "datetimepicker", *_BOXES, *_CHOOSERS)
_TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
INPUT_NAMES = (*_TEXT_INPUTS, "file_input", "datetimepicker", *_BOXES, *_CHOOSERS, *_MULTI)
