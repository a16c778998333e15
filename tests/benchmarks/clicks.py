"""What Slack sends when a button is pressed, made and signed before anything is measured."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.cast import TEAM, Asked


def payload(asked: Asked) -> dict[str, Any]:
    """`block_actions`, field for field: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload."""
    user = asked.person.partition("/")[2]
    block, button = _approve_button(asked.message["blocks"])
    return {
        "type": "block_actions",
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": "A00APP",
        "token": secrets.token_hex(12),
        "container": {
            "type": "message", "message_ts": asked.ts, "channel_id": asked.channel, "is_ephemeral": False,
        },
        "trigger_id": f"{secrets.randbits(40)}.{secrets.randbits(40)}.{secrets.token_hex(16)}",
        "team": {"id": TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": asked.channel, "name": "directmessage"},
        "message": asked.message,
        "state": {"values": {}},
        "response_url": f"https://hooks.slack.invalid/actions/{TEAM}/{secrets.randbits(40)}/{secrets.token_hex(12)}",
        "actions": [
            {
                "action_id": button["action_id"], "block_id": block.get("block_id", "a1"), "text": button["text"],
                "value": button["value"], "style": "primary", "type": "button", "action_ts": f"{time.time():.6f}",
            }
        ],
    }  # fmt: skip


def _approve_button(blocks: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    return next(
        (block, element)
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == "approve"
    )


def http_request(asked: Asked, signing_secret: str) -> bytes:
    """The whole request on the wire, with Slack's signature of now: it is good for five minutes."""
    body = urlencode({"payload": json.dumps(payload(asked), separators=(",", ":"))}).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(signing_secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def envelope(asked: Asked, named: str) -> str:
    """The same click as Socket Mode brings it: https://docs.slack.dev/apis/events-api/using-socket-mode."""
    content = {"envelope_id": named, "type": "interactive", "payload": payload(asked), "accepts_response_payload": True}
    return json.dumps(content, separators=(",", ":"))
