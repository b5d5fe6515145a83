"""How the command line starts a run."""

from django.conf import settings

from noren.cli import arguments, database
from noren.cli.show import Bars
from noren.closing.actions import Door


def door(bars: Bars) -> Door:
    """What the command line gives a run."""
    return Door(
        home=database.home(),
        actor=arguments.actor(),
        clock=arguments.clock,
        progress=bars,
        slice_wallets=settings.NOREN_SLICE_WALLETS,
    )
