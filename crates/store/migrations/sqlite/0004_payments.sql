-- Payments, what gateways told us, and the ledger.

-- A card or account that can be charged again without its holder.
CREATE TABLE methods (
  id BLOB PRIMARY KEY NOT NULL,
  login_id BLOB NOT NULL REFERENCES logins (id),
  gateway TEXT NOT NULL,
  gateway_customer TEXT NOT NULL,
  gateway_ref TEXT NOT NULL,
  label TEXT NOT NULL,
  expires_day INTEGER,
  state TEXT NOT NULL CHECK (state IN ('usable','removed')),
  created_at INTEGER NOT NULL,
  UNIQUE (gateway, gateway_ref)
) STRICT;
CREATE INDEX methods_login ON methods (login_id, state);

CREATE TABLE attempts (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  order_id BLOB NOT NULL REFERENCES orders (id),
  kind TEXT NOT NULL CHECK (kind IN ('checkout','off_session','refund')),
  -- For a refund: the attempt that is given back.
  refunds_id BLOB REFERENCES attempts (id),
  gateway TEXT NOT NULL,
  gateway_ref TEXT,
  state TEXT NOT NULL CHECK (state IN ('created','opened','pending','succeeded','failed','unknown')),
  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
  method_id BLOB REFERENCES methods (id),
  failure_code TEXT,
  -- Where the customer continues at the gateway.
  continue_url TEXT,
  created_at INTEGER NOT NULL,
  -- When the gateway is to be asked again, while the outcome is not known.
  check_at INTEGER,
  checks INTEGER NOT NULL,
  finished_at INTEGER,
  UNIQUE (gateway, gateway_ref)
) STRICT;
CREATE INDEX attempts_order ON attempts (order_id, created_at);
CREATE INDEX attempts_check ON attempts (check_at) WHERE check_at IS NOT NULL;

CREATE TABLE inbound_events (
  id BLOB PRIMARY KEY NOT NULL,
  source TEXT NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  attempt_id BLOB,
  body BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  UNIQUE (source, event_id)
) STRICT;
CREATE INDEX inbound_events_attempt ON inbound_events (attempt_id);

-- Balances are guarded here: a guarded account never falls below what is held.
CREATE TABLE ledger_accounts (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  -- The registry record, or the nil identifier for the platform's own accounts.
  owner_id BLOB NOT NULL,
  guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
  posted_cents INTEGER NOT NULL,
  held_cents INTEGER NOT NULL CHECK (held_cents >= 0),
  UNIQUE (kind, owner_id),
  CHECK (NOT guarded OR posted_cents - held_cents >= 0)
) STRICT;

-- Immutable; the legs of one cause sum to zero.
CREATE TABLE transfers (
  id BLOB PRIMARY KEY NOT NULL,
  cause_kind TEXT NOT NULL,
  cause_id BLOB NOT NULL,
  leg INTEGER NOT NULL,
  account_id BLOB NOT NULL REFERENCES ledger_accounts (id),
  amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
  at INTEGER NOT NULL,
  UNIQUE (cause_kind, cause_id, leg)
) STRICT;
CREATE INDEX transfers_account ON transfers (account_id, at, id);

CREATE TABLE holds (
  id BLOB PRIMARY KEY NOT NULL,
  account_id BLOB NOT NULL REFERENCES ledger_accounts (id),
  cause_kind TEXT NOT NULL,
  cause_id BLOB NOT NULL,
  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
  state TEXT NOT NULL CHECK (state IN ('pending','posted','voided','expired')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (cause_kind, cause_id)
) STRICT;
CREATE INDEX holds_expiry ON holds (expires_at) WHERE state = 'pending';
