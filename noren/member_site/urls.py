"""The member site."""

from django.urls import path

from noren.member_site import views

urlpatterns = [
    path("", views.home, name="member_home"),
    path("history/", views.history, name="member_history"),
    path("history.csv", views.history_csv, name="member_history_csv"),
    path("months/", views.months, name="member_months"),
    path("months/<str:month>/<uuid:uid>/", views.why, name="member_why"),
    path("bills/", views.bills, name="member_bills"),
    path("bills/pay/", views.pay_bill, name="member_pay_bill"),
    path("bills/every-month/", views.every_month, name="member_every_month"),
    path("bills/every-month/<uuid:standing_id>/end/", views.end_every_month, name="member_end_every_month"),
    path("membership/", views.membership, name="member_membership"),
]
