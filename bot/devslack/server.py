"""DevSlack: one Starlette application under uvicorn on one port of loopback, built from the folders of this package."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.devslack.control.administration import Administration
from bot.devslack.control.gallery import Gallery
from bot.devslack.control.parts import Parts
from bot.devslack.control.routes import control_routes
from bot.devslack.delivery.deliveries import (
    COMMANDS,
    EVENTS,
    INTERACTIVE,
    Deliveries,
    HttpTransport,
    SocketTransport,
    Transport,
)
from bot.devslack.delivery.events import Events
from bot.devslack.delivery.interactions import Interactions
from bot.devslack.delivery.payloads import Payloads
from bot.devslack.delivery.sockets import Sockets
from bot.devslack.faults import Faults
from bot.devslack.web_api.endpoint import WebApi
from bot.devslack.web_api.file_transfers import Transfers, sign_in
from bot.devslack.web_api.rate_limits import Limiter, Rates
from bot.devslack.workspace.activity_log import ActivityLog
from bot.devslack.workspace.manifest import Manifest, load_manifest
from bot.devslack.workspace.snapshots import Snapshots
from bot.devslack.workspace.workspace import Timing, Workspace
from bot.devslack.workspace.workspace_file import WorkspaceFile, load_workspace

PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the caller handles signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class DevSlack:
    """A Slack workspace on localhost for as long as the `async with` block lasts.

    `workspace` and `manifest` are files, their parsed content, or the objects; `port` 0 takes a free one; `data` is a
    directory in which the state survives; `delivery={"request_url": ...}` sends everything there as signed HTTP, whatever the
    manifest says; `rates` is "slack" (the documented tiers, times `rate_scale`) or "off"; `gallery` is shown at /gallery. Raises
    BadFile for files that cannot be used and OSError when the port is taken.
    """

    def __init__(
        self,
        *,
        workspace: Path | str | dict[str, Any] | WorkspaceFile,
        manifest: Path | str | dict[str, Any] | Manifest,
        port: int = 0,
        data: Path | None = None,
        delivery: dict[str, str] | None = None,
        rates: Rates = "slack",
        rate_scale: float = 1.0,
        timing: Timing | None = None,
        gallery: Gallery | None = None,
    ) -> None:
        timing = timing or Timing()
        parsed = load_manifest(manifest)
        file = load_workspace(workspace)
        self._snapshots = Snapshots(data)
        saved = self._snapshots.load(file)
        self.workspace = Workspace(file, parsed, saved.get("tokens", {}), timing)
        self._snapshots.attach(self.workspace, saved)
        over_http = delivery is not None or not parsed.settings.socket_mode_enabled
        self._listener = _listen(port)
        self.port: int = self._listener.getsockname()[1]
        self.sockets = Sockets(self.workspace.app.id, enabled=not over_http)
        self.sockets.port = self.port
        self.workspace.socket_url = self.sockets.url
        self.workspace.listen_at(self.url)
        self.faults = Faults()
        self.calls = ActivityLog()
        self._http = HttpTransport(_urls(parsed, delivery), self.signing_secret)
        transport: Transport = self._http if over_http else SocketTransport(self.sockets)
        self.deliveries = Deliveries(transport, self.sockets, self.faults, timing)
        payloads = Payloads(self.workspace, self.url)
        events = Events(self.workspace, self.deliveries, payloads)
        self.workspace.tell_app = events.message_later
        self.workspace.tell_app_event = events.send_later
        self.interactions = Interactions(self.workspace, self.deliveries, payloads, events)
        self.administration = Administration(self.workspace, events)
        self.limiter = Limiter(rates, rate_scale)
        self.gallery = gallery or Gallery()
        self._connections: dict[Any, asyncio.Transport] = {}
        self._serving: asyncio.Task[None] | None = None
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """Where the page is, without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.credentials.bot

    @property
    def app_token(self) -> str:
        return self.workspace.credentials.app

    @property
    def signing_secret(self) -> str:
        return self.workspace.credentials.signing_secret

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, and return when requests are answered."""
        config = uvicorn.Config(
            self.application(),
            http=self._protocol(),
            ws="websockets-sansio",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=30,  # longer than clients keep a connection, or one is closed as it is used
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        while not self._server.started:
            if self._serving.done():
                await self._serving
            await asyncio.sleep(0.002)
        self._snapshots.start()

    async def stop(self) -> None:
        """End every stream and connection, and save the state."""
        self.workspace.watchers.close()
        await self.deliveries.cancel_pending()
        await self.sockets.drop()
        if self._server and self._serving:
            self._server.should_exit = True
            await self._serving
        await self._http.close()
        await self._snapshots.stop()
        self._listener.close()

    async def saved(self) -> None:
        """Return when the present state is on disk (at once without `data`). Raises OSError when it cannot be written."""
        await self._snapshots.save()

    def application(self) -> Starlette:
        """The whole ASGI application."""
        web_api = WebApi(self.workspace, self.limiter, self.faults, self.calls, self._cut)
        transfers = Transfers(self.workspace, self.faults, self.calls, self._cut)
        parts = Parts(
            self.workspace,
            self.interactions,
            self.administration,
            self.deliveries,
            self.sockets,
            self.faults,
            self.limiter,
            self.calls,
            self.gallery,
        )
        routes: list[BaseRoute] = [
            Route("/api/{method:path}", web_api.answer, methods=["GET", "POST"]),
            WebSocketRoute("/socket/", self.sockets.serve),
            Route("/response/{team}/{number}/{key}", web_api.respond, methods=["POST"]),
            Route("/upload/v1/{key}", transfers.upload, methods=["POST"]),
            Route("/files-pri/{file}/{path:path}", transfers.download, methods=["GET"]),
            Route("/signin", sign_in, methods=["GET"]),
            Mount("/_control", routes=control_routes(parts)),
        ]
        if PAGE.is_dir():
            routes.append(Route("/gallery", _page, methods=["GET"]))
            routes.append(Mount("/", StaticFiles(directory=PAGE, html=True)))
        # Only loopback's own names: a page on the web cannot reach in under a name of its own.
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
        return Starlette(routes=routes, middleware=[hosts])

    def _protocol(self) -> type[H11Protocol]:
        connections = self._connections

        class Protocol(H11Protocol):
            """uvicorn's protocol, which also remembers its connections so that `_cut` can close one."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a server is given a Transport
                connections[transport.get_extra_info("peername")] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                with suppress(AttributeError):
                    connections.pop(self.transport.get_extra_info("peername"), None)
                super().connection_lost(exc)

        return Protocol

    def _cut(self, request: Request) -> None:
        client = request.client
        if client and (transport := self._connections.get((client.host, client.port))):
            transport.abort()


async def _page(_request: Request) -> Response:
    """The page, which decides by its address what to show."""
    return FileResponse(PAGE / "index.html")


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it every answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def _urls(manifest: Manifest, delivery: dict[str, str] | None) -> dict[str, str]:
    """Where HTTP deliveries go: one address for all, or those of the manifest."""
    if delivery:
        return dict.fromkeys((COMMANDS, INTERACTIVE, EVENTS), delivery["request_url"])
    settings = manifest.settings
    commands = {c.command: c.url for c in manifest.features.slash_commands}
    named = {
        **commands,
        INTERACTIVE: settings.interactivity.request_url,
        EVENTS: settings.event_subscriptions.request_url,
    }
    return {name: url for name, url in named.items() if url}
