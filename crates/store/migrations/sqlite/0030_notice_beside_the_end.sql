-- A night looks at the end of each period and at whether notice was given: both stand in the index now.
DROP INDEX terms_end;
CREATE INDEX terms_end ON terms (end_day, mailbox_id, notice);
-- What it asks of each mailbox and of what it owes stands close together here; their own rows are ten to a page.
CREATE INDEX mailboxes_living ON mailboxes (id, state) WHERE state IN ('active','expired');
CREATE INDEX obligations_begin ON obligations (period_start, service_id, way);
