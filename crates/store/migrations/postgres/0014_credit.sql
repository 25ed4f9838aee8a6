-- The wallet's statement, top-ups, add-ons and the outcomes that a mailbox holder sees.

-- Transfers of a guarded account are numbered without gaps and carry the balance after them, so that any page of a
-- statement is read by its key.
ALTER TABLE ledger_accounts ADD COLUMN entries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE transfers ADD COLUMN entry BIGINT;
ALTER TABLE transfers ADD COLUMN balance_cents BIGINT;
UPDATE transfers SET
  entry = (SELECT COUNT(*) FROM transfers t WHERE t.account_id = transfers.account_id AND (t.at, t.id) <= (transfers.at, transfers.id)),
  balance_cents = (SELECT CAST(SUM(t.amount_cents) AS BIGINT) FROM transfers t WHERE t.account_id = transfers.account_id AND (t.at, t.id) <= (transfers.at, transfers.id))
WHERE account_id IN (SELECT id FROM ledger_accounts WHERE guarded);
UPDATE ledger_accounts SET entries = (SELECT COUNT(*) FROM transfers t WHERE t.account_id = ledger_accounts.id) WHERE guarded;
CREATE UNIQUE INDEX transfers_statement ON transfers (account_id, entry) WHERE entry IS NOT NULL;

-- The mailbox whose holder ordered: add-ons and top-ups.
ALTER TABLE orders ADD COLUMN mailbox_id UUID REFERENCES mailboxes (id);
CREATE INDEX orders_mailbox ON orders (mailbox_id, placed_at, id) WHERE mailbox_id IS NOT NULL;
-- Months charged, where a price counts months instead of years.
ALTER TABLE order_lines ADD COLUMN months BIGINT;

-- A top-up is an order for credit; what it was asked for is kept until a moment.
CREATE TABLE topups (
  order_id UUID PRIMARY KEY REFERENCES orders (id),
  service TEXT COLLATE "C",
  gb BIGINT,
  kept_until_at BIGINT NOT NULL
);

-- What a mailbox has beside its plan. Narrow, and by its end, so that a night renews whole sets.
CREATE TABLE addons (
  id UUID PRIMARY KEY,
  mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
  service TEXT COLLATE "C" NOT NULL CHECK (service IN ('extra_space','extra_archive','legal_storage')),
  gb BIGINT NOT NULL CHECK (gb > 0),
  start_day BIGINT NOT NULL,
  end_day BIGINT NOT NULL,
  -- Nothing was paid for it so far: bought in the last three months of a term and not renewed yet.
  free BOOLEAN NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active','ended')),
  -- Price and rule of its renewal.
  price_list TEXT COLLATE "C" NOT NULL REFERENCES price_lists (code),
  order_id UUID NOT NULL REFERENCES orders (id)
);
CREATE INDEX addons_end ON addons (end_day, mailbox_id) WHERE state = 'active';
CREATE INDEX addons_mailbox ON addons (mailbox_id, service, end_day);

-- «Esito operazioni»: one row an operation, kept 24 months, never deleted by a person.
CREATE TABLE operations (
  id UUID PRIMARY KEY,
  party_id UUID NOT NULL REFERENCES parties (id),
  mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
  at BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('data_change','password','top_up','addon_purchase','activation','renewal','deactivation')),
  outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('running','ok','ko')),
  -- JSON: a sentence by its key, with its values.
  message TEXT COLLATE "C" NOT NULL,
  amount_cents BIGINT,
  order_id UUID REFERENCES orders (id)
);
CREATE INDEX operations_party ON operations (party_id, at, id);
CREATE INDEX operations_age ON operations (at);
CREATE UNIQUE INDEX operations_order ON operations (order_id) WHERE order_id IS NOT NULL;
