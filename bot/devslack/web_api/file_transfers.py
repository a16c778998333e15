"""The two addresses that are not methods: where a file is uploaded to, and where it is read from."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.devslack.faults import FaultKind, Faults
from bot.devslack.web_api.arguments import bearer_token, file_of_form
from bot.devslack.workspace.activity_log import ActivityLog
from bot.devslack.workspace.uploads import Upload
from bot.devslack.workspace.workspace import Workspace

UPLOAD, DOWNLOAD = "files.upload_url", "files.download_url"  # their names in the log and for faults
SIGN_IN = "<!doctype html><title>Sign in</title><p>Sign in to see this file.</p>"


class Transfers:
    def __init__(
        self, workspace: Workspace, faults: Faults, calls: ActivityLog, cut: Callable[[Request], None]
    ) -> None:
        """`cut` breaks the connection a request came over, for answers that get lost."""
        self._workspace = workspace
        self._faults = faults
        self._calls = calls
        self._cut = cut

    async def upload(self, request: Request) -> Response:
        """POST to an upload URL: the bytes as they are or as a form's file. The URL is the permission, and serves once."""
        upload = self._workspace.uploads.expected(request.path_params["key"])

        def perform(body: bytes) -> Response:
            if upload is None:
                return PlainTextResponse("not_found", 404)
            content = file_of_form(request.headers.get("content-type", ""), body)
            if len(content) != upload.length:
                return PlainTextResponse("length_mismatch", 400)
            upload.content = content
            self._workspace.changed = True
            return PlainTextResponse(f"OK - {len(content)}")

        body = await request.body()
        return await self._recorded(UPLOAD, request, {"length": len(body)}, lambda: perform(body))

    async def download(self, request: Request) -> Response:
        """GET of a file's private address with the bot's token. Whoever may not read it is sent to sign in, as at Slack."""
        team, _, file_id = request.path_params["file"].partition("-")

        def perform() -> Response:
            upload = self._readable(request, team, file_id)
            if upload is None or upload.content is None:
                return RedirectResponse(f"/signin?redir={quote(request.url.path)}", 302)
            return file_response(upload)

        return await self._recorded(DOWNLOAD, request, {"file": file_id}, perform)

    def _readable(self, request: Request, team: str, file_id: str) -> Upload | None:
        workspace = self._workspace
        permitted = bearer_token(request) == workspace.credentials.bot
        if team != workspace.file.team.id or not permitted or "files:read" not in workspace.app.manifest.scopes:
            return None
        return workspace.app_file(file_id)

    async def _recorded(
        self, name: str, request: Request, args: dict[str, object], perform: Callable[[], Response]
    ) -> Response:
        started = time.perf_counter()
        drawn_faults = self._faults.draw(name, calls=True)
        await self._faults.wait_for_delay(drawn_faults)
        if limit := drawn_faults.get(FaultKind.RATE_LIMIT):
            response: Response = PlainTextResponse("ratelimited", 429, {"Retry-After": str(max(1, int(limit.seconds)))})
        elif FaultKind.HTTP_500 in drawn_faults or FaultKind.ERROR in drawn_faults:
            response = PlainTextResponse("internal_error", 500)
        else:
            response = perform()
        self._calls.add(
            method=name,
            args=args,
            status=response.status_code,
            answer={"ok": response.status_code == 200},
            ms=round((time.perf_counter() - started) * 1000, 3),
            **({"faults": [kind.value for kind in drawn_faults]} if drawn_faults else {}),
        )
        if FaultKind.LOST_ANSWER in drawn_faults:
            self._cut(request)
            await asyncio.sleep(0)
        return response


async def sign_in(_request: Request) -> Response:
    """Slack's own page, which an app that follows redirects gets instead of a file."""
    return HTMLResponse(SIGN_IN)


def file_response(upload: Upload) -> Response:
    """A file to be kept, never to be shown: what people upload must not act in this origin."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(upload.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return Response(upload.content or b"", media_type=upload.kinds[1], headers=headers)
