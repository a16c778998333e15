"""What the pages share: ids, blocks, payload parsing, texts, ways to answer.

Nothing here knows a particular page.
"""
