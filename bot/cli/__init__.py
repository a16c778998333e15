"""The commands of `countersign`, each a few lines over what another room does.

Nothing imports this room.
"""
