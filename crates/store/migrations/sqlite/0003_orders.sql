-- Address book, carts, orders, mailboxes and the permanent register of addresses.

-- Holder profiles («profili titolare»), one per fiscal code or VAT number inside a book (domain notes 2.6).
CREATE TABLE holders (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  -- The registry record whose book this is.
  party_id BLOB NOT NULL REFERENCES parties (id),
  kind TEXT NOT NULL CHECK (kind IN ('person','company','freelancer','sole_trader','nonprofit','public_body','other')),
  tax_key TEXT NOT NULL,
  display_name TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  organisation TEXT,
  fiscal_code TEXT,
  vat_number TEXT,
  email TEXT NOT NULL,
  phone TEXT,
  mobile TEXT,
  details TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (party_id, tax_key)
) STRICT;
CREATE INDEX holders_name ON holders (party_id, display_name, id);

-- Carts are not orders: editable, abandoned without cost. Found by cookie, adopted at log-in.
CREATE TABLE carts (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  login_id BLOB REFERENCES logins (id),
  plan_code TEXT NOT NULL REFERENCES products (code),
  quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
  years INTEGER NOT NULL CHECK (years BETWEEN 1 AND 5),
  -- The price the customer has been shown, to notice a change.
  shown_price_id BLOB,
  -- JSON: one entry a mailbox (local part, domain, holder choice, e-mail for the password link).
  mailboxes TEXT NOT NULL,
  -- JSON: billing and acceptance typed so far.
  draft TEXT NOT NULL,
  -- Set once, by the confirmation; a second confirmation finds it.
  order_id BLOB,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX carts_login ON carts (login_id, updated_at);
CREATE INDEX carts_expiry ON carts (expires_at);

CREATE TABLE orders (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('purchase','renewal','addon','topup')),
  state TEXT NOT NULL CHECK (state IN ('awaiting_payment','paid','activating','activation_failed','completed','cancelled','expired_unpaid')),
  state_at INTEGER NOT NULL,
  party_id BLOB NOT NULL REFERENCES parties (id),
  login_id BLOB NOT NULL REFERENCES logins (id),
  cart_id BLOB UNIQUE,
  years INTEGER NOT NULL,
  net_cents INTEGER NOT NULL,
  vat_cents INTEGER NOT NULL,
  gross_cents INTEGER NOT NULL CHECK (gross_cents = net_cents + vat_cents),
  payment_method TEXT NOT NULL,
  -- JSON: who is invoiced and how.
  billing TEXT NOT NULL,
  placed_at INTEGER NOT NULL,
  pay_by_at INTEGER NOT NULL,
  paid_at INTEGER,
  closed_at INTEGER
) STRICT;
CREATE INDEX orders_party ON orders (party_id, placed_at, id);
CREATE INDEX orders_login ON orders (login_id, placed_at, id);
CREATE INDEX orders_state ON orders (state, placed_at, id);

CREATE TABLE order_lines (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL REFERENCES orders (id),
  position INTEGER NOT NULL,
  product_code TEXT NOT NULL,
  price_id BLOB NOT NULL REFERENCES prices (id),
  quantity INTEGER NOT NULL,
  years INTEGER NOT NULL,
  unit_net_cents INTEGER NOT NULL,
  net_cents INTEGER NOT NULL,
  vat_bp INTEGER NOT NULL,
  vat_cents INTEGER NOT NULL,
  gross_cents INTEGER NOT NULL,
  UNIQUE (order_id, position)
) STRICT;

CREATE TABLE order_mailboxes (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL REFERENCES orders (id),
  position INTEGER NOT NULL,
  address TEXT NOT NULL,
  domain TEXT NOT NULL,
  plan_code TEXT NOT NULL,
  holder_kind TEXT NOT NULL CHECK (holder_kind IN ('account','profile')),
  holder_id BLOB,
  holder_tax_key TEXT NOT NULL,
  holder_name TEXT NOT NULL,
  -- Where the link for the first password goes.
  password_email TEXT NOT NULL,
  -- Set when the password was chosen before the activation.
  password_hash TEXT,
  mailbox_id BLOB,
  UNIQUE (order_id, position)
) STRICT;
CREATE INDEX order_mailboxes_address ON order_mailboxes (address);
CREATE INDEX order_mailboxes_mailbox ON order_mailboxes (mailbox_id);

-- What was accepted when the order was placed; evidence, never changed.
CREATE TABLE acceptances (
  order_id BLOB NOT NULL REFERENCES orders (id),
  kind TEXT NOT NULL,
  text_version TEXT NOT NULL,
  text_sha256 BLOB NOT NULL,
  at INTEGER NOT NULL,
  ip TEXT,
  user_agent TEXT,
  PRIMARY KEY (order_id, kind)
) STRICT;

CREATE TABLE mailboxes (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  address TEXT NOT NULL,
  domain TEXT NOT NULL REFERENCES mail_domains (name),
  plan_code TEXT NOT NULL REFERENCES products (code),
  state TEXT NOT NULL CHECK (state IN ('activating','active','expired','cancelled','terminated')),
  state_at INTEGER NOT NULL,
  party_id BLOB NOT NULL REFERENCES parties (id),
  login_id BLOB NOT NULL REFERENCES logins (id),
  order_id BLOB NOT NULL REFERENCES orders (id),
  holder_kind TEXT NOT NULL CHECK (holder_kind IN ('account','profile')),
  holder_id BLOB REFERENCES holders (id),
  holder_tax_key TEXT NOT NULL,
  holder_name TEXT NOT NULL,
  password_hash TEXT,
  password_changed_at INTEGER,
  -- Security contacts of the mailbox, never mixed with those of the account (domain notes 7.1).
  contact_email TEXT NOT NULL,
  contact_mobile TEXT,
  space_mib INTEGER NOT NULL,
  extra_space_mib INTEGER NOT NULL,
  archive_mib INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  activated_at INTEGER
) STRICT;
-- A cancelled address can live again in a new row.
CREATE UNIQUE INDEX mailboxes_address ON mailboxes (address) WHERE state IN ('activating','active','expired');
CREATE INDEX mailboxes_login ON mailboxes (login_id, address);
CREATE INDEX mailboxes_party ON mailboxes (party_id, address);
CREATE INDEX mailboxes_holder ON mailboxes (holder_id);
CREATE INDEX mailboxes_state ON mailboxes (state, state_at);
CREATE INDEX mailboxes_order ON mailboxes (order_id);

-- The paid period of a mailbox, apart from the wide row so that renewals rewrite little.
CREATE TABLE terms (
  mailbox_id BLOB PRIMARY KEY NOT NULL REFERENCES mailboxes (id),
  login_id BLOB NOT NULL,
  start_day INTEGER NOT NULL,
  end_day INTEGER NOT NULL,
  years INTEGER NOT NULL,
  auto_renew INTEGER NOT NULL CHECK (auto_renew IN (0, 1)),
  method_id BLOB
) STRICT;
CREATE INDEX terms_end ON terms (end_day, mailbox_id);
CREATE INDEX terms_login ON terms (login_id, end_day, mailbox_id);

-- Every address ever taken; free means: no row here (domain notes 2.4).
CREATE TABLE addresses (
  address TEXT PRIMARY KEY NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held','assigned','released')),
  -- Who holds it now, or held it last: only the same one may buy a released address again.
  holder_tax_key TEXT NOT NULL,
  former_tax_key TEXT,
  order_id BLOB,
  mailbox_id BLOB,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX addresses_order ON addresses (order_id);
