"""The member site."""

from django.urls import path

from noren.member_site import shop_views, views

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
    path("use/", shop_views.shop, name="member_shop"),
    path("use/pictures/<str:name>", shop_views.picture, name="member_picture"),
    path("use/<slug:code>/", shop_views.order, name="member_buy"),
    path("orders/", shop_views.orders, name="member_orders"),
    path("orders/<str:number>/", shop_views.ordered, name="member_order"),
    path("orders/<str:number>/cancel/", shop_views.cancel, name="member_cancel"),
    path("receipts/", views.receipts, name="member_receipts"),
    path("receipts/<int:number>/<slug:language>/", views.receipt, name="member_receipt"),
    path("membership/", views.membership, name="member_membership"),
]
