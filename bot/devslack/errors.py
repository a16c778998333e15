"""What devslack refuses, as Slack refuses it and as the control API explains it."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A Web API refusal: `code` is Slack's error name, `extra` holds further fields of the answer."""

    def __init__(self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.extra: Json = extra

    def answer(self) -> Json:
        return {"ok": False, "error": self.code, **self.extra}


class Refused(Exception):
    """A control API refusal: `error` for programs, `detail` one plain sentence for people."""

    def __init__(self, error: str, detail: str, **extra: Any) -> None:
        super().__init__(f"{error}: {detail}")
        self.error = error
        self.detail = detail
        self.extra: Json = extra

    def answer(self) -> Json:
        return {"ok": False, "error": self.error, "detail": self.detail, **self.extra}


class BadFile(Exception):
    """A workspace or manifest file that cannot be used; the message names the file and the place in it."""
