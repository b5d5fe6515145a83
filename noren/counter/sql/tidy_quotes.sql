-- Remove quotes of which nothing came.
-- Rerun: nothing more is found. Rows locked: those that are removed, which nobody opens any more.
-- Rows at full scale: those that became too old since the last time, by the index of unpaid ones.
-- Must equal: rules.State, all but `paid`; what has a receipt stays.
DELETE FROM counter_quote AS quote
WHERE state <> 'paid' AND made_at < %(before)s
    AND NOT EXISTS (SELECT FROM counter_receipt AS receipt WHERE receipt.quote_id = quote.quote_id)
