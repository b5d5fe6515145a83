"""The REST API."""

from django.urls import URLPattern, path

from noren.api.docs_page import page
from noren.api.document import openapi
from noren.api.door import door, unknown
from noren.api.service import api

_operations, _app, _namespace = api.urls

urlpatterns = [
    path("openapi.json", door(openapi), name="api_openapi"),
    path("docs", page, name="api_docs"),
    *(
        path(str(one.pattern), door(one.callback), name=one.name)
        for one in _operations
        if isinstance(one, URLPattern) and one.callback is not None and one.name != "api-root"
    ),
    path("", door(unknown), name="api_root"),
    path("<path:rest>", door(unknown), name="api_unknown"),
]
