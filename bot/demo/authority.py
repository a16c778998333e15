"""The issuing CA of the sample company: a local one, made when the demo first starts, and a certificate that it has issued."""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.connectors.local_ca import key_store as keeping
from bot.connectors.local_ca.administration import init
from bot.connectors.local_ca.connector import LocalCa
from bot.demo.snippets import gateway
from bot.environment.settings import Settings
from domain.approvals.execution import ApprovedOperation, Executed
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.pki import parse
from domain.ports import Store

NAME: Final = "issuing-ca-g2"
SUBJECT: Final = "CN=Halvorsen Issuing CA G2,O=Halvorsen Maritime AS"
PASSPHRASE: Final = SecretStr("no secret: for the demo only")
"""Everybody can read it here; nobody trusts what the demo's CA signs."""
SAMPLE: Final = "demo-vpn-gateway"
"""The operation that the sample certificate was issued for."""
FILE: Final = """\
# What the demo's CA issues; docs/local-ca.md describes every key.
profiles:
  tls-server: {valid_for: 398d}
  device-identity:
    valid_for: 730d
    extended_key_usage: [client_auth]
    names: {kinds: [dns], domains: [halvorsen.example.com]}
certificate_profiles:
  tls-server: tls-server
  device-identity: device-identity
"""


def ready(folder: Path, at: datetime) -> None:
    """Make the CA in *folder*, unless it is there."""
    if NAME in keeping.names(folder):
        return
    init(Settings.given(ca_folder=folder, ca_passphrase=PASSPHRASE), NAME, SUBJECT, "ec-p256", 3650, at)
    (folder / NAME / keeping.FILE).write_text(FILE, encoding="utf-8")


async def sample(store: Store, folder: Path, at: datetime) -> str:
    """A certificate of the CA in *folder*, PEM, for the VPN gateway: on its record, so that it can be renewed, rekeyed and revoked.

    It is issued once, and the same whenever the demo starts again.
    """
    material = parse(Operation.ISSUE, csr=gateway())
    long_ago = ApprovedOperation(
        key=SAMPLE,
        release=1,
        attempt=1,
        request=0,
        operation=Operation.ISSUE,
        entry="public-web",
        certificate_profile="tls-server",
        certificate_authority=NAME,
        material=material,
        digest=material.digest,
        requester=PersonId(""),
        reason="It was there before the demo began.",
        approved_at=at,
        valid_until=None,
    )
    key, file = keeping.load(folder, NAME, PASSPHRASE)
    issued = await LocalCa(NAME, key, file, folder, store, lambda: at).execute(long_ago)
    if not isinstance(issued, Executed) or issued.certificate is None:
        raise RuntimeError(f"the demo's CA did not issue its sample: {issued}")
    return issued.certificate.pem
