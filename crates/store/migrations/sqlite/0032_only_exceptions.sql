-- A night that tells about ends of periods asks of each mailbox whether it is no longer there, and whether it is renewed by
-- itself: both are exceptions, and only those stand in these indexes. The two before them held every mailbox and all that is owed.
DROP INDEX mailboxes_living;
DROP INDEX obligations_begin;
CREATE INDEX mailboxes_gone ON mailboxes (id, state) WHERE state NOT IN ('active','expired');
CREATE INDEX obligations_charged ON obligations (period_start, service_id, way) WHERE way NOT IN ('manual','wallet');
