"""One repository for each concern of `domain.ports`: its statements, its queries, and the class that offers them.

Statements are built once, at module level. Nothing here decides what a request may do.
"""
