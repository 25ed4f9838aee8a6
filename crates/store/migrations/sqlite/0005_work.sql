-- Effects, messages, audit, counters, leases.

CREATE TABLE effects (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  payload TEXT NOT NULL,
  dedup_key TEXT UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('ready','running','done','stuck','cancelled')),
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  lease_owner TEXT,
  lease_until INTEGER,
  last_error TEXT,
  trace TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX effects_due ON effects (run_at, id) WHERE state = 'ready';
CREATE INDEX effects_leased ON effects (lease_until) WHERE state = 'running';
CREATE INDEX effects_stuck ON effects (finished_at, id) WHERE state = 'stuck';
CREATE INDEX effects_subject ON effects (subject_id, created_at);
CREATE INDEX effects_done ON effects (finished_at) WHERE state IN ('done','cancelled');

-- What was sent to whom, without its text: links in it are secrets.
CREATE TABLE messages (
  id BLOB PRIMARY KEY NOT NULL,
  effect_id BLOB NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('email','sms')),
  template TEXT NOT NULL,
  locale TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('sent','refused')),
  detail TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_effect ON messages (effect_id);
CREATE INDEX messages_subject ON messages (subject_id, at);

-- Written with each change; numbered and chained afterwards by the sealer, so that writers never
-- wait for each other. seq counts from 1 without gaps; hash = SHA-256(previous hash, line).
CREATE TABLE audit_lines (
  id BLOB PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  action TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  details TEXT NOT NULL,
  trace TEXT NOT NULL,
  seq INTEGER UNIQUE,
  hash BLOB
) STRICT;
CREATE INDEX audit_lines_subject ON audit_lines (subject_id, at);
CREATE INDEX audit_lines_unsealed ON audit_lines (id) WHERE seq IS NULL;

-- Numbers handed out in blocks, never twice.
CREATE TABLE counters (
  name TEXT PRIMARY KEY NOT NULL,
  next INTEGER NOT NULL
) STRICT;

-- Who may do what only one may do at a time (sealer, schedules), until when.
CREATE TABLE leases (
  name TEXT PRIMARY KEY NOT NULL,
  owner TEXT NOT NULL,
  until_at INTEGER NOT NULL
) STRICT;

-- Facts of the installation: clock offset of the demonstration, dates of the last runs.
CREATE TABLE facts (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;
