"""Every read on customers at the counter, quotes and receipts."""

from noren.counter.queries.customers import (
    MOST_FOUND,
    Customer,
    NotFound,
    Person,
    TooManyFound,
    customer,
    find,
    find_person,
)
from noren.counter.queries.proving import findings
from noren.counter.queries.sales import (
    QuoteRow,
    ReceiptRow,
    UnknownQuote,
    lots,
    quote,
    quotes,
    receipt_for,
    receipts_for,
    receipts_of,
    returned,
    row,
    unknown,
)

__all__ = [
    "MOST_FOUND",
    "Customer",
    "NotFound",
    "Person",
    "QuoteRow",
    "ReceiptRow",
    "TooManyFound",
    "UnknownQuote",
    "customer",
    "find",
    "find_person",
    "findings",
    "lots",
    "quote",
    "quotes",
    "receipt_for",
    "receipts_for",
    "receipts_of",
    "returned",
    "row",
    "unknown",
]
