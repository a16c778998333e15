"""A Web API request's arguments, from form, JSON, multipart or query, and the token that came with them."""

import json
from dataclasses import dataclass
from email.message import MIMEPart
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.devslack.errors import Json, SlackError

TRUE = {"1", "true", "True", True}
FALSE = {"0", "false", "False", "", False}


def invalid_arguments(*messages: str) -> SlackError:
    """Slack's answer to arguments that do not fit; each message says where, as `[json-pointer:/view/title]`."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})


@dataclass(slots=True)
class Args:
    values: Json

    def given(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str | bool | int):
            if value in TRUE:
                return True
            if value in FALSE:
                return False
        raise invalid_arguments(f"must provide a boolean [json-pointer:/{name}]")

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name)
        if not text:
            return default
        try:
            number = int(text)
        except ValueError:
            raise invalid_arguments(f"must provide an integer [json-pointer:/{name}]") from None
        if not least <= number:
            raise invalid_arguments(f"must be greater than or equal to {least} [json-pointer:/{name}]")
        return min(number, most)

    def structure(self, name: str, otherwise: str) -> Any:
        """A JSON value given as such or as its text; None when not given. Raises SlackError `otherwise` on bad JSON."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError(otherwise) from None
        return value

    def listed(self, name: str) -> list[str]:
        """A comma-separated list, or a JSON one."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]


def bearer_token(request: Request) -> str | None:
    """The token in the Authorization header, None without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None


def parse_arguments(content_type: str, query: str, body: bytes) -> tuple[Args, str | None]:
    """The arguments and the token found among them, if any.

    With JSON the token belongs into the Authorization header (Slack ignores one in the JSON, and so does this).
    Raises SlackError invalid_json, json_not_object, invalid_form_data or invalid_post_type.
    """
    args = Args(dict(parse_qsl(query, keep_blank_values=True)))
    kind = content_type.partition(";")[0].strip().casefold()
    if not body:
        pass
    elif kind == "application/json":
        args.values |= _json(body)
        args.values.pop("token", None)
    elif kind in {"application/x-www-form-urlencoded", ""}:
        try:
            args.values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise SlackError("invalid_form_data") from None
    elif kind == "multipart/form-data":
        _multipart(content_type, body, args)
    else:
        raise SlackError("invalid_post_type")
    token = args.values.pop("token", None)
    return args, token if isinstance(token, str) else None


def _json(body: bytes) -> Json:
    try:
        content = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(content, dict):
        raise SlackError("json_not_object")
    return content


def _parts(content_type: str, body: bytes) -> list[MIMEPart]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart():
        raise SlackError("invalid_form_data")
    return list(message.iter_parts())


def file_of_form(content_type: str, body: bytes) -> bytes:
    """The bytes of a file sent as they are, or as the one file of a multipart form. Raises SlackError invalid_form_data."""
    if content_type.partition(";")[0].strip().casefold() != "multipart/form-data":
        return body
    for part in _parts(content_type, body):
        content = part.get_payload(decode=True)
        if part.get_filename() is not None and isinstance(content, bytes):
            return content
    raise SlackError("invalid_form_data")


def _multipart(content_type: str, body: bytes, args: Args) -> None:
    for part in _parts(content_type, body):
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise SlackError("invalid_form_data")
        if part.get_filename() is None:  # files go to upload URLs, not to methods
            args.values[name] = content.decode("utf-8", "replace")
