"""auth.test, apps.connections.open, users.* and usergroups.*"""

from bot.devslack.errors import Json, SlackError
from bot.devslack.web_api.arguments import Args
from bot.devslack.web_api.registry import Tier, method, page
from bot.devslack.workspace.workspace import Workspace


@method("api.test", tier=Tier.FOUR, caller="any")
def api_test(_workspace: Workspace, args: Args) -> Json:
    if args.given("error"):
        raise SlackError(args.text("error"), args=args.values)
    return {"args": args.values} if args.values else {}


@method("auth.test", tier=Tier.FREE, caller="any")
def auth_test(workspace: Workspace, _args: Args) -> Json:
    team, app = workspace.file.team, workspace.app
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": workspace.people.users[app.bot_user]["name"],
        "team_id": team.id,
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier=Tier.ONE, caller="app")
def open_connection(workspace: Workspace, _args: Args) -> Json:
    return {"url": workspace.socket_url()}


def _shown(workspace: Workspace, user: Json) -> Json:
    """Addresses are shown to apps with users:read.email only."""
    if "users:read.email" in workspace.app.manifest.scopes:
        return user
    return {**user, "profile": {key: value for key, value in user["profile"].items() if key != "email"}}


@method("users.info", scopes=("users:read",), tier=Tier.FOUR)
def user_info(workspace: Workspace, args: Args) -> Json:
    user = workspace.people.users.get(args.required("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(workspace, user)}


@method("users.list", scopes=("users:read",), tier=Tier.TWO)
def list_users(workspace: Workspace, args: Args) -> Json:
    part, more = page(list(workspace.people.users.values()), args, limit=1000)
    return {
        "members": [_shown(workspace, user) for user in part],
        "cache_ts": int(float(workspace.timestamps.next())),
        "response_metadata": more,
    }


@method("users.lookupByEmail", scopes=("users:read.email",), tier=Tier.THREE)
def user_by_email(workspace: Workspace, args: Args) -> Json:
    user = workspace.people.by_email(args.required("email"))
    if user is None or user["deleted"]:
        raise SlackError("users_not_found")
    return {"user": user}


@method("usergroups.list", scopes=("usergroups:read",), tier=Tier.TWO)
def list_groups(workspace: Workspace, args: Args) -> Json:
    disabled, users = args.flag("include_disabled"), args.flag("include_users")
    count = args.flag("include_count")
    hidden = {*(() if users else ("users",)), *(() if count else ("user_count",))}
    return {
        "usergroups": [
            {key: value for key, value in group.items() if key not in hidden}
            for group in workspace.people.groups.values()
            if disabled or not group["date_delete"]
        ]
    }


@method("usergroups.users.list", scopes=("usergroups:read",), tier=Tier.TWO)
def list_group_users(workspace: Workspace, args: Args) -> Json:
    group = workspace.people.groups.get(args.required("usergroup"))
    if group is None or (group["date_delete"] and not args.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": group["users"]}
