"""files.*: uploads in Slack's two steps, and what is known of a file."""

from bot.devslack.errors import Json, SlackError
from bot.devslack.web_api.arguments import Args, invalid_arguments
from bot.devslack.web_api.content import POST_TEXT, read_blocks
from bot.devslack.web_api.methods_chat import reachable, thread_of
from bot.devslack.web_api.registry import Tier, method
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.uploads import TITLE, Upload
from bot.devslack.workspace.workspace import Workspace

MOST_BYTES = 1_000_000_000
FILES_AT_ONCE = 10


def _file(workspace: Workspace, args: Args) -> Upload:
    upload = workspace.app_file(args.required("file"))
    if upload is None:
        raise SlackError("file_not_found")
    if upload.deleted:
        raise SlackError("file_deleted")
    return upload


@method("files.getUploadURLExternal", scopes=("files:write",), tier=Tier.FOUR)
def get_upload_url(workspace: Workspace, args: Args) -> Json:
    name = args.required("filename")
    args.required("length")
    length = args.whole("length", 0, 1, MOST_BYTES)
    upload = workspace.uploads.begin(workspace.app.bot_user, name, length)
    return {"upload_url": workspace.uploads.upload_url(upload), "file_id": upload.id}


@method("files.completeUploadExternal", scopes=("files:write",), tier=Tier.FOUR)
def complete_upload(workspace: Workspace, args: Args) -> Json:
    """Where it goes is settled before anything is done: a refusal leaves the uploads as they were."""
    chosen = _uploaded(workspace, args)
    comment = args.text("initial_comment")
    if len(comment) > POST_TEXT:
        raise SlackError("msg_too_long")
    blocks = None if comment else read_blocks(args)  # with a comment Slack ignores the blocks
    places = _places(workspace, args)
    if args.given("thread_ts") and len(places) > 1:
        raise invalid_arguments("thread_ts needs a single channel [json-pointer:/thread_ts]")
    threads = [thread_of(channel, args) for channel in places]
    for upload, title in chosen:
        upload.completed, upload.title = True, title or upload.name
        workspace.tell_app_event({"type": "file_created", "file_id": upload.id, "file": {"id": upload.id}})
    workspace.changed = True
    uploads = [upload for upload, _ in chosen]
    for channel, thread in zip(places, threads, strict=True):
        message = workspace.bot_message(comment, blocks=blocks or None, thread_ts=thread)
        workspace.tell_app(channel, workspace.post_files(channel, message, uploads))
    return {"files": [workspace.uploads.described(upload, workspace.channels) for upload in uploads]}


def _uploaded(workspace: Workspace, args: Args) -> list[tuple[Upload, str]]:
    """The files named, each uploaded by the app and not yet completed, with their titles."""
    entries = args.structure("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise invalid_arguments("missing required field: files")
    if len(entries) > FILES_AT_ONCE:
        raise invalid_arguments(f"no more than {FILES_AT_ONCE} items allowed [json-pointer:/files]")
    uploads = []
    for position, entry in enumerate(entries):
        title = entry.get("title") or "" if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not isinstance(title, str):
            raise invalid_arguments(f"must provide an object with an id [json-pointer:/files/{position}]")
        if len(title) > TITLE:
            raise invalid_arguments(f"must be less than {TITLE + 1} characters [json-pointer:/files/{position}/title]")
        upload = workspace.uploads.begun(entry["id"])
        if upload is None or upload.user != workspace.app.bot_user or upload.completed or upload.content is None:
            raise SlackError("file_not_found")
        uploads.append((upload, title))
    return uploads


def _places(workspace: Workspace, args: Args) -> list[Channel]:
    """Conversations by id, those of `channels` also by a person's: the app has to be in each."""
    wanted = [args.text("channel_id")] if args.given("channel_id") else []
    wanted += [workspace.im(name).id if name in workspace.people.users else name for name in args.listed("channels")]
    places = []
    for channel_id in wanted:
        channel = reachable(workspace, channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if workspace.app.bot_user not in channel.members:
            raise SlackError("not_in_channel")
        if channel.kind is Kind.IM and workspace.people.users[channel.person]["deleted"]:
            raise SlackError("channel_not_found")
        places.append(channel)
    return places


@method("files.info", scopes=("files:read",), tier=Tier.FOUR)
def info(workspace: Workspace, args: Args) -> Json:
    described = workspace.uploads.described(_file(workspace, args), workspace.channels)
    return {"file": described, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", scopes=("files:write",), tier=Tier.THREE)
def delete(workspace: Workspace, args: Args) -> Json:
    upload = _file(workspace, args)
    if upload.user != workspace.app.bot_user:
        raise SlackError("cant_delete_file")
    workspace.delete_file(upload)
    return {}
