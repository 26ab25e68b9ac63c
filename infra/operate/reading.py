"""What both forms of a roster file share: clean text, and one way to say that a file cannot be read."""

from __future__ import annotations

import unicodedata

from tean.domain.errors import Invalid


def unreadable(sentence: str) -> Invalid:
    """The refusal of a file of which not even rows can be made out."""
    return Invalid("roster.unreadable", sentence)


def decoded(data: bytes) -> str:
    """The text of a file saved as UTF-8, or by a Chinese Excel or Notepad as GBK."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # UTF-16 is valid GB 18030 more often than not; only its zero bytes give it away.
        if "\0" not in text:
            return text
    raise unreadable("认不出文字编码；请另存为 UTF-8（Excel 里选“CSV UTF-8”）再试。")


def clean(cell: str) -> str:
    """A cell as it is compared and kept: NFC, without the blanks around it."""
    return unicodedata.normalize("NFC", cell).strip()
