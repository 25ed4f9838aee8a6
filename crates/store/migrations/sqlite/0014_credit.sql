-- The wallet's statement, top-ups, add-ons and the outcomes that a mailbox holder sees.

-- Transfers of a guarded account are numbered without gaps and carry the balance after them, so that any page of a
-- statement is read by its key.
ALTER TABLE ledger_accounts ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transfers ADD COLUMN entry INTEGER;
ALTER TABLE transfers ADD COLUMN balance_cents INTEGER;
UPDATE transfers SET
  entry = (SELECT COUNT(*) FROM transfers t WHERE t.account_id = transfers.account_id AND (t.at, t.id) <= (transfers.at, transfers.id)),
  balance_cents = (SELECT SUM(t.amount_cents) FROM transfers t WHERE t.account_id = transfers.account_id AND (t.at, t.id) <= (transfers.at, transfers.id))
WHERE account_id IN (SELECT id FROM ledger_accounts WHERE guarded);
UPDATE ledger_accounts SET entries = (SELECT COUNT(*) FROM transfers t WHERE t.account_id = ledger_accounts.id) WHERE guarded;
CREATE UNIQUE INDEX transfers_statement ON transfers (account_id, entry) WHERE entry IS NOT NULL;

-- The mailbox whose holder ordered: add-ons and top-ups.
ALTER TABLE orders ADD COLUMN mailbox_id BLOB REFERENCES mailboxes (id);
CREATE INDEX orders_mailbox ON orders (mailbox_id, placed_at, id) WHERE mailbox_id IS NOT NULL;
-- Months charged, where a price counts months instead of years.
ALTER TABLE order_lines ADD COLUMN months INTEGER;

-- A top-up is an order for credit; what it was asked for is kept until a moment.
CREATE TABLE topups (
  order_id BLOB PRIMARY KEY NOT NULL REFERENCES orders (id),
  service TEXT,
  gb INTEGER,
  kept_until_at INTEGER NOT NULL
) STRICT;

-- What a mailbox has beside its plan. Narrow, and by its end, so that a night renews whole sets.
CREATE TABLE addons (
  id BLOB PRIMARY KEY NOT NULL,
  mailbox_id BLOB NOT NULL REFERENCES mailboxes (id),
  service TEXT NOT NULL CHECK (service IN ('extra_space','extra_archive','legal_storage')),
  gb INTEGER NOT NULL CHECK (gb > 0),
  start_day INTEGER NOT NULL,
  end_day INTEGER NOT NULL,
  -- Nothing was paid for it so far: bought in the last three months of a term and not renewed yet.
  free INTEGER NOT NULL CHECK (free IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('active','ended')),
  -- Price and rule of its renewal.
  price_list TEXT NOT NULL REFERENCES price_lists (code),
  order_id BLOB NOT NULL REFERENCES orders (id)
) STRICT;
CREATE INDEX addons_end ON addons (end_day, mailbox_id) WHERE state = 'active';
CREATE INDEX addons_mailbox ON addons (mailbox_id, service, end_day);

-- «Esito operazioni»: one row an operation, kept 24 months, never deleted by a person.
CREATE TABLE operations (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES parties (id),
  mailbox_id BLOB NOT NULL REFERENCES mailboxes (id),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('data_change','password','top_up','addon_purchase','activation','renewal','deactivation')),
  outcome TEXT NOT NULL CHECK (outcome IN ('running','ok','ko')),
  -- JSON: a sentence by its key, with its values.
  message TEXT NOT NULL,
  amount_cents INTEGER,
  order_id BLOB REFERENCES orders (id)
) STRICT;
CREATE INDEX operations_party ON operations (party_id, at, id);
CREATE INDEX operations_age ON operations (at);
CREATE UNIQUE INDEX operations_order ON operations (order_id) WHERE order_id IS NOT NULL;
