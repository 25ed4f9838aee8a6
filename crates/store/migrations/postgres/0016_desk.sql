-- What operators look for: refunds to be sent by hand, customers by name, mailboxes by address.
CREATE INDEX attempts_outgoing ON attempts (created_at, id) WHERE gateway = 'bank_transfer' AND kind = 'refund' AND state = 'pending';
CREATE INDEX bank_movements_attempt ON bank_movements (attempt_id);
