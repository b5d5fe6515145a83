"""Answers that are no pages."""

from django.http import HttpResponse


def pdf(content: bytes, name: str) -> HttpResponse:
    """A document to be shown, or kept under the name."""
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
