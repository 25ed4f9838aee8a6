-- Stored methods that customers look after themselves, and payments by order number alone.

-- The one that is used first.
ALTER TABLE methods ADD COLUMN preferred BOOLEAN NOT NULL DEFAULT FALSE;
-- Paid by somebody who is not signed in: keeps no method and switches no renewal on.
ALTER TABLE attempts ADD COLUMN quick BOOLEAN NOT NULL DEFAULT FALSE;

-- Storing a method without a payment.
CREATE TABLE method_setups (
  id UUID PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  login_id UUID NOT NULL REFERENCES logins (id),
  gateway TEXT COLLATE "C" NOT NULL,
  gateway_ref TEXT COLLATE "C",
  gateway_customer TEXT COLLATE "C",
  -- The method whose services move to the new one.
  replaces_id UUID REFERENCES methods (id),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('created','opened','pending','succeeded','failed','unknown')),
  failure_code TEXT COLLATE "C",
  -- Where the customer continues at the gateway.
  continue_url TEXT COLLATE "C",
  -- JSON: the card fields of the gateway, where the customer does not leave our pages.
  card_form TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  -- When the gateway is to be asked again, while the outcome is not known.
  check_at BIGINT,
  checks BIGINT NOT NULL,
  UNIQUE (gateway, gateway_ref)
);
CREATE INDEX method_setups_login ON method_setups (login_id, created_at);
CREATE INDEX method_setups_check ON method_setups (check_at) WHERE check_at IS NOT NULL;
