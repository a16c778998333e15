"""People, groups and roles.

Who somebody is; what they may do is in `approvals`.
"""
