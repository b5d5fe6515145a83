"""The files of corporations, lines and contracts: their columns and what can be wrong with a row."""

from noren.kit.intake import Check, Layout, a_date, max_length, one_of, required
from noren.kit.intake.layout import quoted
from noren.members.rules import CorporationKind, Service

ID_LENGTH = 255


def an_id(field: str) -> tuple[Check, Check]:
    """A key: not empty, and short enough for an index."""
    return required(field), max_length(field, ID_LENGTH)


def not_before(field: str, other: str) -> Check:
    """A day that must not lie before another one."""
    return Check(
        field,
        f"before_{other}",
        f"try_cast({quoted(field)} AS DATE) < try_cast({quoted(other)} AS DATE)",
    )


def one_of_two(field: str, other: str) -> tuple[Check, Check]:
    """Exactly one of two columns is filled."""
    return (
        Check(field, "line_or_account", f"{quoted(field)} IS NULL AND {quoted(other)} IS NULL"),
        Check(field, "line_and_account", f"{quoted(field)} IS NOT NULL AND {quoted(other)} IS NOT NULL"),
    )


CORPORATIONS = Layout(
    name="corporations",
    columns=("corporation_id", "corporate_number", "name", "name_kana", "kind"),
    key="corporation_id",
    checks=(
        *an_id("corporation_id"),
        Check(
            "corporate_number",
            "bad_check_digit",
            "corporate_number IS NOT NULL AND NOT is_corporate_number(corporate_number)",
        ),
        required("name"),
        max_length("name"),
        max_length("name_kana"),
        required("kind"),
        one_of("kind", CorporationKind),
    ),
)

LINES = Layout(
    name="lines",
    columns=(
        "line_id",
        "corporation_id",
        "phone_number",
        "service",
        "opened_on",
        "closed_on",
        "joined_on",
        "withdrawn_on",
    ),
    key="line_id",
    checks=(
        *an_id("line_id"),
        required("corporation_id"),
        max_length("phone_number"),
        required("service"),
        one_of("service", Service),
        required("opened_on"),
        a_date("opened_on"),
        a_date("closed_on"),
        not_before("closed_on", "opened_on"),
        a_date("joined_on"),
        a_date("withdrawn_on"),
        not_before("withdrawn_on", "joined_on"),
    ),
)

CONTRACTS = Layout(
    name="contracts",
    columns=("contract_id", "corporation_id", "line_id", "account_id", "solution", "started_on", "ended_on"),
    key="contract_id",
    checks=(
        *an_id("contract_id"),
        required("corporation_id"),
        *one_of_two("line_id", "account_id"),
        required("solution"),
        required("started_on"),
        a_date("started_on"),
        a_date("ended_on"),
        not_before("ended_on", "started_on"),
    ),
)
