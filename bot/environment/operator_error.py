"""Errors that the operator of Countersign can fix."""


class Mistake(Exception):
    """Shown at the command line as its message, one sentence or one line for each fault, without a traceback."""
