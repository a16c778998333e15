"""Slack's JSON as far as it is read here: everything else in it is ignored, and what is read is checked.

Source: https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.slack.kit.payloads.faults import BadInput

SlackId = Annotated[str, StringConstraints(pattern=r"\A[A-Z0-9]{1,32}\z")]
Ts = Annotated[str, StringConstraints(pattern=r"\A[0-9]{1,15}\.[0-9]{1,9}\z")]
Short = Annotated[str, StringConstraints(max_length=512)]
Long = Annotated[str, StringConstraints(max_length=20_000)]


class Raw(BaseModel):
    """A part of a payload."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class RawId(Raw):
    id: SlackId


class RawUser(Raw):
    id: SlackId
    team_id: SlackId | None = None


class RawContainer(Raw):
    channel_id: SlackId | None = None
    message_ts: Ts | None = None
    view_id: Short | None = None
    is_ephemeral: bool = False


class RawOption(Raw):
    value: Short


class RawFile(Raw):
    """A file that was handed in or shared. Nothing that stands here is believed but its id."""

    id: SlackId
    name: Short | None = None
    size: int | None = None
    mode: Short | None = None


class RawEntry(Raw):
    """What stands in one field of a form, or was chosen in a menu."""

    value: Long | None = None
    selected_option: RawOption | None = None
    selected_options: list[RawOption] | None = None
    selected_user: SlackId | None = None
    selected_date: Short | None = None
    selected_users: list[SlackId] | None = None
    selected_conversations: list[SlackId] | None = None
    files: list[RawFile] | None = None


class RawAction(Raw):
    action_id: Short
    value: Annotated[str, StringConstraints(max_length=3000)] | None = ""
    """None where a field was emptied."""
    selected_option: RawOption | None = None
    selected_user: SlackId | None = None
    action_ts: Ts | None = None


class RawState(Raw):
    values: dict[str, dict[str, RawEntry]] = {}


class RawView(Raw):
    id: Short
    type: Short = "modal"
    hash: Short = ""
    callback_id: Short = ""
    private_metadata: Annotated[str, StringConstraints(max_length=3000)] = ""
    state: RawState | None = None


class RawInteraction(Raw):
    """`block_actions` and `view_submission`."""

    user: RawUser
    team: RawId | None = None
    trigger_id: Short = ""
    response_url: Short = ""
    channel: RawId | None = None
    container: RawContainer | None = None
    view: RawView | None = None
    actions: list[RawAction] = []


class RawSuggestion(RawInteraction):
    """`block_suggestion`."""

    action_id: Short
    block_id: Short
    value: Short = ""


class RawCommand(Raw):
    """A slash command, as the form decodes to."""

    team_id: SlackId
    user_id: SlackId
    channel_id: SlackId
    command: Short
    text: Long = ""
    trigger_id: Short = ""
    response_url: Short = ""


class RawHomeEvent(Raw):
    user: SlackId
    tab: Short = "home"
    view: RawView | None = None


class RawHomeOpened(Raw):
    team_id: SlackId
    event: RawHomeEvent


_R = TypeVar("_R", bound=Raw)
_T = TypeVar("_T")


def read(shape: type[_R], body: Any) -> _R:
    """*body* as a *shape*. Raises BadInput for everything that is not one."""
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"][:6])[:80]
        raise BadInput(
            what=f"“{place}” is missing or not what it should be" if place else "it is not an object"
        ) from None


def parsed(parse: Callable[[str], _T], text: str, what: str) -> _T:
    """*text* through *parse*, which raises ValueError for what it did not write. Raises BadInput, saying *what* is wrong."""
    try:
        return parse(text)
    except ValueError:
        raise BadInput(what=what) from None
