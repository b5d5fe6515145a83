"""Why a file cannot be read at all. What is wrong with one row is told beside the row."""

from noren.kit.errors import Refusal


class TooLarge(Refusal):
    """More bytes, rows or columns than a job may have."""

    code = "job.too_large"


class BadTable(Refusal):
    """No file that can be read as a table: damaged, or of another kind."""

    code = "job.not_a_table"


class BadColumns(Refusal):
    """Columns that are missing, not known, or there twice."""

    code = "job.columns"


class NoRows(Refusal):
    """Nothing below the titles."""

    code = "job.empty"
