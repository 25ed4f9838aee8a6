-- Rows that are changed often, in columns that no index has: while their page has room, a change adds nothing to the
-- indexes. Entries that are added meet, page by page, with everybody who reads his own row there.
ALTER TABLE mailboxes SET (fillfactor = 80);
ALTER TABLE ledger_accounts SET (fillfactor = 70);
