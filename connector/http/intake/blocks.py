"""A long file in blocks of whole rows, so that memory stays flat however long it is."""

from collections.abc import Iterator
from typing import IO, Final

from privacy.core.errors import TooLarge

BLOCK: Final = 1024 * 1024
LONGEST: Final = 256 * 1024 * 1024
_QUOTE, _END = b'"', b"\n"


class FileTooLong(TooLarge):
    """More than one upload may hold."""

    code = "file_too_long"
    message = "The file is longer than 256 MiB. Send it in parts, or use `silta calls import`."


def blocks_of(
    stream: IO[bytes], *, head: bytes = b"", block: int = BLOCK, longest: int = LONGEST
) -> Iterator[bytes]:
    """Blocks of about `block` bytes that end where a row ends, outside of quotes.

    `head` is what was read of the stream before.

    Raises FileTooLong as soon as more came than `longest`; what was yielded before stays taken.
    A quote that is never closed would hold everything back, so four blocks without a row's end
    are passed on as they are.
    """
    held, total = head, len(head)
    while chunk := stream.read(block):
        total += len(chunk)
        if total > longest:
            raise FileTooLong
        held += chunk
        cut = _last_end(held)
        if cut == 0 and len(held) >= 4 * block:
            cut = len(held)
        if cut:
            yield held[:cut]
            held = held[cut:]
    if held:
        yield held


def _last_end(held: bytes) -> int:
    """Just after the last line end that has an even number of quotes before it; 0 for none.

    From quote to quote, backwards, so that each byte is looked at once.
    """
    before, upto = held.count(_QUOTE), len(held)
    while upto >= 0:
        begin = held.rfind(_QUOTE, 0, upto) + 1
        at = held.rfind(_END, begin, upto) if before % 2 == 0 else -1
        if at >= 0 or begin == 0:
            return at + 1
        before, upto = before - 1, begin - 1
    return 0
