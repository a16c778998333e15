"""The web application of the HTTP API, and its calls: each checks the token, parses, calls the workflow and draws what that gives."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Header, Query, Response
from fastapi import Path as InPath
from fastapi_offline import FastAPIOffline
from pydantic import ValidationError

from bot.api import problems
from bot.api.access import Access
from bot.api.body_limit import Limited
from bot.api.problems import Problem, Problematic, documented, header
from bot.representation.models import (
    CertificateOut,
    EventsOut,
    Moment,
    NewCancellation,
    NewComment,
    NewRequest,
    NewResult,
    RequestOut,
    RequestsOut,
    ResourcesOut,
)
from bot.representation.rendering import PREFIX, drawn, drawn_events, drawn_resource
from bot.slack.context import Bot
from domain.approvals.execution import Certificate, Executed, Failed
from domain.approvals.requests import Request, RequestId, request_id
from domain.approvals.resources import ResourceId
from domain.approvals.status import RequestStatus
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.platforms.tokens import Scope
from domain.ports import ListFilter
from domain.workflow import Submission
from domain.workflow.platforms import requests as platforms
from domain.workflow.platforms.requests import Platform

ABOUT: Final = """\
Certificate operations wait until the right people have approved them in Slack. Other platforms submit them here, read how they stand,
comment, cancel, and follow what happens. Nobody decides here: people do that, in Slack.

A platform acts for somebody of the workspace, named by e-mail address. Every failure is an RFC 9457 problem.
"""
_S: Final = HTTPStatus
ALWAYS: Final = documented(
    _S.UNAUTHORIZED, _S.FORBIDDEN, _S.UNPROCESSABLE_ENTITY, _S.TOO_MANY_REQUESTS, _S.SERVICE_UNAVAILABLE
)
ONE: Final = documented(_S.NOT_FOUND)
WRITING: Final = documented(_S.BAD_REQUEST, _S.CONFLICT, _S.LENGTH_REQUIRED, _S.REQUEST_ENTITY_TOO_LARGE)
LOCATION: Final = {"Location": header("Where to ask how it stands.")}
NAME: Final = r"^(REQ-)?[1-9][0-9]{0,14}$"
Name = Annotated[str, InPath(pattern=NAME, description="REQ-12, or 12", examples=["REQ-12"])]
MOST: Final = 100
CURSOR: Final = r"^(0|[1-9][0-9]{0,14})$"


def api_app(bot: Bot, *, rate: str) -> FastAPI:
    """The API over *bot*; *rate* is how often one token may call, as in `120/minute`. Raises ValueError where it is none."""
    app = FastAPIOffline(
        title="Countersign",
        version=version("countersign"),
        description=ABOUT,
        docs_url=f"{PREFIX}/docs",
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        static_url=f"{PREFIX}/static",
        responses=ALWAYS,
    )
    problems.register(app)
    app.add_middleware(Limited)
    access = Access(bot, rate)
    _submitting(app, bot, access)
    _reading(app, bot, access)
    _moving(app, bot, access)
    _operations(app, bot, access)
    _describe_problems(app)
    return app


def _submitting(app: FastAPI, bot: Bot, access: Access) -> None:
    @app.post(
        f"{PREFIX}/requests",
        summary="Submit a request",
        status_code=_S.ACCEPTED,
        responses={
            **WRITING,
            201: {
                "description": "No approval is required: the request is approved",
                "model": RequestOut,
                "headers": LOCATION,
            },
            202: {
                "description": "It waits for approval; ask again at its url",
                "model": RequestOut,
                "headers": LOCATION,
            },
        },
    )
    async def submit(
        new: NewRequest,
        response: Response,
        platform: Annotated[Platform, Depends(access.having(Scope.SUBMIT))],
        idempotency_key: Annotated[
            str,
            Header(
                min_length=1,
                max_length=180,
                pattern=r"^[\x21-\x7e]+$",
                description="New for each submission, and the same when it is sent again.",
            ),
        ],
    ) -> RequestOut:
        """The same submission under the same key is one request, however often it is sent."""
        requester = await _member(bot, new.requester, "requester")
        form = Submission(
            operation=new.operation,
            entry=ResourceId(new.resource),
            reason=new.reason,
            csr=new.csr,
            certificate=new.certificate,
            revocation_reason=new.revocation_reason,
            resubmission_of=request_id(new.resubmission_of) if new.resubmission_of is not None else None,
            key=idempotency_key,
        )
        request = await platforms.submit_for(bot.store, platform, requester, form, bot.clock())
        bot.message_worker.nudge()
        shown = await _one(bot, request)
        response.status_code = _S.ACCEPTED if request.status is RequestStatus.WAITING else _S.CREATED
        response.headers["Location"] = shown.url
        return shown

    @app.get(f"{PREFIX}/resources", summary="Resources, and the operations that may begin there")
    async def resources(
        _platform: Annotated[Platform, Depends(access.having(Scope.SUBMIT, Scope.READ, Scope.READ_ALL))],
    ) -> ResourcesOut:
        async with bot.store.reading() as reading:
            return ResourcesOut(resources=[drawn_resource(resource) for resource in await reading.resources.listed()])


def _reading(app: FastAPI, bot: Bot, access: Access) -> None:
    reader = Depends(access.having(Scope.READ, Scope.READ_ALL))

    @app.get(f"{PREFIX}/requests/{{name}}", summary="Read a request", responses=ONE)
    async def read(name: Name, platform: Annotated[Platform, reader]) -> RequestOut:
        return await _one(bot, await platforms.request_for(bot.store, platform, request_id(name)))

    @app.get(f"{PREFIX}/requests", summary="List requests, newest first")
    async def listed(
        platform: Annotated[Platform, reader],
        status: Annotated[list[RequestStatus] | None, Query(description="Again for more than one.")] = None,
        operation: Operation | None = None,
        resource: Annotated[
            str | None, Query(max_length=63, description="The key of the entry resource, or of a gate's.")
        ] = None,
        created_from: Annotated[Moment | None, Query(description="RFC 3339, with its time zone.")] = None,
        created_before: Moment | None = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
        cursor: Annotated[str | None, Query(pattern=CURSOR, description="next, of the page before.")] = None,
    ) -> RequestsOut:
        chosen = ListFilter(
            statuses=frozenset(status) if status else None,
            operation=operation,
            resource=ResourceId(resource) if resource is not None else None,
            created_from=created_from,
            created_before=created_before,
        )
        before = RequestId(int(cursor)) if cursor is not None else None
        page = await platforms.requests_for(bot.store, platform, filter=chosen, limit=limit, before=before)
        async with bot.store.reading() as reading:
            shown = await drawn(reading, page.requests)
        return RequestsOut(requests=shown, next=None if page.next is None else str(page.next))

    @app.get(f"{PREFIX}/events", summary="What happened, oldest first")
    async def events(
        platform: Annotated[Platform, reader],
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        cursor: Annotated[
            str, Query(pattern=CURSOR, description="next, of the answer before; 0 is the beginning.")
        ] = "0",
    ) -> EventsOut:
        """Every entry of the record of the requests that the token may read, ten seconds after it was made: nothing is ever inserted
        before a cursor that was given out.
        """
        found = await platforms.events_for(bot.store, platform, int(cursor), limit, bot.clock())
        async with bot.store.reading() as reading:
            return EventsOut(events=await drawn_events(reading, found.entries), next=str(found.next))


def _operations(app: FastAPI, bot: Bot, access: Access) -> None:
    @app.post(
        f"{PREFIX}/requests/{{name}}/result", summary="Report what came of an operation", responses={**ONE, **WRITING}
    )
    async def report(
        name: Name, new: NewResult, platform: Annotated[Platform, Depends(access.having(Scope.REPORT))]
    ) -> RequestOut:
        """For who carried it out: the platform that it was handed to (`webhook:CLIENT`), or, where nothing was to carry it out, one that
        may know of the request. The same report again is the same answer; another one is refused, because the operation is over.
        """
        outcome = _outcome(new)
        request = await platforms.report_for(bot.store, platform, request_id(name), outcome, new.digest, bot.clock())
        bot.message_worker.nudge()
        return await _one(bot, request)

    @app.get(f"{PREFIX}/requests/{{name}}/certificate", summary="The certificate that was issued", responses=ONE)
    async def certificate(
        name: Name, platform: Annotated[Platform, Depends(access.having(Scope.READ, Scope.READ_ALL))]
    ) -> CertificateOut:
        found = await platforms.certificate_for(bot.store, platform, request_id(name))
        return CertificateOut(certificate=found.pem, chain=found.chain_pem)


def _outcome(new: NewResult) -> Executed | Failed:
    """Raises Problematic where it does not hold together."""
    if new.status == "failed":
        if not new.reason.strip():
            raise Problematic(
                _S.UNPROCESSABLE_ENTITY, "reason_required", "Say why it failed: the requester reads it.", at="/reason"
            )
        return Failed(reason=new.reason)
    if new.certificate is None:
        return Executed()
    try:
        return Executed(certificate=Certificate(pem=new.certificate, chain_pem=new.chain))
    except ValidationError:
        raise Problematic(
            _S.UNPROCESSABLE_ENTITY,
            "bad_material",
            "This is not one certificate in PEM, or those above it are not.",
            at="/certificate",
        ) from None


def _moving(app: FastAPI, bot: Bot, access: Access) -> None:
    @app.post(f"{PREFIX}/requests/{{name}}/comments", summary="Comment on a request", responses={**ONE, **WRITING})
    async def comment(
        name: Name, new: NewComment, platform: Annotated[Platform, Depends(access.having(Scope.COMMENT))]
    ) -> RequestOut:
        by = await _member(bot, new.by, "by") if new.by is not None else None
        request = await platforms.comment_for(bot.store, platform, request_id(name), by, new.text, bot.clock())
        bot.message_worker.nudge()
        return await _one(bot, request)

    @app.post(f"{PREFIX}/requests/{{name}}/cancellation", summary="Cancel a request", responses={**ONE, **WRITING})
    async def cancel(
        name: Name, new: NewCancellation, platform: Annotated[Platform, Depends(access.having(Scope.CANCEL))]
    ) -> RequestOut:
        """Its requester withdraws it, through the platform that submitted it. Sent again it is refused: it is closed."""
        request = await platforms.cancel_for(bot.store, platform, request_id(name), new.reason, bot.clock())
        bot.message_worker.nudge()
        return await _one(bot, request)


async def _member(bot: Bot, email: str, field: str) -> PersonId:
    """The person with this address, of whom enough is known to rely on. Raises NoSuchMember, MirrorTooOld."""
    found = await platforms.member(bot.store, email, field)
    await bot.directory.be_ready_for(found)
    return found


async def _one(bot: Bot, request: Request) -> RequestOut:
    async with bot.store.reading() as reading:
        [shown] = await drawn(reading, [request])
    return shown


def _describe_problems(app: FastAPI) -> None:
    """Put `Problem`, which no call returns by itself, into the description, and leave out FastAPI's own form of a 422."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = describe()
            schemas = description["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
        assert app.openapi_schema is not None  # noqa: S101 - made just above
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way to extend the description
