"""One webhook message: its content and its signature. https://www.standardwebhooks.com"""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import SecretStr
from standardwebhooks import Webhook

from bot.representation.rendering import drawn, drawn_events
from bot.webhooks.secrets import secret
from domain.platforms.webhooks import Endpoint
from domain.ports import Reading
from domain.workflow.platforms.webhooks import Outgoing


class Message(NamedTuple):
    body: str
    headers: dict[str, str]


async def message(reading: Reading, out: Outgoing, master: SecretStr, at: datetime) -> Message:
    """What is sent now for *out*: the entry of the record, and the request as it is now."""
    [event] = await drawn_events(reading, [out.entry])
    [request] = await drawn(reading, [out.request])
    content = {
        "type": event.type.value,
        "timestamp": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {"event": event.model_dump(mode="json"), "request": request.model_dump(mode="json")},
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Message(body, signed(body, out.delivery.message_id, out.endpoint, master, at))


def signed(body: str, id: str, endpoint: Endpoint, master: SecretStr, at: datetime) -> dict[str, str]:
    """The headers that go with *body*: signed with the present secret, and for a day after a rotation with the former one too."""
    at = at.astimezone(UTC)
    signatures = [
        Webhook(secret(master, endpoint, generation)).sign(id, at, body) for generation in endpoint.generations(at)
    ]
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
