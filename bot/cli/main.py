"""The commands of `countersign`. Each one hands over to the room that does the work."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from bot.cli import doctor as the_doctor
from bot.cli import token_texts as texts
from bot.cli import tokens, webhooks
from bot.cli.webhooks import EVENT_NAMES
from bot.connectors.local_ca import administration as authorities
from bot.environment import database
from bot.environment import texts as terminal
from bot.environment.clock import system_clock
from bot.environment.logs import log_to_stderr
from bot.environment.operator_error import Mistake
from bot.environment.settings import Settings
from bot.runtime import apply_configuration as configuring
from bot.runtime.plan_text import applied_text, plan_text
from bot.runtime.startup_errors import asking_slack
from bot.slack.platform import manifest as app_manifest
from domain.common.errors import Refusal
from domain.configuration.durations import parse_duration
from domain.configuration.plan import Plan
from domain.configuration.refusals import PlanChanged
from domain.platforms.tokens import Scope

FAULTY: Final = 1
CHANGES_PENDING: Final = 2
"""What `config plan` exits with when applying the file would change something; 0 is for nothing, 1 for what cannot be applied."""

STDOUT: Final = Path("-")


class _Commands(click.Group):
    """Commands whose users read sentences, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (Mistake, Refusal) as mistake:
            raise click.ClickException(str(mistake)) from mistake


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="countersign", message="%(prog)s %(version)s")
def main() -> None:
    """Approvals for certificate operations, in Slack."""


@main.command()
def run() -> None:
    """Run the bot. Settings come from the environment and .env."""
    from bot.runtime.services import run as run_bot  # noqa: PLC0415 - Bolt takes a while to import, which the other commands are spared

    settings = Settings.from_environment()
    log_to_stderr(settings.log_level)
    with asking_slack(settings):
        asyncio.run(run_bot(settings))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8400, show_default=True, help="0 takes any free port.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".demo"),
    show_default=True,
    help="Where the demo keeps its state.",
)
@click.option("--fresh", is_flag=True, help="Forget what an earlier demo left there.")
def demo(port: int, data: Path, fresh: bool) -> None:
    """A Slack workspace on this machine, with the bot and a small company in it."""
    from bot.demo.demo import run as run_demo  # noqa: PLC0415 - as above

    asyncio.run(run_demo(port, data, fresh))


@main.command()
def migrate() -> None:
    """Bring the database up to date; create it where it is missing."""
    settings = Settings.from_environment()
    done = asyncio.run(database.bring_up_to_date(settings))
    click.echo(terminal.migrated(settings.database) if done else terminal.migrated_already(settings.database))


@main.group()
def config() -> None:
    """Profiles, resources, groups and roles as one file."""


@config.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
def config_plan(file: Path) -> None:
    """Show what applying FILE would change. Exit code: 0 nothing, 2 something, 1 it cannot be applied."""
    plan = asyncio.run(configuring.plan(Settings.from_environment(), file))
    click.echo(plan_text(plan), nl=False)
    sys.exit(FAULTY if plan.refusals else 0 if plan.is_empty else CHANGES_PENDING)


@config.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def config_apply(file: Path, yes: bool) -> None:
    """Make what is configured what FILE says: all of it, or nothing."""
    settings = Settings.from_environment()
    while True:
        plan = asyncio.run(configuring.plan(settings, file))
        click.echo(plan_text(plan), nl=False)
        if plan.is_empty:
            return
        _agree(plan, yes)
        try:
            done = asyncio.run(configuring.apply(settings, file, system_clock(), fingerprint=plan.fingerprint))
        except PlanChanged as changed:
            click.echo(f"\n{changed}\n", err=True)
            continue
        click.echo(applied_text(done), nl=False)
        return


def _agree(plan: Plan, yes: bool) -> None:
    """Ask whether *plan* may be applied. Raises click.Abort where it may not, Mistake where it cannot."""
    if plan.refusals:
        raise Mistake(terminal.CANNOT_BE_APPLIED)
    if not yes:
        click.confirm(terminal.APPLY, abort=True)


@config.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default=STDOUT)
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
def config_export(file: Path, force: bool) -> None:
    """Write the file that gives what is configured now: to FILE, or to standard output."""
    content = asyncio.run(configuring.export(Settings.from_environment()))
    if file == STDOUT:
        click.echo(content, nl=False)
        return
    try:
        with file.open("w" if force else "x", encoding="utf-8") as to:
            to.write(content)
    except FileExistsError as error:
        raise Mistake(terminal.exists(str(file))) from error
    except OSError as error:
        raise Mistake(terminal.unwritable(str(file), str(error.strerror))) from error


class _Span(click.ParamType[timedelta]):
    """A span of time, as in the configuration: 90d, 36h."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return value if isinstance(value, timedelta) else parse_duration(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


@main.group()
def token() -> None:
    """Tokens with which other platforms use the HTTP API."""


@token.command("create")
@click.argument("client")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([one.value for one in Scope]),
    help="Again for more.",
)
@click.option("--expires", type=_Span(), default="90d", show_default=True, help="How long it is good: 36h, 90d.")
def token_create(client: str, scopes: tuple[str, ...], expires: timedelta) -> None:
    """Make a token for CLIENT, a platform, and print it: once."""
    chosen = frozenset(map(Scope, scopes))
    click.echo(texts.created(asyncio.run(tokens.create(Settings.from_environment(), client, chosen, expires))))


@token.command("list")
def token_list() -> None:
    """List all tokens, good or not; none can be read from it."""
    found = asyncio.run(tokens.listed(Settings.from_environment()))
    click.echo(texts.table([(one, tokens.state(one, system_clock())) for one in found]) if found else texts.NONE_YET)


@token.command("revoke")
@click.argument("token")
def token_revoke(token: str) -> None:
    """Have TOKEN (its name in the list) let nobody in any more."""
    click.echo(texts.revoked(asyncio.run(tokens.revoke(Settings.from_environment(), token))))


@main.group()
def webhook() -> None:
    """Other platforms that are told what happens to requests."""


@webhook.command("add")
@click.argument("name")
@click.argument("url")
@click.option(
    "--event", "events", multiple=True, type=click.Choice(EVENT_NAMES), help="Again for more; without: everything."
)
def webhook_add(name: str, url: str, events: tuple[str, ...]) -> None:
    """Tell the platform at URL, called NAME, what happens from now on; prints the secret that signs it."""
    click.echo(asyncio.run(webhooks.add(Settings.from_environment(), name, url, events)))


@webhook.command("list")
def webhook_list() -> None:
    """List all, and how it goes with each."""
    click.echo(asyncio.run(webhooks.listed(Settings.from_environment())))


@webhook.command("secret")
@click.argument("name")
def webhook_secret(name: str) -> None:
    """Print the secret that signs what NAME is sent."""
    click.echo(asyncio.run(webhooks.show_secret(Settings.from_environment(), name)))


@webhook.command("rotate")
@click.argument("name")
def webhook_rotate(name: str) -> None:
    """Give NAME a new secret; the former one goes on signing for a day."""
    click.echo(asyncio.run(webhooks.rotate(Settings.from_environment(), name)))


@webhook.command("pause")
@click.argument("name")
def webhook_pause(name: str) -> None:
    """Send NAME nothing until it is resumed; nothing is lost."""
    click.echo(asyncio.run(webhooks.pause(Settings.from_environment(), name)))


@webhook.command("resume")
@click.argument("name")
def webhook_resume(name: str) -> None:
    """Send NAME what waits for it, in order."""
    click.echo(asyncio.run(webhooks.resume(Settings.from_environment(), name)))


@webhook.command("remove")
@click.argument("name")
@click.confirmation_option(prompt="What still waits for it is forgotten. Remove it?")
def webhook_remove(name: str) -> None:
    """Tell NAME nothing more."""
    click.echo(asyncio.run(webhooks.remove(Settings.from_environment(), name)))


@webhook.command("deliveries")
@click.argument("name")
@click.option("--waiting", is_flag=True, help="Those that it has not taken, the oldest first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def webhook_deliveries(name: str, waiting: bool, limit: int) -> None:
    """List what was sent to NAME, the newest first, and what became of it."""
    click.echo(asyncio.run(webhooks.deliveries(Settings.from_environment(), name, waiting=waiting, limit=limit)))


@webhook.command("resend")
@click.argument("delivery", type=int)
def webhook_resend(delivery: int) -> None:
    """Send DELIVERY (its number in the list) again."""
    click.echo(asyncio.run(webhooks.resend(Settings.from_environment(), delivery)))


@main.group("ca")
def authority() -> None:
    """A local CA: for trying out, and for small private PKIs."""


@authority.command("init")
@click.argument("name")
@click.option(
    "--subject", default="CN=Countersign Local CA", show_default=True, help="Its name, as RFC 4514 writes it."
)
@click.option(
    "--key",
    type=click.Choice(["ec-p256", "ec-p384", "rsa-3072", "rsa-4096"]),
    default="ec-p256",
    show_default=True,
    help="The kind of its key.",
)
@click.option("--days", type=click.IntRange(1, 36500), default=3650, show_default=True, help="How long it is valid.")
def ca_init(name: str, subject: str, key: str, days: int) -> None:
    """Make the key and the certificate of a CA called NAME, encrypted with COUNTERSIGN_CA_PASSPHRASE."""
    click.echo(authorities.init(Settings.from_environment(), name, subject, key, days, system_clock()), nl=False)


@authority.command("crl")
@click.argument("name")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it here too.")
def ca_crl(name: str, out: Path | None) -> None:
    """Write a new revocation list of the CA called NAME."""
    click.echo(authorities.crl(Settings.from_environment(), name, out, system_clock))


@main.command()
def doctor() -> None:
    """Look whether everything is there that Countersign needs, and say what to do about what is not."""
    settings = Settings.from_environment()

    async def look() -> bool:
        good = True
        async for finding in the_doctor.examine(settings):
            click.echo(str(finding))
            good &= finding.good
        return good

    sys.exit(0 if asyncio.run(look()) else FAULTY)


@main.command()
@click.option("--http", metavar="URL", help="For an app that Slack reaches at this HTTPS address, without Socket Mode.")
def manifest(http: str | None) -> None:
    """Print the app manifest, to be pasted at https://api.slack.com/apps."""
    try:
        click.echo(app_manifest.text(http=http), nl=False)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--http") from error
