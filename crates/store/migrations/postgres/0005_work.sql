-- Effects, messages, audit, counters, leases.

CREATE TABLE effects (
  id UUID PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  subject_kind TEXT COLLATE "C" NOT NULL,
  subject_id UUID NOT NULL,
  payload TEXT COLLATE "C" NOT NULL,
  dedup_key TEXT COLLATE "C" UNIQUE,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('ready','running','done','stuck','cancelled')),
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  lease_owner TEXT COLLATE "C",
  lease_until BIGINT,
  last_error TEXT COLLATE "C",
  trace TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX effects_due ON effects (run_at, id) WHERE state = 'ready';
CREATE INDEX effects_leased ON effects (lease_until) WHERE state = 'running';
CREATE INDEX effects_stuck ON effects (finished_at, id) WHERE state = 'stuck';
CREATE INDEX effects_subject ON effects (subject_id, created_at);
CREATE INDEX effects_done ON effects (finished_at) WHERE state IN ('done','cancelled');

-- What was sent to whom, without its text: links in it are secrets.
CREATE TABLE messages (
  id UUID PRIMARY KEY,
  effect_id UUID NOT NULL,
  channel TEXT COLLATE "C" NOT NULL CHECK (channel IN ('email','sms')),
  template TEXT COLLATE "C" NOT NULL,
  locale TEXT COLLATE "C" NOT NULL,
  recipient TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  subject_id UUID NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('sent','refused')),
  detail TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX messages_effect ON messages (effect_id);
CREATE INDEX messages_subject ON messages (subject_id, at);

-- Written with each change; numbered and chained afterwards by the sealer, so that writers never
-- wait for each other. seq counts from 1 without gaps; hash = SHA-256(previous hash, line).
CREATE TABLE audit_lines (
  id UUID PRIMARY KEY,
  at BIGINT NOT NULL,
  actor_kind TEXT COLLATE "C" NOT NULL,
  actor_id UUID,
  action TEXT COLLATE "C" NOT NULL,
  subject_kind TEXT COLLATE "C" NOT NULL,
  subject_id UUID NOT NULL,
  details TEXT COLLATE "C" NOT NULL,
  trace TEXT COLLATE "C" NOT NULL,
  seq BIGINT UNIQUE,
  hash BYTEA
);
CREATE INDEX audit_lines_subject ON audit_lines (subject_id, at);
CREATE INDEX audit_lines_unsealed ON audit_lines (id) WHERE seq IS NULL;

-- Numbers handed out in blocks, never twice.
CREATE TABLE counters (
  name TEXT COLLATE "C" PRIMARY KEY,
  next BIGINT NOT NULL
);

-- Who may do what only one may do at a time (sealer, schedules), until when.
CREATE TABLE leases (
  name TEXT COLLATE "C" PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  until_at BIGINT NOT NULL
);

-- Facts of the installation: clock offset of the demonstration, dates of the last runs.
CREATE TABLE facts (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);
