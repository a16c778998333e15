"""What the control API works on, and how it reads a request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request

from bot.devslack.control.administration import Administration
from bot.devslack.control.gallery import Gallery
from bot.devslack.delivery.deliveries import Deliveries
from bot.devslack.delivery.interactions import Interactions
from bot.devslack.delivery.sockets import Sockets
from bot.devslack.errors import Json, Refused
from bot.devslack.faults import Faults
from bot.devslack.web_api.rate_limits import Limiter
from bot.devslack.workspace.activity_log import ActivityLog
from bot.devslack.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the control API works on."""

    workspace: Workspace
    interactions: Interactions
    administration: Administration
    deliveries: Deliveries
    sockets: Sockets
    faults: Faults
    limiter: Limiter
    calls: ActivityLog
    gallery: Gallery


class Body:
    """The JSON object in the body of a request."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """Raises Refused `bad_request` when missing or not text."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            raise Refused("bad_request", f"{name} is missing.")
        return value

    def optional_text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise Refused("bad_request", f"{name} must be text.")
        return value

    def json_object(self, name: str) -> Json:
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise Refused("bad_request", f"{name} must be an object.")
        return value

    def values_of_form(self) -> Json:
        values = self.values.get("values") or {}
        if not isinstance(values, dict) or not all(isinstance(actions, dict) for actions in values.values()):
            raise Refused("bad_request", "values must be {block_id: {action_id: value}}.")
        return values


Post = Callable[[Parts, Body], Awaitable[Json]]
Get = Callable[[Parts, Request], Json]


def parameter(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if not value:
        raise Refused("bad_request", f"{name} is missing.")
    return value
