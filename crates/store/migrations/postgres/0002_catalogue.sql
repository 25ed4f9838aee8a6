-- What can be bought, at which dated price, on which certified domains, under which texts.

CREATE TABLE products (
  code TEXT COLLATE "C" PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('mailbox_plan','addon')),
  position BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  space_mib BIGINT NOT NULL,
  -- Largest mailbox space in all; null means without limit.
  max_space_mib BIGINT,
  archive_mib BIGINT NOT NULL,
  archive_extendable BOOLEAN NOT NULL,
  sms_notice BOOLEAN NOT NULL,
  multi_user BOOLEAN NOT NULL,
  legal_storage BOOLEAN NOT NULL,
  sold_from_day BIGINT NOT NULL,
  sold_until_day BIGINT
);

CREATE TABLE price_lists (
  code TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL CHECK (channel IN ('retail','agreement'))
);

-- The price in force is the one with the greatest valid_from_at that is past.
CREATE TABLE prices (
  id UUID PRIMARY KEY,
  price_list TEXT COLLATE "C" NOT NULL REFERENCES price_lists (code),
  product_code TEXT COLLATE "C" NOT NULL REFERENCES products (code),
  valid_from_at BIGINT NOT NULL,
  net_cents BIGINT NOT NULL CHECK (net_cents >= 0),
  vat_bp BIGINT NOT NULL CHECK (vat_bp >= 0),
  UNIQUE (price_list, product_code, valid_from_at)
);

CREATE TABLE mail_domains (
  name TEXT COLLATE "C" PRIMARY KEY,
  position BIGINT NOT NULL,
  on_sale BOOLEAN NOT NULL,
  served BOOLEAN NOT NULL
);

-- Texts that people accept; what was accepted is found by kind, version and hash.
CREATE TABLE legal_texts (
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('privacy_notice','marketing','conditions','unfair_terms','withdrawal')),
  version TEXT COLLATE "C" NOT NULL,
  locale TEXT COLLATE "C" NOT NULL CHECK (locale IN ('it','en')),
  title TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  sha256 BYTEA NOT NULL,
  valid_from_at BIGINT NOT NULL,
  PRIMARY KEY (kind, version, locale)
);
