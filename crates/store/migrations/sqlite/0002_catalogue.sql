-- What can be bought, at which dated price, on which certified domains, under which texts.

CREATE TABLE products (
  code TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('mailbox_plan','addon')),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  space_mib INTEGER NOT NULL,
  -- Largest mailbox space in all; null means without limit.
  max_space_mib INTEGER,
  archive_mib INTEGER NOT NULL,
  archive_extendable INTEGER NOT NULL CHECK (archive_extendable IN (0, 1)),
  sms_notice INTEGER NOT NULL CHECK (sms_notice IN (0, 1)),
  multi_user INTEGER NOT NULL CHECK (multi_user IN (0, 1)),
  legal_storage INTEGER NOT NULL CHECK (legal_storage IN (0, 1)),
  sold_from_day INTEGER NOT NULL,
  sold_until_day INTEGER
) STRICT;

CREATE TABLE price_lists (
  code TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('retail','agreement'))
) STRICT;

-- The price in force is the one with the greatest valid_from_at that is past.
CREATE TABLE prices (
  id BLOB PRIMARY KEY NOT NULL,
  price_list TEXT NOT NULL REFERENCES price_lists (code),
  product_code TEXT NOT NULL REFERENCES products (code),
  valid_from_at INTEGER NOT NULL,
  net_cents INTEGER NOT NULL CHECK (net_cents >= 0),
  vat_bp INTEGER NOT NULL CHECK (vat_bp >= 0),
  UNIQUE (price_list, product_code, valid_from_at)
) STRICT;

CREATE TABLE mail_domains (
  name TEXT PRIMARY KEY NOT NULL,
  position INTEGER NOT NULL,
  on_sale INTEGER NOT NULL CHECK (on_sale IN (0, 1)),
  served INTEGER NOT NULL CHECK (served IN (0, 1))
) STRICT;

-- Texts that people accept; what was accepted is found by kind, version and hash.
CREATE TABLE legal_texts (
  kind TEXT NOT NULL CHECK (kind IN ('privacy_notice','marketing','conditions','unfair_terms','withdrawal')),
  version TEXT NOT NULL,
  locale TEXT NOT NULL CHECK (locale IN ('it','en')),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  valid_from_at INTEGER NOT NULL,
  PRIMARY KEY (kind, version, locale)
) STRICT;
