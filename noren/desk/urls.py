"""The desk: the operator's people use a member's points at the counter, with their consent."""

from django.urls import path

from noren.desk import finding, quotes, returning, selling

urlpatterns = [
    path("", finding.home, name="desk_home"),
    path("sell/<uuid:uid>/", selling.sell, name="desk_sell"),
    path("quotes/<uuid:quote_id>/", quotes.quote, name="desk_quote"),
    path("quotes/<uuid:quote_id>/code/", quotes.send_code, name="desk_code"),
    path("quotes/<uuid:quote_id>/consent/<slug:by>/", quotes.consent, name="desk_consent"),
    path("quotes/<uuid:quote_id>/cancel/", quotes.cancel, name="desk_cancel"),
    path("quotes/<uuid:quote_id>/return/", returning.give_back, name="desk_return"),
    path("quotes/<uuid:quote_id>/receipts/<int:number>/<slug:language>/", returning.receipt, name="desk_receipt"),
]
