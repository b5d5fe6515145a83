"""Read a table file a user gives (CSV or Parquet), check every row, and keep account of each of them.

`open_file` makes the file readable as the view `raw`, all text, numbered as a spreadsheet numbers it.
`split` parts `raw` into the view `accepted` and the table `rejected`; `write_rejects` gives the latter back.
One connection holds one file at a time. Nothing here knows what the rows mean.
"""

from noren.kit.files import NotFound, Unreadable
from noren.kit.intake.layout import (
    Check,
    Layout,
    Lookup,
    a_date,
    a_month,
    max_length,
    one_of,
    required,
    whole_number,
)
from noren.kit.intake.reading import Encoding, Raw, open_file
from noren.kit.intake.refusals import (
    BadEncoding,
    BadHeader,
    BadParquet,
    EmptyFile,
    NotATable,
)
from noren.kit.intake.rejects import StrictRefusal, keep_rejects, rejects_file, strict_refusal, write_rejects
from noren.kit.intake.splitting import REASONS, Counts, Reason, Result, Texts, put_aside, split

__all__ = [
    "REASONS",
    "BadEncoding",
    "BadHeader",
    "BadParquet",
    "Check",
    "Counts",
    "EmptyFile",
    "Encoding",
    "Layout",
    "Lookup",
    "NotATable",
    "NotFound",
    "Raw",
    "Reason",
    "Result",
    "StrictRefusal",
    "Texts",
    "Unreadable",
    "a_date",
    "a_month",
    "keep_rejects",
    "max_length",
    "one_of",
    "open_file",
    "put_aside",
    "rejects_file",
    "required",
    "split",
    "strict_refusal",
    "whole_number",
    "write_rejects",
]
