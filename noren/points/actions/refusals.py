"""What the ledger says no to. The database answers with the code; the sentence is made here."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal


class InsufficientPoints(Refusal):
    """The wallet holds fewer points that may be used so."""

    code = "points.insufficient"


class KeyConflict(Refusal):
    """The key was used before, for another request."""

    code = "points.key_conflict"


class NoSuchWallet(Refusal):
    """Nothing was ever posted for that wallet."""

    code = "points.no_such_wallet"


class NoSuchPosting(Refusal):
    """The wallet has no use of points with that id."""

    code = "points.no_such_posting"


class AlreadyReversed(Refusal):
    """More is to be given back than is left of what was used."""

    code = "points.already_reversed"


class InArrears(Refusal):
    """The wallet owes points, so it has none to give away."""

    code = "points.in_arrears"


class NotPositive(Refusal):
    """A number of points must be at least 1."""

    code = "points.not_positive"


class NoLot(Refusal):
    """Points are to be added, and it is not said to which lot."""

    code = "points.no_lot"


class SameWallet(Refusal):
    """Points cannot be moved from a wallet to itself."""

    code = "points.same_wallet"


class NoUse(Refusal):
    """A use must be named."""

    code = "points.no_use"


class OverBudget(Refusal):
    """A spender's limit of the month does not allow so much. Figures: spender, limit, used, asked."""

    code = "points.over_budget"


class NegativeBudget(Refusal):
    """A limit may be 0, and not below."""

    code = "points.negative_budget"


class AlreadyPosted(Refusal):
    """The slice was posted before, and something else is to be posted for it now."""

    code = "points.already_posted"


MESSAGES: Mapping[type[Refusal], object] = {
    InsufficientPoints: _("%(points)d points are asked for, and %(usable)d can be used."),
    KeyConflict: _("This request's key was used before, for another request."),
    NoSuchWallet: _("This wallet does not exist."),
    NoSuchPosting: _("This wallet has no such use of points."),
    AlreadyReversed: _("%(spent)d points were used, and %(returned)d of them are given back already."),
    InArrears: _("This wallet owes %(arrears)d points."),
    NotPositive: _("The number of points must be 1 or more."),
    NoLot: _("Added points need a kind and a last day of use."),
    SameWallet: _("Points cannot be moved from a wallet to itself."),
    NoUse: _("A use of points must be named."),
    OverBudget: _("The limit of this month is %(limit)d points; %(used)d are used, and %(asked)d more are asked for."),
    NegativeBudget: _("A limit must be 0 points or more."),
    AlreadyPosted: _("%(natural_key)s was posted before, and not with the same result."),
}

BY_CODE = {refusal.code: refusal for refusal in MESSAGES}


def refusal(kind: type[Refusal], **values: object) -> Refusal:
    """The refusal with its sentence."""
    return kind(MESSAGES[kind], **values)


def not_positive() -> Refusal:
    """The refusal of points that are not above 0, for those who look before anything is asked."""
    return refusal(NotPositive)


def key_conflict() -> Refusal:
    """The refusal of a key that stood for something else, for those who keep more of a request than the books do."""
    return refusal(KeyConflict)


def insufficient(asked: int, usable: int) -> Refusal:
    """The refusal of more points than can be used so, for those who look before they ask."""
    return refusal(InsufficientPoints, points=asked, usable=usable)


def of_answer(answer: Mapping[str, object]) -> Refusal:
    """The refusal that an answer of the database stands for."""
    values = {name: value for name, value in answer.items() if name not in {"refused", "replayed"}}
    return refusal(BY_CODE[str(answer["refused"])], **values)
