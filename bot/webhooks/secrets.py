"""The secrets that sign webhooks. They are not stored: each is derived from one setting, the endpoint and its generation."""

import base64
import hashlib
import hmac

from pydantic import SecretStr

from domain.platforms.webhooks import Endpoint

PREFIX = "whsec_"
NOT_CONFIGURED = (
    "COUNTERSIGN_WEBHOOK_SECRET is not set. Set it to 32 random characters or more and keep it: "
    "the secret of each webhook is made from it."
)


def secret(master: SecretStr, endpoint: Endpoint, generation: int | None = None) -> str:
    """The secret of *endpoint*, of its present generation or another, as Standard Webhooks writes it: `whsec_` and base64 of 32 octets."""
    of = (
        f"countersign webhook 1\n{endpoint.key}\n{generation or endpoint.generation}\n{endpoint.created_at.isoformat()}"
    )
    made = hmac.new(master.get_secret_value().encode(), of.encode(), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(made).decode()
