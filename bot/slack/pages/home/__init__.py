"""The App Home and its filter, kept current while people look at it."""
