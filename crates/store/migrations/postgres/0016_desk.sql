-- What operators look for: refunds to be sent by hand, customers by name, mailboxes by address.
CREATE INDEX attempts_outgoing ON attempts (created_at, id) WHERE gateway = 'bank_transfer' AND kind = 'refund' AND state = 'pending';
CREATE INDEX bank_movements_attempt ON bank_movements (attempt_id);
CREATE INDEX bank_movements_reference ON bank_movements (reference);
CREATE INDEX attempts_reference ON attempts (gateway_ref);
CREATE INDEX parties_name ON parties (LOWER(display_name), id);
CREATE INDEX mailboxes_any_address ON mailboxes (address, id);
CREATE INDEX orders_party_number ON orders (party_id, number, id);
