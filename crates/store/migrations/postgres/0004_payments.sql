-- Payments, what gateways told us, and the ledger.

-- A card or account that can be charged again without its holder.
CREATE TABLE methods (
  id UUID PRIMARY KEY,
  login_id UUID NOT NULL REFERENCES logins (id),
  gateway TEXT COLLATE "C" NOT NULL,
  gateway_customer TEXT COLLATE "C" NOT NULL,
  gateway_ref TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  expires_day BIGINT,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('usable','removed')),
  created_at BIGINT NOT NULL,
  UNIQUE (gateway, gateway_ref)
);
CREATE INDEX methods_login ON methods (login_id, state);

CREATE TABLE attempts (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  order_id UUID NOT NULL REFERENCES orders (id),
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('checkout','off_session','refund')),
  -- For a refund: the attempt that is given back.
  refunds_id UUID REFERENCES attempts (id),
  gateway TEXT COLLATE "C" NOT NULL,
  gateway_ref TEXT COLLATE "C",
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('created','opened','pending','succeeded','failed','unknown')),
  amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
  method_id UUID REFERENCES methods (id),
  failure_code TEXT COLLATE "C",
  -- Where the customer continues at the gateway.
  continue_url TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  -- When the gateway is to be asked again, while the outcome is not known.
  check_at BIGINT,
  checks BIGINT NOT NULL,
  finished_at BIGINT,
  UNIQUE (gateway, gateway_ref)
);
CREATE INDEX attempts_order ON attempts (order_id, created_at);
CREATE INDEX attempts_check ON attempts (check_at) WHERE check_at IS NOT NULL;

CREATE TABLE inbound_events (
  id UUID PRIMARY KEY,
  source TEXT COLLATE "C" NOT NULL,
  event_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  attempt_id UUID,
  body BYTEA NOT NULL,
  received_at BIGINT NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  UNIQUE (source, event_id)
);
CREATE INDEX inbound_events_attempt ON inbound_events (attempt_id);

-- Balances are guarded here: a guarded account never falls below what is held.
CREATE TABLE ledger_accounts (
  id UUID PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  -- The registry record, or the nil identifier for the platform's own accounts.
  owner_id UUID NOT NULL,
  guarded BOOLEAN NOT NULL,
  posted_cents BIGINT NOT NULL,
  held_cents BIGINT NOT NULL CHECK (held_cents >= 0),
  UNIQUE (kind, owner_id),
  CHECK (NOT guarded OR posted_cents - held_cents >= 0)
);

-- Immutable; the legs of one cause sum to zero.
CREATE TABLE transfers (
  id UUID PRIMARY KEY,
  cause_kind TEXT COLLATE "C" NOT NULL,
  cause_id UUID NOT NULL,
  leg BIGINT NOT NULL,
  account_id UUID NOT NULL REFERENCES ledger_accounts (id),
  amount_cents BIGINT NOT NULL CHECK (amount_cents <> 0),
  at BIGINT NOT NULL,
  UNIQUE (cause_kind, cause_id, leg)
);
CREATE INDEX transfers_account ON transfers (account_id, at, id);

CREATE TABLE holds (
  id UUID PRIMARY KEY,
  account_id UUID NOT NULL REFERENCES ledger_accounts (id),
  cause_kind TEXT COLLATE "C" NOT NULL,
  cause_id UUID NOT NULL,
  amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending','posted','voided','expired')),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  UNIQUE (cause_kind, cause_id)
);
CREATE INDEX holds_expiry ON holds (expires_at) WHERE state = 'pending';
