"""An explanation as text."""

from django.utils.translation import gettext as _

from noren.cli import show
from noren.closing import labels as closing
from noren.closing.explain import Explanation, Item, Rating
from noren.kit.months import month_text
from noren.points import labels
from noren.programme import words


def show_all(found: Explanation) -> None:
    """Everything, for people."""
    show.say(
        _("%(member)s of %(corporation)s, %(month)s, programme %(version)s, business date %(day)s")
        % {
            "member": found.member.member_id,
            "corporation": found.member.corporation_name,
            "month": month_text(found.month),
            "version": found.definition.version,
            "day": found.run.as_of,
        }
    )
    if found.rating is None:
        show.say(_("No member in this month: %(reason)s") % {"reason": closing.reason_text(found.membership)})
    _show_items(found.items)
    _show_contracts(found)
    if found.rating is not None:
        _show_rating(found, found.rating)
    _show_postings(found)


def _show_items(items: tuple[Item, ...]) -> None:
    show.table(
        _("Bill items"),
        [_("Item"), _("Charge code"), _("Yen"), _("File no."), _("Why")],
        [
            [item.item_id, item.charge_code, item.amount_yen, str(item.intake), closing.reason_text(item.reason)]
            for item in items
        ],
    )


def _show_contracts(found: Explanation) -> None:
    show.table(
        _("Solution contracts on %(day)s") % {"day": found.solutions_day},
        [_("Contract"), _("Solution"), _("From"), _("Ended on"), _("Why")],
        [
            [
                row.contract_id,
                row.solution,
                str(row.started_on),
                str(row.ended_on or ""),
                closing.reason_text(row.reason),
            ]
            for row in found.contracts
        ],
    )


def _show_rating(found: Explanation, rating: Rating) -> None:
    if rating.tenure_months is not None:
        show.say(
            _("Tenure: opened on %(opened)s, counted in %(month)s: %(months)s months")
            % {
                "opened": found.opened_on,
                "month": month_text(found.tenure_month),
                "months": rating.tenure_months,
            }
        )
    if found.stage is not None:
        show.say(
            _("Stage: %(stage)s, because: %(rule)s; points for every %(unit)s yen: %(rate)s")
            % {
                "stage": rating.stage,
                "rule": words.condition_of(found.stage),
                "rate": rating.rate,
                "unit": found.definition.earning.unit_yen,
            }
        )
    show.say(
        _("Base: %(base)s yen (eligible charges: %(eligible)s yen)")
        % {"eligible": f"{rating.eligible_yen:,}", "base": f"{rating.base_yen:,}"}
    )
    show.say(closing.arithmetic(found.definition, rating))


def _show_pooled(found: Explanation) -> None:
    show.table(
        _("Points of this month in pools"),
        [_("Effective"), _("Movement"), _("Points"), _("Pool"), _("Posting")],
        [
            [
                str(row.effective_on),
                str(labels.LABELS[row.movement]),
                row.points,
                str(row.wallet_id),
                str(row.posting_id),
            ]
            for row in found.pooled
        ],
    )


def _show_postings(found: Explanation) -> None:
    show.table(
        _("Postings for this month"),
        [_("Effective"), _("Booked"), _("Movement"), _("Points"), _("Kind"), _("Lapses on"), _("Posting")],
        [
            [
                str(row.effective_on),
                show.moment(row.booked_at),
                str(labels.LABELS[row.movement]),
                row.points,
                row.kind,
                str(row.lapses_on),
                str(row.posting_id),
            ]
            for row in found.entries
        ],
    )
    if found.pooled:
        _show_pooled(found)
    show.table(
        _("Lots of the wallet now"),
        [_("Kind"), _("Lapses on"), _("Uses"), _("Granted"), _("Used"), _("Lapsed"), _("Remaining")],
        [
            [lot.kind, str(lot.lapses_on), labels.uses(lot.uses), lot.granted, lot.used, lot.lapsed, lot.remaining]
            for lot in found.lots
        ],
    )
