-- Changes of agreements, each from a day on. The row of `agreements` is what is in force; a version is copied into it
-- when its day comes, and stays as the history.
CREATE TABLE agreement_versions (
  agreement_code TEXT COLLATE "C" NOT NULL REFERENCES agreements (code),
  from_day BIGINT NOT NULL,
  valid_until_day BIGINT,
  purchases BOOLEAN NOT NULL,
  renewals BOOLEAN NOT NULL,
  price_list TEXT COLLATE "C" NOT NULL REFERENCES price_lists (code),
  renewal_kind TEXT COLLATE "C" NOT NULL CHECK (renewal_kind IN ('by_body','by_holder')),
  years BIGINT NOT NULL CHECK (years BETWEEN 1 AND 5),
  mailbox_quota BIGINT,
  made_at BIGINT NOT NULL,
  operator_id UUID REFERENCES operators (id),
  -- When it was copied.
  begun_at BIGINT,
  PRIMARY KEY (agreement_code, from_day)
);
