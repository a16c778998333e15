"""What a change of the configuration does to what is open: the same in a terminal and in Slack."""

from bot.texts.grammar import count


def fate(keeping: int, following: int, *, done: bool) -> str:
    """What becomes, or *done* became, of the open requests under a profile that gets a new version."""
    kept, took = ("kept", "took") if done else ("will keep", "will take")
    parts = []
    if keeping:
        were = "it was" if keeping == 1 else "they were"
        parts.append(f"{count(keeping, 'open request')} {kept} the version that {were} submitted under")
    if following:
        parts.append(f"{count(following, 'open request')}, blocked until now, {took} the new one")
    return "; ".join(parts) or "no open request is under it"
