"""A site whose pages fail, each in its own way. Its other names are those of the real site."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from noren.kit.errors import Overloaded, Refusal


@login_not_required
def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a mistake of ours")


@login_not_required
def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def bad(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


@login_not_required
def refused(_request: HttpRequest) -> HttpResponse:
    raise Refusal("Not on %(day)s.", day="Sunday")


@login_not_required
def overloaded(_request: HttpRequest) -> HttpResponse:
    raise Overloaded("Too much at once. Please try again in %(seconds)s seconds.", seconds=7)


urlpatterns = [
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("bad/", bad),
    path("refused/", refused),
    path("overloaded/", overloaded),
    path("", include("noren.config.urls")),
]
handler400 = "noren.web.errors.bad_request"
handler403 = "noren.web.errors.forbidden"
handler404 = "noren.web.errors.not_found"
handler500 = "noren.web.errors.failed"
