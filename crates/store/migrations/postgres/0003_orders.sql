-- Address book, carts, orders, mailboxes and the permanent register of addresses.

-- Holder profiles («profili titolare»), one per fiscal code or VAT number inside a book (domain notes 2.6).
CREATE TABLE holders (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  -- The registry record whose book this is.
  party_id UUID NOT NULL REFERENCES parties (id),
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('person','company','freelancer','sole_trader','nonprofit','public_body','other')),
  tax_key TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  first_name TEXT COLLATE "C" NOT NULL,
  last_name TEXT COLLATE "C" NOT NULL,
  organisation TEXT COLLATE "C",
  fiscal_code TEXT COLLATE "C",
  vat_number TEXT COLLATE "C",
  email TEXT COLLATE "C" NOT NULL,
  phone TEXT COLLATE "C",
  mobile TEXT COLLATE "C",
  details TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (party_id, tax_key)
);
CREATE INDEX holders_name ON holders (party_id, display_name, id);

-- Carts are not orders: editable, abandoned without cost. Found by cookie, adopted at log-in.
CREATE TABLE carts (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  token_hash BYTEA NOT NULL UNIQUE,
  login_id UUID REFERENCES logins (id),
  plan_code TEXT COLLATE "C" NOT NULL REFERENCES products (code),
  quantity BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 99),
  years BIGINT NOT NULL CHECK (years BETWEEN 1 AND 5),
  -- The price the customer has been shown, to notice a change.
  shown_price_id UUID,
  -- JSON: one entry a mailbox (local part, domain, holder choice, e-mail for the password link).
  mailboxes TEXT COLLATE "C" NOT NULL,
  -- JSON: billing and acceptance typed so far.
  draft TEXT COLLATE "C" NOT NULL,
  -- Set once, by the confirmation; a second confirmation finds it.
  order_id UUID,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX carts_login ON carts (login_id, updated_at);
CREATE INDEX carts_expiry ON carts (expires_at);

CREATE TABLE orders (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  number TEXT COLLATE "C" NOT NULL UNIQUE,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('purchase','renewal','addon','topup')),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('awaiting_payment','paid','activating','activation_failed','completed','cancelled','expired_unpaid')),
  state_at BIGINT NOT NULL,
  party_id UUID NOT NULL REFERENCES parties (id),
  login_id UUID NOT NULL REFERENCES logins (id),
  cart_id UUID UNIQUE,
  years BIGINT NOT NULL,
  net_cents BIGINT NOT NULL,
  vat_cents BIGINT NOT NULL,
  gross_cents BIGINT NOT NULL CHECK (gross_cents = net_cents + vat_cents),
  payment_method TEXT COLLATE "C" NOT NULL,
  -- JSON: who is invoiced and how.
  billing TEXT COLLATE "C" NOT NULL,
  placed_at BIGINT NOT NULL,
  pay_by_at BIGINT NOT NULL,
  paid_at BIGINT,
  closed_at BIGINT
);
CREATE INDEX orders_party ON orders (party_id, placed_at, id);
CREATE INDEX orders_login ON orders (login_id, placed_at, id);
CREATE INDEX orders_state ON orders (state, placed_at, id);

CREATE TABLE order_lines (
  id UUID PRIMARY KEY,
  order_id UUID NOT NULL REFERENCES orders (id),
  position BIGINT NOT NULL,
  product_code TEXT COLLATE "C" NOT NULL,
  price_id UUID NOT NULL REFERENCES prices (id),
  quantity BIGINT NOT NULL,
  years BIGINT NOT NULL,
  unit_net_cents BIGINT NOT NULL,
  net_cents BIGINT NOT NULL,
  vat_bp BIGINT NOT NULL,
  vat_cents BIGINT NOT NULL,
  gross_cents BIGINT NOT NULL,
  UNIQUE (order_id, position)
);

CREATE TABLE order_mailboxes (
  id UUID PRIMARY KEY,
  order_id UUID NOT NULL REFERENCES orders (id),
  position BIGINT NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  domain TEXT COLLATE "C" NOT NULL,
  plan_code TEXT COLLATE "C" NOT NULL,
  holder_kind TEXT COLLATE "C" NOT NULL CHECK (holder_kind IN ('account','profile')),
  holder_id UUID,
  holder_tax_key TEXT COLLATE "C" NOT NULL,
  holder_name TEXT COLLATE "C" NOT NULL,
  -- Where the link for the first password goes.
  password_email TEXT COLLATE "C" NOT NULL,
  -- Set when the password was chosen before the activation.
  password_hash TEXT COLLATE "C",
  mailbox_id UUID,
  UNIQUE (order_id, position)
);
CREATE INDEX order_mailboxes_address ON order_mailboxes (address);
CREATE INDEX order_mailboxes_mailbox ON order_mailboxes (mailbox_id);

-- What was accepted when the order was placed; evidence, never changed.
CREATE TABLE acceptances (
  order_id UUID NOT NULL REFERENCES orders (id),
  kind TEXT COLLATE "C" NOT NULL,
  text_version TEXT COLLATE "C" NOT NULL,
  text_sha256 BYTEA NOT NULL,
  at BIGINT NOT NULL,
  ip TEXT COLLATE "C",
  user_agent TEXT COLLATE "C",
  PRIMARY KEY (order_id, kind)
);

CREATE TABLE mailboxes (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  domain TEXT COLLATE "C" NOT NULL REFERENCES mail_domains (name),
  plan_code TEXT COLLATE "C" NOT NULL REFERENCES products (code),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('activating','active','expired','cancelled','terminated')),
  state_at BIGINT NOT NULL,
  party_id UUID NOT NULL REFERENCES parties (id),
  login_id UUID NOT NULL REFERENCES logins (id),
  order_id UUID NOT NULL REFERENCES orders (id),
  holder_kind TEXT COLLATE "C" NOT NULL CHECK (holder_kind IN ('account','profile')),
  holder_id UUID REFERENCES holders (id),
  holder_tax_key TEXT COLLATE "C" NOT NULL,
  holder_name TEXT COLLATE "C" NOT NULL,
  password_hash TEXT COLLATE "C",
  password_changed_at BIGINT,
  -- Security contacts of the mailbox, never mixed with those of the account (domain notes 7.1).
  contact_email TEXT COLLATE "C" NOT NULL,
  contact_mobile TEXT COLLATE "C",
  space_mib BIGINT NOT NULL,
  extra_space_mib BIGINT NOT NULL,
  archive_mib BIGINT NOT NULL,
  requested_at BIGINT NOT NULL,
  activated_at BIGINT
);
-- A cancelled address can live again in a new row.
CREATE UNIQUE INDEX mailboxes_address ON mailboxes (address) WHERE state IN ('activating','active','expired');
CREATE INDEX mailboxes_login ON mailboxes (login_id, address);
CREATE INDEX mailboxes_party ON mailboxes (party_id, address);
CREATE INDEX mailboxes_holder ON mailboxes (holder_id);
CREATE INDEX mailboxes_state ON mailboxes (state, state_at);
CREATE INDEX mailboxes_order ON mailboxes (order_id);

-- The paid period of a mailbox, apart from the wide row so that renewals rewrite little.
CREATE TABLE terms (
  mailbox_id UUID PRIMARY KEY REFERENCES mailboxes (id),
  login_id UUID NOT NULL,
  start_day BIGINT NOT NULL,
  end_day BIGINT NOT NULL,
  years BIGINT NOT NULL,
  auto_renew BOOLEAN NOT NULL,
  method_id UUID
);
CREATE INDEX terms_end ON terms (end_day, mailbox_id);
CREATE INDEX terms_login ON terms (login_id, end_day, mailbox_id);

-- Every address ever taken; free means: no row here (domain notes 2.4).
CREATE TABLE addresses (
  address TEXT COLLATE "C" PRIMARY KEY,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('held','assigned','released')),
  -- Who holds it now, or held it last: only the same one may buy a released address again.
  holder_tax_key TEXT COLLATE "C" NOT NULL,
  former_tax_key TEXT COLLATE "C",
  order_id UUID,
  mailbox_id UUID,
  changed_at BIGINT NOT NULL
);
CREATE INDEX addresses_order ON addresses (order_id);
