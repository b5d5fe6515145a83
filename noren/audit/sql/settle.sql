-- Move the mark to the transaction up to which every committed row is linked, where it saves looking at rows again.
-- Rerun: harmless.
-- Rows at full scale: one.
-- Must equal: no row below the mark waits for its link.
UPDATE audit_mark
SET settled = %(until)s::xid8
WHERE settled > %(until)s::xid8
    OR EXISTS (
        SELECT FROM audit_record
        WHERE entered >= settled AND entered < %(until)s::xid8
    )
