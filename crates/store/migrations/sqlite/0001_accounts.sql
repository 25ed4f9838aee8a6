-- Registry records, their logins, consents, registrations under way, sessions, single-use tokens.

-- One registry record («anagrafica») per fiscal code or VAT number; shared by all its logins (domain notes 1.2, 1.6).
CREATE TABLE parties (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person','company','freelancer','sole_trader','nonprofit','public_body','other')),
  -- The natural key: fiscal code of a person, body fiscal code or VAT number otherwise; normalised.
  tax_key TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  organisation TEXT,
  fiscal_code TEXT,
  vat_number TEXT,
  email TEXT NOT NULL,
  -- Lower-cased comparison key of the e-mail.
  email_key TEXT NOT NULL,
  email_confirmed_at INTEGER,
  email_unreachable_at INTEGER,
  phone TEXT,
  mobile TEXT,
  locale TEXT NOT NULL CHECK (locale IN ('it','en')),
  secret_question TEXT,
  secret_answer_hash TEXT,
  -- JSON: address, birth, e-invoice addresses, legal representative (domain notes 1.3).
  details TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX parties_email ON parties (email_key);

CREATE TABLE logins (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  party_id BLOB NOT NULL REFERENCES parties (id),
  -- Increasing, never reused (domain notes 12.7).
  number INTEGER NOT NULL UNIQUE,
  username TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('incomplete','active','blocked','closed','dropped')),
  password_hash TEXT,
  password_changed_at INTEGER,
  last_login_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX logins_party ON logins (party_id);

-- The last passwords of a login or mailbox, so that they are not taken again.
CREATE TABLE password_history (
  subject_id BLOB NOT NULL,
  changed_at INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  PRIMARY KEY (subject_id, changed_at)
) STRICT;

-- Each answer given, never changed: the last one of a kind counts.
CREATE TABLE consents (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES parties (id),
  login_id BLOB,
  kind TEXT NOT NULL CHECK (kind IN ('privacy_notice','marketing','guides','surveys','profiling')),
  given INTEGER NOT NULL CHECK (given IN (0, 1)),
  text_version TEXT NOT NULL,
  at INTEGER NOT NULL,
  ip TEXT
) STRICT;
CREATE INDEX consents_party ON consents (party_id, kind, at);

-- A registration not finished yet; found again by the cookie's or the mailed link's token.
CREATE TABLE registrations (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  step TEXT NOT NULL,
  -- JSON of what was typed so far; no password.
  draft TEXT NOT NULL,
  login_id BLOB REFERENCES logins (id),
  next_path TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX registrations_expiry ON registrations (expires_at);

CREATE TABLE operators (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  username TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer','support','accounting','admin')),
  state TEXT NOT NULL CHECK (state IN ('active','blocked')),
  password_hash TEXT NOT NULL,
  totp_secret BLOB,
  created_at INTEGER NOT NULL
) STRICT;

-- Exactly one of login_id, mailbox_id, operator_id is set.
CREATE TABLE sessions (
  id BLOB PRIMARY KEY NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('login','mailbox','operator')),
  login_id BLOB REFERENCES logins (id),
  mailbox_id BLOB,
  operator_id BLOB REFERENCES operators (id),
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- Until when a dangerous act needs no new password.
  step_up_until INTEGER NOT NULL,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_login ON sessions (login_id, seen_at);
CREATE INDEX sessions_mailbox ON sessions (mailbox_id, seen_at);
CREATE INDEX sessions_operator ON sessions (operator_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Single-use links and codes: only the hash is kept.
CREATE TABLE tokens (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  subject_id BLOB NOT NULL,
  -- JSON: what the token confirms, for example the new e-mail.
  data TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX tokens_subject ON tokens (subject_id, kind, expires_at);
CREATE INDEX tokens_expiry ON tokens (expires_at);

-- Counted events per key and window: log-in failures, recoveries, codes.
CREATE TABLE rate_limits (
  bucket TEXT NOT NULL,
  window_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (bucket, window_at)
) STRICT;
CREATE INDEX rate_limits_window ON rate_limits (window_at);

-- A form sent twice has one effect: the key of the form and what came of it.
CREATE TABLE client_keys (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  result TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX client_keys_age ON client_keys (created_at);
