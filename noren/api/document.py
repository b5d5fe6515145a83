"""The OpenAPI document in a language, out of the operations and their types."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from noren.api import problems
from noren.api.responses import SCHEME
from noren.api.service import ROOT, api
from noren.sso import labels
from noren.sso.rules import API_SCOPES

KEEP_SECONDS = 300

TAGS = {
    "members": _("Members and their points."),
    "reservations": _("Using points: reserve, then capture or void; reverse what was captured."),
    "orders": _("The catalogue, and orders of what it offers."),
}
STATUSES = {
    200: _("Done."),
    201: _("Made."),
    400: _("The body or the cursor cannot be read."),
    401: _("No access token that counts; or the person must give a second factor first."),
    403: _("The access token was given for something else."),
    404: _("It does not exist, or is not this person's."),
    409: _("It cannot be done: the code says why. Or the key was used for another call."),
    422: _("Fields are wrong; each is named with its reason."),
    429: _("Too many calls. Come again after Retry-After seconds."),
    500: _("An accident of ours. Nothing half-done stays."),
    503: _("The archive cannot be read at the moment."),
}
HEADERS = {
    "Location": _("Where what was made can be read."),
    "Retry-After": _("Seconds to wait."),
    "WWW-Authenticate": _("What kind of token is needed."),
}
HEADERS_OF = {201: "Location", 401: "WWW-Authenticate", 403: "WWW-Authenticate", 429: "Retry-After"}
TOLD = ("summary", "description", "title")
"""Keys whose values are texts for people."""


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The document, in the language of the request."""
    del request
    headers = {"Cache-Control": f"public, max-age={KEEP_SECONDS}", "Vary": "Accept-Language"}
    return JsonResponse(document(get_language() or "en"), headers=headers)


@functools.cache
def document(language: str) -> dict[str, Any]:
    """The whole document; the language is the active one."""
    del language  # the key under which it is kept
    made: dict[str, Any] = api.get_openapi_schema(path_prefix=f"{ROOT}/")
    made["servers"] = [{"url": settings.NOREN_URL}]
    made["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    made["components"]["securitySchemes"] = {SCHEME: _scheme()}
    for schema in made["components"]["schemas"].values():
        schema.pop("description", None)  # a docstring, for those who read the source
    for operation in (one for path in made["paths"].values() for one in path.values()):
        for status, response in operation["responses"].items():
            _finish(int(status), response)
    return dict(_spoken(made, gettext))


def _scheme() -> dict[str, Any]:
    issuer = settings.NOREN_URL
    scopes = {scope: str(labels.SCOPES[scope]) for scope in API_SCOPES}
    places = {name: f"{issuer}/oidc/{path}" for name, path in PLACES.items()}
    return {"type": "oauth2", "flows": {"authorizationCode": {**places, "scopes": scopes}}, "description": _SIGN_ON}


PLACES = {"authorizationUrl": "authorize", "tokenUrl": "token", "refreshUrl": "token"}
_SIGN_ON = _("An access token for a person, from the sign-on provider; bound to a key (DPoP) or not.")


def _finish(status: int, response: dict[str, Any]) -> None:
    """What an answer is in our words; that a no is a problem; which header comes with it."""
    response["description"] = STATUSES[status]
    if status >= 400:
        response["content"] = {problems.MEDIA_TYPE: response["content"].pop("application/json")}
    if name := HEADERS_OF.get(status):
        response["headers"] = {name: {"schema": {"type": "string"}, "description": HEADERS[name]}}


def _spoken(node: Any, into: Callable[[str], str]) -> Any:
    """The same with its texts in the language."""
    if isinstance(node, list):
        return [_spoken(part, into) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: into(value) if key in TOLD and isinstance(value, str) and value else _spoken(value, into)
        for key, value in node.items()
    }
