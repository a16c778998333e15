"""Rules of a resource on what may be requested, and the check against them.

Every rule reads every name and fails closed.
"""
