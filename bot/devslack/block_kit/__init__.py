"""The rules of Block Kit: which blocks, elements and views Slack accepts, and what a person may enter into them.

Functions of JSON only: nothing in this folder knows the workspace, and nothing in it keeps state.
"""
