"""A long file is cut where rows end, in time that grows with its length and no faster."""

import csv
from io import BytesIO, StringIO
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.http.intake.blocks import FileTooLong, blocks_of

CELLS = st.text(st.sampled_from('ab",\n '), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=30), st.integers(1, 80))
def test_blocks_hold_whole_rows_and_lose_nothing(rows: list[list[str]], block: int) -> None:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    body = written.getvalue().encode()
    blocks = list(blocks_of(BytesIO(body), block=max(block, 64)))
    assert b"".join(blocks) == body
    read = [row for each in blocks for row in csv.reader(StringIO(each.decode()))]
    assert read == list(csv.reader(StringIO(body.decode())))


def test_too_long_a_file_is_stopped() -> None:
    taken = blocks_of(BytesIO(b"a,b\n" * 1000), block=100, longest=1000)
    with pytest.raises(FileTooLong):
        list(taken)


@pytest.mark.parametrize("row", [b'"' + b"\n" * 9, b'"\n"', b"\n", b'""""\n"'])
def test_hostile_quotes_cost_no_time(row: bytes) -> None:
    body = (row * (2_000_000 // len(row)))[:2_000_000]
    began = process_time()
    assert b"".join(blocks_of(BytesIO(body))) == body
    assert process_time() - began < 5
