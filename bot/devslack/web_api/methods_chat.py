"""chat.* and reactions.add."""

from bot.devslack.errors import Json, SlackError
from bot.devslack.web_api.arguments import Args, invalid_arguments
from bot.devslack.web_api.content import POST_TEXT, UPDATE_TEXT, read_attachments, read_blocks, read_metadata, read_text
from bot.devslack.web_api.registry import Tier, method
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.people import SLACKBOT
from bot.devslack.workspace.workspace import Workspace

NO_TEXT = "This content can't be displayed."


def reachable(workspace: Workspace, wanted: str) -> Channel:
    """A conversation the app can see: public ones, its own private ones and IMs. Raises SlackError channel_not_found."""
    channel = workspace.channels.get(wanted)
    if channel is None or (channel.kind is not Kind.PUBLIC and workspace.app.bot_user not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def _target(workspace: Workspace, wanted: str) -> Channel:
    """Where to post: a conversation's id or name, or a user's id for the direct message with them."""
    user = workspace.people.users.get(wanted)
    if user is not None:
        if user["deleted"] or user["is_bot"] or wanted == SLACKBOT:
            raise SlackError("channel_not_found")
        workspace.im(wanted)
    channel = reachable(workspace, workspace.conversation(wanted))
    if channel.kind is Kind.IM and not workspace.app.manifest.features.app_home.messages_tab_enabled:
        raise SlackError("messages_tab_disabled")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _own_message(workspace: Workspace, args: Args, refusal: str) -> tuple[Channel, Json]:
    channel = reachable(workspace, args.required("channel"))
    message = channel.messages.get(args.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != workspace.app.bot_id:
        raise SlackError(refusal)
    if channel.is_archived:
        raise SlackError("is_inactive")
    return channel, message


def thread_of(channel: Channel, args: Args) -> str | None:
    """The root of the thread that `thread_ts` names, None without one. Raises SlackError thread_not_found."""
    root = args.text("thread_ts")
    if not root:
        return None
    parent = channel.messages.get(root)
    if parent is None:
        raise SlackError("thread_not_found")
    return str(parent.get("thread_ts", root))


@method("chat.postMessage", scopes=("chat:write",), tier=Tier.POSTING)
def post_message(workspace: Workspace, args: Args) -> Json:
    channel = _target(workspace, args.required("channel"))
    blocks = read_blocks(args)
    text = read_text(args, POST_TEXT, needed=not blocks and not args.given("attachments"))
    metadata = read_metadata(args)
    if workspace.app.bot_user not in channel.members and "chat:write.public" not in workspace.app.manifest.scopes:
        raise SlackError("not_in_channel")
    message = workspace.post(
        channel,
        workspace.bot_message(
            text or NO_TEXT,
            blocks=blocks or None,
            attachments=read_attachments(args),
            metadata=metadata or None,
            thread_ts=thread_of(channel, args),
        ),
    )
    workspace.tell_app(channel, message)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


@method("chat.update", scopes=("chat:write",), tier=Tier.THREE)
def update(workspace: Workspace, args: Args) -> Json:
    channel, message = _own_message(workspace, args, "cant_update_message")
    blocks, metadata = read_blocks(args), read_metadata(args)
    attachments = read_attachments(args)
    if blocks is None and attachments is None and not args.given("text"):
        raise SlackError("no_text")
    text = read_text(args, UPDATE_TEXT, needed=False)
    # What is left out stays; an empty list or object takes it away (documented for chat.update).
    edited = {
        **message,
        "text": text or message["text"],
        "edited": {"user": workspace.app.bot_user, "ts": workspace.timestamps.next()},
    }
    for key, value in (("blocks", blocks), ("attachments", attachments), ("metadata", metadata)):
        if value is not None:
            edited[key] = value
            if not value:
                del edited[key]
    workspace.edit(channel, edited)
    about = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": edited["edited"]["ts"]}
    workspace.tell_app(channel, {**about, "message": edited, "previous_message": message})
    return {"channel": channel.id, "ts": message["ts"], "text": edited["text"], "message": edited}


@method("chat.delete", scopes=("chat:write",), tier=Tier.THREE)
def delete(workspace: Workspace, args: Args) -> Json:
    channel, message = _own_message(workspace, args, "cant_delete_message")
    workspace.delete(channel, message["ts"])
    about = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": workspace.timestamps.next()}
    workspace.tell_app(channel, {**about, "deleted_ts": message["ts"], "previous_message": message})
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.postEphemeral", scopes=("chat:write",), tier=Tier.FOUR)
def post_ephemeral(workspace: Workspace, args: Args) -> Json:
    wanted, user = args.required("channel"), args.required("user")
    channel = _target(workspace, wanted)
    blocks = read_blocks(args)
    text = read_text(args, POST_TEXT, needed=not blocks and not args.given("attachments"))
    if workspace.app.bot_user not in channel.members and "chat:write.public" not in workspace.app.manifest.scopes:
        raise SlackError("not_in_channel")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = workspace.post_ephemeral(
        channel,
        user,
        workspace.bot_message(
            text or NO_TEXT,
            blocks=blocks or None,
            attachments=read_attachments(args),
            thread_ts=thread_of(channel, args),
        ),
    )
    return {"message_ts": message["ts"]}


@method("chat.getPermalink", tier=Tier.FREE)
def permalink(workspace: Workspace, args: Args) -> Json:
    channel = reachable(workspace, args.required("channel"))
    ts = args.required("message_ts")
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    link = f"https://{workspace.file.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


@method("reactions.add", scopes=("reactions:write",), tier=Tier.THREE)
def react(workspace: Workspace, args: Args) -> Json:
    channel = reachable(workspace, args.required("channel"))
    ts, name = args.required("timestamp"), args.required("name").strip(":")
    message = channel.messages.get(ts)
    if message is None:
        raise SlackError("message_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise invalid_arguments("invalid emoji name [json-pointer:/name]")
    reactions = {r["name"]: list(r["users"]) for r in message.get("reactions", ())}
    bot = workspace.app.bot_user
    if bot in reactions.get(name, ()):
        raise SlackError("already_reacted")
    reactions.setdefault(name, []).append(bot)
    summaries = [{"name": n, "users": users, "count": len(users)} for n, users in reactions.items()]
    workspace.edit(channel, {**message, "reactions": summaries})
    return {}
