"""Documents that prove who somebody is, as a browser gets them: saved, never shown in a page."""

from typing import Final

from flask import Response

from privacy.documents.keep import Looked

_ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def document_response(looked: Looked) -> Response:
    """A download that no cache keeps."""
    made = Response(looked.content, content_type=looked.media)
    name = f"document.{_ENDINGS[looked.media]}"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "no-store"
    return made
