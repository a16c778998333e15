"""What goes wrong, as RFC 9457 writes it: `application/problem+json` with a type that programs read and a sentence that people read."""

import logging
import re
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from domain.common import errors
from domain.common.errors import Refusal
from domain.common.validation_sentences import validation_sentence
from domain.pki import BadMaterial
from domain.workflow.platforms.requests import NoSuchMember, NotHandedToYou, NotThisClients, OtherContent

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "urn:countersign:problem:"
SOON: Final = 5
"""Seconds after which what passes may be tried again."""


class Fault(BaseModel):
    """One value that cannot be taken."""

    pointer: str = Field(
        description="Where it stands: a JSON pointer into the body (empty for all of it), or `query/NAME`, `header/NAME`, `path/NAME`."
    )
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["urn:countersign:problem:open_request_exists"])
    title: str
    status: int
    detail: str = ""
    errors: list[Fault] = []


class Problematic(Exception):
    """A problem of the API's own."""

    def __init__(
        self, status: HTTPStatus, kind: str, detail: str, *, headers: dict[str, str] | None = None, at: str = ""
    ) -> None:
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = headers or {}
        self.at = at
        super().__init__(detail)


STATUSES: Final[dict[type[Refusal], HTTPStatus]] = {
    errors.NoSuchRequest: HTTPStatus.NOT_FOUND,
    errors.NotAMember: HTTPStatus.FORBIDDEN,
    errors.NotAParticipant: HTTPStatus.FORBIDDEN,
    errors.NotYours: HTTPStatus.FORBIDDEN,
    errors.NotTheRequester: HTTPStatus.FORBIDDEN,
    NotThisClients: HTTPStatus.FORBIDDEN,
    NotHandedToYou: HTTPStatus.FORBIDDEN,
    errors.NoCertificate: HTTPStatus.NOT_FOUND,
    errors.OperationOver: HTTPStatus.CONFLICT,
    errors.AlreadyClosed: HTTPStatus.CONFLICT,
    errors.AlreadyExpired: HTTPStatus.CONFLICT,
    errors.OpenRequestExists: HTTPStatus.CONFLICT,
    errors.StillOpen: HTTPStatus.CONFLICT,
    errors.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.MirrorTooOld: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What is not here is a value that cannot be taken: 422."""

PLACES: Final[dict[type[Refusal], str]] = {
    NoSuchMember: "/{field}",
    errors.NoSuchResource: "/resource",
    errors.OperationNotOffered: "/resource",
    errors.ReasonRequired: "/reason",
    errors.EmptyComment: "/text",
    OtherContent: "/digest",
    errors.KeyReused: "header/Idempotency-Key",
}
_FIELDS: Final = {"csr": "/csr", "certificate": "/certificate", "reason": "/revocation_reason"}


def register(app: FastAPI) -> None:
    """Have *app* answer every failure with a problem, and never with a traceback."""

    @app.exception_handler(Problematic)
    async def on_problem(_request: Request, error: Problematic) -> Response:
        faults = [Fault(pointer=error.at, detail=error.detail)] if error.at else []
        return answer(error.status, error.kind, error.detail, faults, error.headers)

    @app.exception_handler(Refusal)
    async def on_refusal(_request: Request, error: Refusal) -> Response:
        status = STATUSES.get(type(error), HTTPStatus.UNPROCESSABLE_ENTITY)
        place = PLACES.get(type(error), "").format(**error.facts)
        faults = [Fault(pointer=place, detail=str(error))] if place else []
        headers = {"Retry-After": str(SOON)} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
        return answer(status, kind_of(error), str(error), faults, headers)

    @app.exception_handler(BadMaterial)
    async def on_material(_request: Request, error: BadMaterial) -> Response:
        faults = [Fault(pointer=_FIELDS[error.field], detail=error.message)]
        return answer(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_material", error.message, faults)

    @app.exception_handler(RequestValidationError)
    async def on_validation(_request: Request, error: RequestValidationError) -> Response:
        faults = [_fault(fault) for fault in error.errors()]
        return answer(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input", "The input is not as it must be; see errors.", faults
        )

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        status, headers = HTTPStatus(error.status_code), dict(error.headers or {})
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(_methods_at(request))  # the framework names those of one call there
        return answer(status, re.sub(r"\W+", "_", status.phrase.lower()), status.description, (), headers)

    @app.exception_handler(Exception)
    async def on_anything(request: Request, error: Exception) -> Response:
        reference = secrets.token_hex(4)
        log.error("%s %s failed, reference %s", request.method, request.url.path, reference, exc_info=error)
        return answer(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "internal",
            f"Something went wrong here. The reference in the log is {reference}.",
        )


def _methods_at(request: Request) -> list[str]:
    """Every method that may be called where *request* was."""
    found = [
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    ]
    return sorted(set(found))


def answer(
    status: HTTPStatus,
    kind: str,
    detail: str,
    faults: Sequence[Fault] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem as a response."""
    problem = Problem(type=TYPES + kind, title=status.phrase, status=status, detail=detail, errors=list(faults))
    return JSONResponse(problem.model_dump(mode="json"), status, headers=headers, media_type=MEDIA_TYPE)


def kind_of(error: Refusal) -> str:
    """What programs call it: `open_request_exists`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


def _fault(found: Any) -> Fault:
    """A fault of pydantic's; what was given stays out of it, because it may be a secret."""
    where, *path = [str(part) for part in found["loc"]] or ["body"]
    if where == "body":
        pointer = "" if found["type"] == "json_invalid" else "".join(f"/{part}" for part in path)
    else:
        pointer = "/".join([where, *(part.title() if where == "header" else part for part in path)])
    return Fault(pointer=pointer, detail=validation_sentence(found))


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """For the API's description: the problems that a call may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    again = {"headers": {"Retry-After": header("Seconds until it may be tried again.")}}
    return {
        status.value: {
            "description": status.phrase,
            "content": content,
            **(again if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE} else {}),
        }
        for status in statuses
    }


def header(description: str) -> dict[str, Any]:
    """A header of an answer, for the API's description."""
    return {"description": description, "schema": {"type": "string"}}
