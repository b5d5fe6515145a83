"""The end of an account, by its own person."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noren.account_site import page_forms, pages_kit, pages_services
from noren.account_site.pages_again import recent, second_factor
from noren.accounts import queries
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.points import queries as points


@recent
@second_factor
@require_http_methods(["GET", "POST"])
def abolish(request: HttpRequest) -> HttpResponse:
    """Say what is lost, have the id typed, end it."""
    account, now = queries.account(pages_kit.mine(request)), timezone.now()
    form = page_forms.Abolish(request.POST if request.method == "POST" else None, login_id=account.login_id)
    if not form.is_valid():
        own = members.account_members(account.account_id)
        today = timezone.localdate(now)
        lost = sum(max(points.balance(member.uid, today).total, 0) for member in own)
        services, lines = pages_services.linked(account.account_id), queries.lines(account.account_id)
        return pages_kit.page(
            request, "abolish", form=form, account=account, points=lost, services=services, lines=lines
        )
    lifecycle.abolish(account.account_id, actor=pages_kit.me(request), now=now)
    logout(request)
    return pages_kit.page(request, "abolish_done", account=account)
