"""The searches that an administrator keeps. They are the person's own convenience, so no audit row is written."""

from django.utils.translation import gettext_lazy as _

from noren.groups.actions import refusals
from noren.groups.actions.rows import tidy_name
from noren.groups.models import SavedView

MOST = 50
LONGEST = 2_000


def save_view(account_id: str, *, name: str, query: str) -> None:
    """Keep the search under the name; one of that name is replaced. Raises BadName, TooMany."""
    name = tidy_name(name)
    others = SavedView.objects.filter(account_id=account_id).exclude(name=name)
    if others.count() >= MOST or len(query) > LONGEST:
        raise refusals.TooMany(_("At most %(most)d views are kept."), most=MOST)
    SavedView.objects.update_or_create(account_id=account_id, name=name, defaults={"query": query})


def forget_view(account_id: str, name: str) -> None:
    """Forget the search of that name, if there is one."""
    SavedView.objects.filter(account_id=account_id, name=name).delete()
