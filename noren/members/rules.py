"""Who is a member, and what a member is called."""

import hashlib
import re
import unicodedata
from datetime import date
from enum import StrEnum
from uuid import UUID

from stdnum.jp import cn

from noren.kit.months import last_day


class CorporationKind(StrEnum):
    CORPORATION = "corporation"
    GOVERNMENT = "government"
    SOLE_PROPRIETOR = "sole_proprietor"


class Service(StrEnum):
    MOBILE = "mobile"
    OPTICAL = "optical"
    FIXED_WIRELESS = "fixed_wireless"
    SATELLITE = "satellite"


class MemberKind(StrEnum):
    LINE = "line"
    ACCOUNT = "account"


def uid_of(kind: MemberKind, member_id: str) -> UUID:
    """The uid of a line or account: the first 16 bytes of the SHA-256 of `kind:id`."""
    return UUID(bytes=hashlib.sha256(f"{kind}:{member_id}".encode()).digest()[:16])


def is_member(month: date, *, joined_on: date | None, withdrawn_on: date | None, closed_on: date | None = None) -> bool:
    """Whether a line or account is a member in a month.

    Joined on or before its last day, not withdrawn on or before its first day, line not closed on or before it.
    """
    return (
        joined_on is not None
        and joined_on <= last_day(month)
        and (withdrawn_on is None or withdrawn_on > month)
        and (closed_on is None or closed_on > month)
    )


def corporate_number(text: str) -> str | None:
    """The 13 half-width digits of a Japanese corporate number; None: the digits are not one.

    Full-width digits, spaces and hyphens are taken as people write them.
    """
    digits = re.sub(r"[\s\-‐−ー]", "", unicodedata.normalize("NFKC", text))
    return digits if re.fullmatch(r"[0-9]{13}", digits) and cn.is_valid(digits) else None
