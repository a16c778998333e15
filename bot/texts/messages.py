"""What the messages about a request say."""


def asked_here(mentions: str) -> str:
    """In a channel; *mentions* names those who may approve."""
    return f"Asked here, because they may approve this step: {mentions}." if mentions else ""


def skipped_in_channel(step: str, mentions: str) -> str:
    """*step* is `step 2 of 3, Security`."""
    return f"This went past {step}, which is asked for here." + (f" For {mentions}." if mentions else "")


def skipped_though_asked(step: str) -> str:
    return f"You were asked for {step}; the override went past it, and there is nothing left to decide."


def skipped_before_asked(step: str) -> str:
    return f"You could still have decided {step}; the override went past it."


def was_over(moment: str) -> str:
    """An alert of something that has been repaired."""
    return f"What this told of was over {moment}."


def and_more(number: int) -> str:
    return f"and {number} more"
