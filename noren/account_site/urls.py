"""Account pages: signing in, and what a person changes about their own account."""

from django.urls import include, path

urlpatterns = [
    path("", include("noren.account_site.sign_in_urls")),
    path("", include("noren.account_site.pages_urls")),
]
