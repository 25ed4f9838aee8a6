-- The desk of a body's secretariat: its agreements by its registry record, its members by address, and the files of
-- members that it uploads.

CREATE INDEX agreements_body ON agreements (body_party_id) WHERE body_party_id IS NOT NULL;
-- Never changes while the mailbox lives; here so that a page of members is read along one index.
ALTER TABLE agreement_mailboxes ADD COLUMN address TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE agreement_mailboxes SET address = (SELECT m.address FROM mailboxes m WHERE m.id = agreement_mailboxes.mailbox_id);
CREATE INDEX agreement_mailboxes_address ON agreement_mailboxes (agreement_code, address, mailbox_id);

-- A file of members: read whole, refused or confirmed, then worked off a few lines at a time.
CREATE TABLE member_imports (
  id UUID PRIMARY KEY,
  agreement_code TEXT COLLATE "C" NOT NULL REFERENCES agreements (code),
  login_id UUID NOT NULL REFERENCES logins (id),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('refused','checked','running','done','dropped')),
  -- Its letters were those of Windows.
  windows BOOLEAN NOT NULL,
  members BIGINT NOT NULL,
  -- The last line that was worked off.
  last_line BIGINT NOT NULL,
  made BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX member_imports_agreement ON member_imports (agreement_code, created_at, id);
CREATE INDEX member_imports_age ON member_imports (created_at);

CREATE TABLE member_import_rows (
  import_id UUID NOT NULL REFERENCES member_imports (id),
  line BIGINT NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  holder_name TEXT COLLATE "C" NOT NULL,
  plan_code TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting','made','failed')),
  -- JSON of what was typed; gone once the mailbox is made.
  typed TEXT COLLATE "C",
  -- JSON: what is wrong, cell by cell; in a refused file, or where a mailbox could not be made.
  faults TEXT COLLATE "C",
  mailbox_id UUID REFERENCES mailboxes (id),
  PRIMARY KEY (import_id, line)
);
CREATE INDEX member_import_rows_faults ON member_import_rows (import_id, line) WHERE faults IS NOT NULL;
