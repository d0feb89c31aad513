"""From a file's bytes to its text: UTF-8 or UTF-16 with its mark, UTF-8 without, or else Windows-1252."""

import codecs

from inventory.problems import shortened

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS = 'In the spreadsheet, save it as "CSV UTF-8"'


class UnreadableError(ValueError):
    """Bytes that are no text we know: why, and what to do."""

    def __init__(self, reason: str, fix: str = _SAVE_AS) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


def decode(raw: bytes) -> tuple[str, str]:
    """The text and, when its encoding had to be guessed, half a sentence that says so; else empty.

    Raises UnreadableError for workbooks, other binary files and damaged text.
    """
    if raw.startswith(b"PK\x03\x04"):
        raise UnreadableError("the file is a workbook, not CSV")
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _text(raw, encoding), ""
    try:
        return _text(raw, "utf-8"), ""
    except UnicodeDecodeError as error:
        text = _text(raw, "cp1252")
        line = raw.count(b"\n", 0, error.start)
        sample = shortened(text.split("\n")[line])
        return text, f'isn\'t UTF-8 and was read as Windows-1252; line {line + 1} became "{sample}"'


def _text(raw: bytes, encoding: str) -> str:
    """The decoded text; UnicodeDecodeError only for UTF-8 without its mark, where another guess is left."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            raise
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"line {line} is damaged, or in an unknown encoding") from None
    if "\0" in text:
        raise UnreadableError("the file holds NUL characters: it is damaged, or in an unknown encoding")
    return text
