"""Calendar months as the date of their first day."""

import calendar
import re
from collections.abc import Iterable
from datetime import date

MONTH_PATTERN = re.compile(r"(\d{4})-(\d{2})")


def parse_month(text: str) -> date:
    """The first day of the month written as YYYY-MM. Raises ValueError."""
    match = MONTH_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return date(int(match[1]), int(match[2]), 1)


def month_text(month: date) -> str:
    """YYYY-MM."""
    return f"{month:%Y-%m}"


def first_day(day: date) -> date:
    """First day of the month of `day`."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """First day of the month `count` months after the month of `month`."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def last_day(month: date) -> date:
    """Last day of the month of `month`."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months_between(earlier: date, later: date) -> int:
    """Calendar-month difference; the day of the month is ignored."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def fiscal_year(day: date, first_month: int) -> int:
    """The year in which the programme year of `day` began, when it begins in month `first_month` (1 to 12)."""
    return day.year if day.month >= first_month else day.year - 1


def spans(months: Iterable[date]) -> list[tuple[date, date]]:
    """Months in their order as spans without a break: (first, last) of each."""
    found: list[tuple[date, date]] = []
    for month in months:
        if found and add_months(found[-1][1], 1) == month:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found
