"""The commands of `countersign`. Each one calls the module that does the work."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from bot.cli import doctor as doctor_checks
from bot.cli import tokens, webhooks
from bot.cli.webhooks import EVENT_NAMES
from bot.connectors.local_ca import administration as authorities
from bot.environment import database
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
"""Exit code of `config plan` if applying the file would change something; 0 for no changes, 1 if it cannot be applied."""

STDOUT: Final = Path("-")


class _Commands(click.Group):
    """Shows an operator error or a refusal as a sentence, not as a traceback."""

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
    """Run the bot. Settings are read from the environment and .env."""
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
    help="Folder for the state of the demo.",
)
@click.option("--fresh", is_flag=True, help="Delete the state of earlier demos first.")
def demo(port: int, data: Path, fresh: bool) -> None:
    """Start a demo: a Slack workspace on this machine, with the bot and a sample company."""
    from bot.demo.demo import run as run_demo  # noqa: PLC0415 - as above

    asyncio.run(run_demo(port, data, fresh))


@main.command()
def migrate() -> None:
    """Update the database schema; create the database if it does not exist."""
    settings = Settings.from_environment()
    done = asyncio.run(database.bring_up_to_date(settings))
    click.echo(f"{settings.database} is up to date now." if done else f"{settings.database} was up to date already.")


@main.group()
def config() -> None:
    """Manage profiles, resources, groups and roles as one file."""


@config.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
def config_plan(file: Path) -> None:
    """Show what applying FILE would change. Exit code: 0 no changes, 2 changes, 1 the file cannot be applied."""
    plan = asyncio.run(configuring.plan(Settings.from_environment(), file))
    click.echo(plan_text(plan), nl=False)
    sys.exit(FAULTY if plan.refusals else 0 if plan.is_empty else CHANGES_PENDING)


@config.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def config_apply(file: Path, yes: bool) -> None:
    """Apply FILE: all of it, or nothing if something is wrong."""
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
    """Ask whether to apply *plan*. Raises click.Abort if the answer is no, Mistake if the plan cannot be applied."""
    if plan.refusals:
        raise Mistake("This cannot be applied as it is; see above.")
    if not yes:
        click.confirm("Apply this?", abort=True)


@config.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default=STDOUT)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def config_export(file: Path, force: bool) -> None:
    """Write the current configuration to FILE, or to standard output."""
    content = asyncio.run(configuring.export(Settings.from_environment()))
    if file == STDOUT:
        click.echo(content, nl=False)
        return
    try:
        with file.open("w" if force else "x", encoding="utf-8") as to:
            to.write(content)
    except FileExistsError as error:
        raise Mistake(f"{file!s} exists. Give --force to replace it.") from error
    except OSError as error:
        raise Mistake(f"{file!s} cannot be written: {error.strerror!s}") from error


class _Span(click.ParamType[timedelta]):
    """A length of time as in the configuration: 90d, 36h."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return value if isinstance(value, timedelta) else parse_duration(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


@main.group()
def token() -> None:
    """Manage the tokens that other platforms use for the HTTP API."""


@token.command("create")
@click.argument("client")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="Repeat for more.",
)
@click.option(
    "--expires", type=_Span(), default="90d", show_default=True, help="How long the token is valid: 36h, 90d."
)
def token_create(client: str, scopes: tuple[str, ...], expires: timedelta) -> None:
    """Create a token for CLIENT, a platform. It is printed once."""
    chosen = frozenset(map(Scope, scopes))
    click.echo(asyncio.run(tokens.create(Settings.from_environment(), client, chosen, expires)))


@token.command("list")
def token_list() -> None:
    """List all tokens, valid or not, without their secrets."""
    click.echo(asyncio.run(tokens.listed(Settings.from_environment())))


@token.command("revoke")
@click.argument("token")
def token_revoke(token: str) -> None:
    """Revoke TOKEN (its id in the list)."""
    click.echo(asyncio.run(tokens.revoke(Settings.from_environment(), token)))


@main.group()
def webhook() -> None:
    """Manage webhooks: other platforms that receive the events of requests."""


@webhook.command("add")
@click.argument("name")
@click.argument("url")
@click.option(
    "--event", "events", multiple=True, type=click.Choice(EVENT_NAMES), help="Repeat for more; default: every event."
)
def webhook_add(name: str, url: str, events: tuple[str, ...]) -> None:
    """Send events to the platform NAME at URL from now on. Prints the signing secret."""
    click.echo(asyncio.run(webhooks.add(Settings.from_environment(), name, url, events)))


@webhook.command("list")
def webhook_list() -> None:
    """List all webhooks with their state."""
    click.echo(asyncio.run(webhooks.listed(Settings.from_environment())))


@webhook.command("secret")
@click.argument("name")
def webhook_secret(name: str) -> None:
    """Print the signing secret of NAME."""
    click.echo(asyncio.run(webhooks.show_secret(Settings.from_environment(), name)))


@webhook.command("rotate")
@click.argument("name")
def webhook_rotate(name: str) -> None:
    """Give NAME a new secret. Messages are signed with the old one as well for a day."""
    click.echo(asyncio.run(webhooks.rotate(Settings.from_environment(), name)))


@webhook.command("pause")
@click.argument("name")
def webhook_pause(name: str) -> None:
    """Stop sending to NAME until it is resumed. Nothing is lost."""
    click.echo(asyncio.run(webhooks.pause(Settings.from_environment(), name)))


@webhook.command("resume")
@click.argument("name")
def webhook_resume(name: str) -> None:
    """Start sending to NAME again, waiting events first."""
    click.echo(asyncio.run(webhooks.resume(Settings.from_environment(), name)))


@webhook.command("remove")
@click.argument("name")
@click.confirmation_option(prompt="Events that still wait for it are deleted. Remove it?")
def webhook_remove(name: str) -> None:
    """Remove NAME."""
    click.echo(asyncio.run(webhooks.remove(Settings.from_environment(), name)))


@webhook.command("deliveries")
@click.argument("name")
@click.option("--waiting", is_flag=True, help="Only those it has not accepted yet, oldest first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def webhook_deliveries(name: str, waiting: bool, limit: int) -> None:
    """List the deliveries to NAME, newest first, with their results."""
    click.echo(asyncio.run(webhooks.delivery_list(Settings.from_environment(), name, waiting=waiting, limit=limit)))


@webhook.command("resend")
@click.argument("delivery", type=int)
def webhook_resend(delivery: int) -> None:
    """Send DELIVERY (its number in the list) again."""
    click.echo(asyncio.run(webhooks.resend(Settings.from_environment(), delivery)))


@main.group("ca")
def authority() -> None:
    """Manage a local CA, for trying out and for small private PKIs."""


@authority.command("init")
@click.argument("name")
@click.option(
    "--subject", default="CN=Countersign Local CA", show_default=True, help="Subject of the CA, in RFC 4514 form."
)
@click.option(
    "--key",
    type=click.Choice(["ec-p256", "ec-p384", "rsa-3072", "rsa-4096"]),
    default="ec-p256",
    show_default=True,
    help="Key type.",
)
@click.option("--days", type=click.IntRange(1, 36500), default=3650, show_default=True, help="How long it is valid.")
def ca_init(name: str, subject: str, key: str, days: int) -> None:
    """Create a CA called NAME. Its key is encrypted with COUNTERSIGN_CA_PASSPHRASE."""
    click.echo(authorities.init(Settings.from_environment(), name, subject, key, days, system_clock()), nl=False)


@authority.command("crl")
@click.argument("name")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write it to this file.")
def ca_crl(name: str, out: Path | None) -> None:
    """Write a new revocation list (CRL) of the CA called NAME."""
    click.echo(authorities.crl(Settings.from_environment(), name, out, system_clock))


@main.command()
def doctor() -> None:
    """Check tokens, scopes, database, clock and configuration, and say how to fix what is wrong."""
    settings = Settings.from_environment()

    async def look() -> bool:
        good = True
        async for finding in doctor_checks.examine(settings):
            click.echo(str(finding))
            good &= finding.good
        return good

    sys.exit(0 if asyncio.run(look()) else FAULTY)


@main.command()
@click.option("--http", metavar="URL", help="For an app that Slack reaches at this HTTPS address, without Socket Mode.")
def manifest(http: str | None) -> None:
    """Print the app manifest to paste at https://api.slack.com/apps."""
    try:
        click.echo(app_manifest.text(http=http), nl=False)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--http") from error
