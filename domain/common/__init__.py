"""Used everywhere in the domain: immutable values, refusals, operations, slugs, times in sentences.

It imports no other room.
"""
