"""Which door stands where."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from noren.web import views as web

urlpatterns = [
    path("healthz", web.health, name="health"),
    path("outbox/", web.outbox, name="outbox"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", include("noren.api.urls")),
    path("account/", include("noren.account_site.urls")),
    path("manage/", include("noren.admin_site.urls")),
    path("desk/", include("noren.desk.urls")),
    path("join/", include("noren.join_site.urls")),
    path("", include("noren.idp.urls")),
    path("", include("noren.member_site.urls")),
]

handler400 = "noren.web.errors.bad_request"
handler403 = "noren.web.errors.forbidden"
handler404 = "noren.web.errors.not_found"
handler500 = "noren.web.errors.failed"
