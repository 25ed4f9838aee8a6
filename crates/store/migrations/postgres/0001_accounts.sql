-- Registry records, their logins, consents, registrations under way, sessions, single-use tokens.

-- One registry record («anagrafica») per fiscal code or VAT number; shared by all its logins (domain notes 1.2, 1.6).
CREATE TABLE parties (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('person','company','freelancer','sole_trader','nonprofit','public_body','other')),
  -- The natural key: fiscal code of a person, body fiscal code or VAT number otherwise; normalised.
  tax_key TEXT COLLATE "C" NOT NULL UNIQUE,
  display_name TEXT COLLATE "C" NOT NULL,
  first_name TEXT COLLATE "C" NOT NULL,
  last_name TEXT COLLATE "C" NOT NULL,
  organisation TEXT COLLATE "C",
  fiscal_code TEXT COLLATE "C",
  vat_number TEXT COLLATE "C",
  email TEXT COLLATE "C" NOT NULL,
  -- Lower-cased comparison key of the e-mail.
  email_key TEXT COLLATE "C" NOT NULL,
  email_confirmed_at BIGINT,
  email_unreachable_at BIGINT,
  phone TEXT COLLATE "C",
  mobile TEXT COLLATE "C",
  locale TEXT COLLATE "C" NOT NULL CHECK (locale IN ('it','en')),
  secret_question TEXT COLLATE "C",
  secret_answer_hash TEXT COLLATE "C",
  -- JSON: address, birth, e-invoice addresses, legal representative (domain notes 1.3).
  details TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX parties_email ON parties (email_key);

CREATE TABLE logins (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  party_id UUID NOT NULL REFERENCES parties (id),
  -- Increasing, never reused (domain notes 12.7).
  number BIGINT NOT NULL UNIQUE,
  username TEXT COLLATE "C" NOT NULL UNIQUE,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('incomplete','active','blocked','closed','dropped')),
  password_hash TEXT COLLATE "C",
  password_changed_at BIGINT,
  last_login_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX logins_party ON logins (party_id);

-- The last passwords of a login or mailbox, so that they are not taken again.
CREATE TABLE password_history (
  subject_id UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  password_hash TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (subject_id, changed_at)
);

-- Each answer given, never changed: the last one of a kind counts.
CREATE TABLE consents (
  id UUID PRIMARY KEY,
  party_id UUID NOT NULL REFERENCES parties (id),
  login_id UUID,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('privacy_notice','marketing','guides','surveys','profiling')),
  given BOOLEAN NOT NULL,
  text_version TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  ip TEXT COLLATE "C"
);
CREATE INDEX consents_party ON consents (party_id, kind, at);

-- A registration not finished yet; found again by the cookie's or the mailed link's token.
CREATE TABLE registrations (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  token_hash BYTEA NOT NULL UNIQUE,
  step TEXT COLLATE "C" NOT NULL,
  -- JSON of what was typed so far; no password.
  draft TEXT COLLATE "C" NOT NULL,
  login_id UUID REFERENCES logins (id),
  next_path TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX registrations_expiry ON registrations (expires_at);

CREATE TABLE operators (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  username TEXT COLLATE "C" NOT NULL UNIQUE,
  display_name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer','support','accounting','admin')),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active','blocked')),
  password_hash TEXT COLLATE "C" NOT NULL,
  totp_secret BYTEA,
  created_at BIGINT NOT NULL
);

-- Exactly one of login_id, mailbox_id, operator_id is set.
CREATE TABLE sessions (
  id UUID PRIMARY KEY,
  token_hash BYTEA NOT NULL UNIQUE,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('login','mailbox','operator')),
  login_id UUID REFERENCES logins (id),
  mailbox_id UUID,
  operator_id UUID REFERENCES operators (id),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  -- Until when a dangerous act needs no new password.
  step_up_until BIGINT NOT NULL,
  ip TEXT COLLATE "C" NOT NULL,
  user_agent TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sessions_login ON sessions (login_id, seen_at);
CREATE INDEX sessions_mailbox ON sessions (mailbox_id, seen_at);
CREATE INDEX sessions_operator ON sessions (operator_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Single-use links and codes: only the hash is kept.
CREATE TABLE tokens (
  id UUID PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  token_hash BYTEA NOT NULL UNIQUE,
  subject_id UUID NOT NULL,
  -- JSON: what the token confirms, for example the new e-mail.
  data TEXT COLLATE "C" NOT NULL,
  attempts BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX tokens_subject ON tokens (subject_id, kind, expires_at);
CREATE INDEX tokens_expiry ON tokens (expires_at);

-- Counted events per key and window: log-in failures, recoveries, codes.
CREATE TABLE rate_limits (
  bucket TEXT COLLATE "C" NOT NULL,
  window_at BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (bucket, window_at)
);
CREATE INDEX rate_limits_window ON rate_limits (window_at);

-- A form sent twice has one effect: the key of the form and what came of it.
CREATE TABLE client_keys (
  scope TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  result TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX client_keys_age ON client_keys (created_at);
