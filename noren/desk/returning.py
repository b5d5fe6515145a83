"""What comes back, and receipts."""

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.counter import actions, queries, receipts
from noren.counter.rules import State
from noren.desk import kit
from noren.desk.access import Clerk, requires
from noren.desk.forms import Return
from noren.desk.quotes import of_shop
from noren.groups.rules import Permission
from noren.kit.errors import Refusal
from noren.web import answers


@require_http_methods(["GET", "POST"])
@requires(Permission.COUNTER_REVERSE, fresh=True)
def give_back(request: HttpRequest, clerk: Clerk, quote_id: UUID) -> HttpResponse:
    """Ask how much of the price comes back and why; its share of points goes back to its lots."""
    found = of_shop(clerk, quote_id)
    if found.state is not State.PAID:
        raise Http404
    left = found.price - queries.returned(quote_id)
    form = Return(request.POST or None, initial={"key": uuid4(), "yen": left})
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.give_back(quote_id, **given, clerk=clerk.row, actor=clerk.actor, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The points were given back."))
            return redirect("desk_quote", quote_id)
    return kit.page(request, clerk, "return", quote=found, form=form, left=left)


@require_GET
@requires(Permission.COUNTER_SELL)
def receipt(request: HttpRequest, clerk: Clerk, quote_id: UUID, number: int, language: str) -> HttpResponse:
    """The PDF of a receipt of the shop, in a language."""
    del request
    made = queries.receipts_of(of_shop(clerk, quote_id).quote_id)
    found = next((one for one in made if one.number == number), None)
    if found is None or language not in dict(settings.LANGUAGES):
        raise Http404
    return answers.pdf(receipts.pdf(found, language), receipts.file_name(found))
