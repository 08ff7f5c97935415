"""Text from inputs for a terminal: control characters are shown, so that they cannot steer it."""

from __future__ import annotations

# One character each, so that lengths and styles stay: Unicode's Control Pictures (U+2400 to U+2421) for those of ASCII
# but line feed and tab, the replacement character for those of Latin-1 (U+009B begins a command, as ESC [ does).
_SHOWN = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
_SHOWN |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def visible(text: str) -> str:
    r"""The text with its control characters shown.

    >>> visible("a\x1b[31mb\x9b1m\n")
    'a␛[31mb\ufffd1m\n'
    """
    return text.translate(_SHOWN)
