"""Damage that clean documents are given, with a ledger, to see what comes back.

``text`` works on running text, ``blocks`` on a document in blocks, ``pages``, ``tags`` and ``encodings`` on markup, and
``transport`` on bytes;
``score`` measures them by round trip. Every operator takes a generator of chance seeded with its own and the document's
name. The ledger is a ``TracedText``: its edits say what stood where.
"""
