"""Every text that people read, by area.

Whole sentences, each in one place, so that they speak with one voice and can be said in another language.
"""
