"""The QR code of an enrolment, as a picture that a strict content policy allows."""

import segno


def svg_data_uri(uri: str) -> str:
    """`uri` as a QR code in an SVG `data:` address (img-src data:), error correction M."""
    picture: str = segno.make(uri, error="m", micro=False).svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff", encode_minimal=False
    )
    return picture
