"""conversations.*"""

from bot.devslack.errors import Json, SlackError
from bot.devslack.web_api.arguments import Args
from bot.devslack.web_api.methods_chat import reachable
from bot.devslack.web_api.registry import Tier, make_cursor, method, need_scope, page, read_cursor
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.people import SLACKBOT
from bot.devslack.workspace.workspace import Workspace

READ = tuple(f"{kind}:read" for kind in ("channels", "groups", "im", "mpim"))
HISTORY = tuple(f"{kind}:history" for kind in ("channels", "groups", "im", "mpim"))
TYPES = {"public_channel": Kind.PUBLIC, "private_channel": Kind.PRIVATE, "im": Kind.IM, "mpim": None}


def _described(workspace: Workspace, channel: Channel) -> Json:
    description = channel.described(workspace.app.bot_user)
    description["context_team_id"] = workspace.file.team.id
    if channel.kind is Kind.IM:
        description["is_user_deleted"] = workspace.people.users[channel.person]["deleted"]
    return description


@method("conversations.open", scopes=("channels:manage", "groups:write", "im:write", "mpim:write"), tier=Tier.THREE)
def open_conversation(workspace: Workspace, args: Args) -> Json:
    if args.given("channel"):
        channel = reachable(workspace, args.required("channel"))
        return {"no_op": True, "already_open": True, "channel": _open_answer(workspace, channel, args)}
    users = args.listed("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    need_scope(workspace, "im:write" if len(users) == 1 else "mpim:write")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = workspace.people.users.get(users[0])
    if person is None:
        raise SlackError("user_not_found")
    if person["deleted"]:
        raise SlackError("user_disabled")
    if person["is_bot"] or person["id"] == SLACKBOT:
        raise SlackError("cannot_dm_bot")
    already = person["id"] in workspace.ims
    channel = workspace.im(person["id"])
    more = {"no_op": True, "already_open": True} if already else {}
    return {**more, "channel": _open_answer(workspace, channel, args)}


def _open_answer(workspace: Workspace, channel: Channel, args: Args) -> Json:
    return _described(workspace, channel) if args.flag("return_im") else {"id": channel.id}


@method("conversations.info", scopes=READ, tier=Tier.THREE)
def info(workspace: Workspace, args: Args) -> Json:
    channel = reachable(workspace, args.required("channel"))
    need_scope(workspace, f"{channel.kind.scope_prefix}:read")
    description = _described(workspace, channel)
    if not args.flag("include_num_members"):
        description.pop("num_members", None)
    return {"channel": description}


@method("conversations.list", scopes=READ, tier=Tier.TWO)
def list_conversations(workspace: Workspace, args: Args) -> Json:
    wanted = args.listed("types") or ["public_channel"]
    for kind in wanted:
        if kind not in TYPES:
            raise SlackError("invalid_types")
        prefix = {"public_channel": "channels", "private_channel": "groups"}.get(kind, kind)
        need_scope(workspace, f"{prefix}:read")
    kinds = {TYPES[kind] for kind in wanted}
    bot, hide_archived = workspace.app.bot_user, args.flag("exclude_archived")
    channels = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind is Kind.PUBLIC or bot in channel.members)
        and not (hide_archived and channel.is_archived)
    ]
    part, more = page(channels, args, limit=100)
    return {"channels": [_described(workspace, channel) for channel in part], "response_metadata": more}


@method("conversations.members", scopes=READ, tier=Tier.FOUR)
def members(workspace: Workspace, args: Args) -> Json:
    channel = reachable(workspace, args.required("channel"))
    need_scope(workspace, f"{channel.kind.scope_prefix}:read")
    part, more = page(list(channel.members), args, limit=100)
    return {"members": part, "response_metadata": more}


def _readable(workspace: Workspace, args: Args) -> Channel:
    channel = reachable(workspace, args.required("channel"))
    need_scope(workspace, f"{channel.kind.scope_prefix}:history")
    if workspace.app.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _shown(message: Json, args: Args) -> Json:
    """Metadata is returned only when asked for."""
    if args.flag("include_all_metadata"):
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


def _in_bounds(message: Json, args: Args) -> bool:
    ts, inclusive = message["ts"], args.flag("inclusive")
    oldest, latest = args.text("oldest"), args.text("latest")
    if oldest and (ts < oldest or (ts == oldest and not inclusive)):
        return False
    return not (latest and (ts > latest or (ts == latest and not inclusive)))


@method("conversations.history", scopes=HISTORY, tier=Tier.THREE)
def history(workspace: Workspace, args: Args) -> Json:
    channel = _readable(workspace, args)
    for bound in ("oldest", "latest"):
        if args.given(bound) and not args.text(bound).replace(".", "", 1).isdigit():
            raise SlackError(f"invalid_ts_{bound}")
    limit = args.whole("limit", 100, 1, 999)
    before = read_cursor(args, "next_ts") or None
    messages: list[Json] = []
    more = False
    oldest = args.text("oldest")
    for message in channel.newest_first(before):
        if oldest and message["ts"] < oldest:
            break
        if not _in_bounds(message, args):
            continue
        if len(messages) == limit:
            more = True
            break
        messages.append(message)
    answer: Json = {"messages": [_shown(m, args) for m in messages], "has_more": more, "pin_count": 0}
    if more:
        answer["response_metadata"] = {"next_cursor": make_cursor("next_ts", messages[-1]["ts"])}
    return answer


@method("conversations.replies", scopes=HISTORY, tier=Tier.THREE)
def replies(workspace: Workspace, args: Args) -> Json:
    channel = _readable(workspace, args)
    ts = args.required("ts")
    root = channel.messages.get(ts)
    if root is None:
        raise SlackError("thread_not_found")
    thread = channel.thread(root.get("thread_ts", ts))
    messages = [m for m in thread if m["ts"] == thread[0]["ts"] or _in_bounds(m, args)]
    part, more = page(messages, args, limit=1000)
    answer: Json = {"messages": [_shown(m, args) for m in part], "has_more": bool(more["next_cursor"])}
    if more["next_cursor"]:
        answer["response_metadata"] = more
    return answer


@method("conversations.join", scopes=("channels:join",), tier=Tier.THREE)
def join(workspace: Workspace, args: Args) -> Json:
    channel = reachable(workspace, args.required("channel"))
    if channel.kind is not Kind.PUBLIC:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    bot = workspace.app.bot_user
    already = bot in channel.members
    channel.members[bot] = None
    workspace.changed = True
    answer: Json = {"channel": _described(workspace, channel)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer
