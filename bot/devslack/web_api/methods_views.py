"""views.*"""

from bot.devslack.block_kit.inputs import file_inputs
from bot.devslack.errors import Json, SlackError
from bot.devslack.web_api.arguments import Args, invalid_arguments
from bot.devslack.web_api.content import read_view
from bot.devslack.web_api.registry import Tier, method, need_scope
from bot.devslack.workspace.open_views import OpenView
from bot.devslack.workspace.workspace import Workspace


def _tell(workspace: Workspace, opened: OpenView) -> Json:
    kind = "home" if opened.view["type"] == "home" else "view"
    workspace.watchers.tell([opened.user], {"type": kind, "view_id": opened.view["id"]})
    return {"view": opened.view}


def _view(workspace: Workspace, args: Args, *kinds: str) -> Json:
    """The view given, which takes files only where the app may read them."""
    view = read_view(args, *kinds)
    if file_inputs(view["blocks"]):
        need_scope(workspace, "files:read")
    return view


@method("views.open", tier=Tier.FOUR)
def open_view(workspace: Workspace, args: Args) -> Json:
    view = _view(workspace, args, "modal")
    trigger = workspace.temporary_keys.exchange(args.required("trigger_id"))
    return _tell(workspace, workspace.views.open(trigger.user, view))


@method("views.push", tier=Tier.FOUR)
def push_view(workspace: Workspace, args: Args) -> Json:
    view = _view(workspace, args, "modal")
    trigger = workspace.temporary_keys.exchange(args.required("trigger_id"))
    if trigger.view_id is None or workspace.views.get(trigger.view_id) is None:
        raise SlackError("not_found")
    return _tell(workspace, workspace.views.push(trigger.user, view))


@method("views.update", tier=Tier.FOUR)
def update_view(workspace: Workspace, args: Args) -> Json:
    view = _view(workspace, args, "modal", "home")
    if args.given("view_id") and args.given("external_id"):
        raise invalid_arguments("Cannot provide both `view_id` and `external_id`")
    if args.given("view_id"):
        opened = workspace.views.get(args.text("view_id"))
    elif args.given("external_id"):
        opened = workspace.views.named(args.text("external_id"))
    else:
        raise invalid_arguments("missing required field: view_id")
    if opened is None:
        raise SlackError("not_found")
    if view["type"] != opened.view["type"]:
        raise invalid_arguments("a view keeps its type [json-pointer:/view/type]")
    updated = workspace.views.update(opened, view, args.text("hash") or None)
    workspace.changed |= view["type"] == "home"
    return _tell(workspace, updated)


@method("views.publish", tier=Tier.FOUR)
def publish_view(workspace: Workspace, args: Args) -> Json:
    user = args.required("user_id")
    view = read_view(args, "home")
    if not workspace.app.manifest.features.app_home.home_tab_enabled:
        raise SlackError("not_enabled")
    person = workspace.people.users.get(user)
    if person is None or person["is_bot"]:
        raise SlackError("user_not_found")
    published = workspace.views.publish(user, view, args.text("hash") or None)
    workspace.changed = True
    return _tell(workspace, published)
