-- Stored methods that customers look after themselves, and payments by order number alone.

-- The one that is used first.
ALTER TABLE methods ADD COLUMN preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred IN (0, 1));
-- Paid by somebody who is not signed in: keeps no method and switches no renewal on.
ALTER TABLE attempts ADD COLUMN quick INTEGER NOT NULL DEFAULT 0 CHECK (quick IN (0, 1));

-- Storing a method without a payment.
CREATE TABLE method_setups (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  login_id BLOB NOT NULL REFERENCES logins (id),
  gateway TEXT NOT NULL,
  gateway_ref TEXT,
  gateway_customer TEXT,
  -- The method whose services move to the new one.
  replaces_id BLOB REFERENCES methods (id),
  state TEXT NOT NULL CHECK (state IN ('created','opened','pending','succeeded','failed','unknown')),
  failure_code TEXT,
  -- Where the customer continues at the gateway.
  continue_url TEXT,
  -- JSON: the card fields of the gateway, where the customer does not leave our pages.
  card_form TEXT,
  created_at INTEGER NOT NULL,
  -- When the gateway is to be asked again, while the outcome is not known.
  check_at INTEGER,
  checks INTEGER NOT NULL,
  UNIQUE (gateway, gateway_ref)
) STRICT;
CREATE INDEX method_setups_login ON method_setups (login_id, created_at);
CREATE INDEX method_setups_check ON method_setups (check_at) WHERE check_at IS NOT NULL;
