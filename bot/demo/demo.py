"""`countersign demo`: devslack with the sample company in it, and the bot at work there over Socket Mode."""

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from bot.demo import authority
from bot.demo.snippets import Snippet, snippets
from bot.devslack import DevSlack
from bot.environment.clock import system_clock
from bot.environment.database import opened
from bot.environment.logs import log_to_stderr
from bot.environment.settings import Settings, SettingsError
from bot.runtime.services import running
from bot.slack.platform import manifest

HERE: Final = Path(__file__).parent
CONFIGURATION: Final = HERE / "countersign.yml"


def workspace(*more: Snippet) -> dict[str, Any]:
    """The workspace of the sample company, with certificate requests ready to paste, and *more*."""
    given: dict[str, Any] = yaml.safe_load((HERE / "workspace.yml").read_text(encoding="utf-8"))
    given["snippets"] = [{"label": snippet.label, "text": snippet.text} for snippet in (*snippets(), *more)]
    return given


@asynccontextmanager
async def playing(port: int, data: Path) -> AsyncIterator[str]:
    """The demo at work while inside; gives the address of its page. Its state is kept in *data*. Raises SettingsError."""
    ca, database = data / "ca", f"sqlite:///{(data / 'countersign.db').resolve()}"
    authority.ready(ca, system_clock())
    async with opened(Settings.given(database_url=database)) as store:
        certificate = await authority.sample(store, ca, system_clock())
    offered = workspace(Snippet("Certificate: VPN gateway, to renew, rekey or revoke", certificate))
    try:
        devslack = DevSlack(workspace=offered, manifest=manifest.path(), port=port, data=data / "slack")
        async with devslack as slack:
            settings = Settings.given(
                slack_bot_token=slack.bot_token,
                slack_app_token=slack.app_token,
                slack_api_url=slack.api_url,
                database_url=database,
                config=CONFIGURATION,
                ca_folder=ca,
                ca_passphrase=authority.PASSPHRASE,
                sweep_every=timedelta(seconds=1),
                announce_every=timedelta(seconds=1),
            )
            async with running(settings):
                yield slack.url
    except OSError as error:
        raise SettingsError(
            f"The demo cannot listen on port {port}: {error.strerror}. Choose another one with --port."
        ) from error


async def run(port: int, data: Path, fresh: bool) -> None:
    """The demo until SIGINT or SIGTERM. With *fresh*, what an earlier one left in *data* is forgotten first."""
    log_to_stderr("WARNING")
    prepare(data, fresh=fresh)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with playing(port, data) as url:
        sys.stdout.write(WELCOME.format(url=url))
        sys.stdout.flush()
        await stop.wait()
        sys.stdout.write(
            "\nStopping. `make demo` continues where you left off. `countersign demo --fresh` starts again from the beginning.\n"
        )


def prepare(data: Path, *, fresh: bool) -> None:
    """Make *data*; with *fresh*, remove what a demo left in it, and nothing else."""
    if fresh:
        for left in data.glob("countersign.db*"):
            left.unlink()
        for folder in ("slack", "ca"):
            shutil.rmtree(data / folder, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)


WELCOME: Final = """
Countersign is running in the sample workspace of Halvorsen Maritime, on this machine only. Open this address:

    {url}/

Then try this (the page shows it too):

  1. As Nadia Rahman, type  /approval submit  , choose "issue" and "Public web servers", and paste the CSR "Web server" from the snippets.
  2. As Sara Lindqvist (Security), approve in the direct message from Countersign. You can add a comment.
  3. As two of Tomasz, Mei and Kofi (PKI administrators), approve. All copies of the message change.
  4. As David Okonkwo, approve the second gate, the issuing CA, in #pki-approvals. Nadia gets the result. The issuing CA of this demo
     issues the certificate in a moment: as Nadia, press "Certificate". You can renew, rekey or revoke it with  /approval submit
  5. As Lucas Moreira, submit a request. Then cancel it:  /approval cancel REQ-2
  6. Submit to "Staging web servers (expires after 2 minutes)" and wait until it expires.
     As Ingrid, override it:  /approval override REQ-3 approve

Press Ctrl+C to stop.
"""
