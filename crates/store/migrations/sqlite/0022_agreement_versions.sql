-- Changes of agreements, each from a day on. The row of `agreements` is what is in force; a version is copied into it
-- when its day comes, and stays as the history.
CREATE TABLE agreement_versions (
  agreement_code TEXT NOT NULL REFERENCES agreements (code),
  from_day INTEGER NOT NULL,
  valid_until_day INTEGER,
  purchases INTEGER NOT NULL CHECK (purchases IN (0, 1)),
  renewals INTEGER NOT NULL CHECK (renewals IN (0, 1)),
  price_list TEXT NOT NULL REFERENCES price_lists (code),
  renewal_kind TEXT NOT NULL CHECK (renewal_kind IN ('by_body','by_holder')),
  years INTEGER NOT NULL CHECK (years BETWEEN 1 AND 5),
  mailbox_quota INTEGER,
  made_at INTEGER NOT NULL,
  operator_id BLOB REFERENCES operators (id),
  -- When it was copied.
  begun_at INTEGER,
  PRIMARY KEY (agreement_code, from_day)
) STRICT;
