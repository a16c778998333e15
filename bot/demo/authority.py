"""The issuing CA of the sample company: a local one, made when the demo first starts."""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.authorities import init
from bot.connectors.local_ca import keeping
from bot.settings import Settings

NAME: Final = "issuing-ca-g2"
SUBJECT: Final = "CN=Halvorsen Issuing CA G2,O=Halvorsen Maritime AS"
PASSPHRASE: Final = SecretStr("no secret: for the demo only")
"""Everybody can read it here; nobody trusts what the demo's CA signs."""
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
