from __future__ import annotations

import pytest

from pipeline.readers.encoding import DecodingError, decode

TEXT = "Größe – “naïve” 5 µg"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (("a plain text " + TEXT).encode("utf-16-le"), "utf-16-le"),
        (("a plain text " + TEXT).encode("utf-16-be"), "utf-16-be"),
        (b'<meta charset="iso-8859-1">' + TEXT.encode("cp1252"), "cp1252"),
        (b'<meta charset="iso-8859-1">' + TEXT.encode(), "utf-8"),
        (b'<meta charset="utf-7">' + b"plain " * 20 + TEXT.encode("cp1252"), "cp1252"),  # as in browsers
        (b'<?xml version="1.0" encoding="koi8-r"?>' + "нейрон".encode("koi8-r"), "koi8-r"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    text, name = decode(data)
    assert name == encoding
    assert text.endswith((TEXT, "нейрон"))
    assert "\ufeff" not in text


def test_one_stray_byte_does_not_spoil_a_page() -> None:
    text, name = decode(("é" * 2000).encode() + b" it\x92s " + "ü".encode())
    assert name == "utf-8"
    assert text.endswith("é it’s ü")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(200), bytes(range(256)) * 20, b"%PDF-1.7 \x00"])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(DecodingError):
        decode(data)


def test_a_text_saved_in_the_wrong_encoding_is_read_as_it_was() -> None:
    text = "Ketamine’s effect — a “rapid” one — on naïve patients, à la carte"
    saved = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()).encode()
    assert decode(saved) == (text, "utf-8 saved as cp1252")


def test_a_word_in_the_wrong_encoding_does_not_change_the_others() -> None:
    text = "Héctor and HÃ©ctor, Ã©tÃ©, naÃ¯ve"
    assert decode(text.encode()) == (text, "utf-8")
