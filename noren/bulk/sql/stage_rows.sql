-- Take the rows of a file in.
-- Rerun: the job and its rows are one transaction.
-- Rows at full scale: 100,000 for a job.
-- Must equal: noren.bulk.reading.fields.Reader.read.
COPY bulk_row (job_id, number, given, is_readable, reasons, verdict, changes, account_id, outcome) FROM STDIN
