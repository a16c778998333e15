"""What every room of the domain uses: frozen values, refusals, operations, slugs, times in sentences.

It imports no other room.
"""
