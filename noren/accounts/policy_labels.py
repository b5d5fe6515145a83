"""Security policies in words: what is asked, and why something may not be."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from noren.accounts import labels
from noren.accounts.policy import Effective, Method, Setting, Settings, Why


def methods(names: Iterable[Method] | None) -> str:
    """Ways of signing in, the strongest first."""
    chosen = set(names or ())
    return _(", ").join(labels.method(name) for name in Method if name in chosen)


def duration(minutes: int) -> str:
    """So many minutes, in whole days or hours where they make some."""
    days, hours = minutes // (24 * 60), minutes // 60
    if days * 24 * 60 == minutes:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if hours * 60 == minutes:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def asked(setting: Setting, settings: Settings) -> str:
    """What one setting asks."""
    count = settings.devices or 0
    networks = _(", ").join(settings.networks or ())
    places = {
        "methods": methods(settings.methods),
        "networks": networks or _("none, because the networks of your organisations exclude each other"),
        "length": duration(settings.session_minutes or 0),
        "count": count,
    }
    return {
        Setting.METHODS: _("Only these ways of signing in: %(methods)s"),
        Setting.SECOND_FACTOR: _("A second step at every sign-in, in trusted browsers, too"),
        Setting.SESSION_MINUTES: _("A sign-in lasts %(length)s at most"),
        Setting.NETWORKS: _("Only from these networks: %(networks)s"),
        Setting.DEVICES: ngettext(
            "Signed in with %(count)d browser at a time", "Signed in with %(count)d browsers at a time", count
        ),
        Setting.SECOND_APPROVAL: _("Closing accounts and large changes need the approval of a second administrator"),
    }[setting] % places


def refused(why: Why) -> str:
    """Why something may not be."""
    return {
        Why.METHOD: _("The way in which you signed in is not allowed for your account."),
        Why.SECOND_FACTOR: _("Your account needs a second step in this very sign-in."),
        Why.SESSION_LENGTH: _("This sign-in has lasted as long as it may. Sign in again."),
        Why.NETWORK: _("Your account cannot be used from the network in which you are."),
        Why.DEVICES: _("You have signed in with more browsers than your account may. The oldest one was signed out."),
    }[why]


def rows(effective: Effective) -> tuple[tuple[str, frozenset[str]], ...]:
    """What is asked, line by line, and whose each line is."""
    return tuple(
        (asked(setting, effective.settings), effective.sources[setting])
        for setting in Setting
        if setting in effective.sources
    )
