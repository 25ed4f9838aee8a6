-- What payments need beyond their first columns.

-- Who a registry record is at a gateway, so that its stored methods stay together.
CREATE TABLE gateway_customers (
  party_id BLOB NOT NULL REFERENCES parties (id),
  gateway TEXT NOT NULL,
  customer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (party_id, gateway)
) STRICT;

-- The gateway's own word, for operators; «challenge» while the bank waits for the customer.
ALTER TABLE attempts ADD COLUMN detail TEXT;
-- JSON: the card fields of the gateway, where the customer does not leave our pages.
ALTER TABLE attempts ADD COLUMN card_form TEXT;
ALTER TABLE attempts ADD COLUMN gateway_customer TEXT;
-- What the gateway says was taken; differs from amount_cents only when something is wrong.
ALTER TABLE attempts ADD COLUMN received_cents INTEGER;
-- The scheme's name of the authenticated first transaction: later charges refer to it.
ALTER TABLE methods ADD COLUMN network_ref TEXT;
