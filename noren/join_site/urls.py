"""Join site: a corporation without a line registers; a person who was invited accepts."""

from django.urls import path

from noren.join_site import invitations, views

urlpatterns = [
    path("", views.home, name="join_home"),
    path("received/", views.received, name="join_received"),
    path("welcome/", views.welcome, name="join_welcome"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("letter/<str:token>/", invitations.letter, name="letter"),
    path("<slug:name>/", views.step, name="join_step"),
]
