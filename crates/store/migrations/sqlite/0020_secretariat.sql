-- The desk of a body's secretariat: its agreements by its registry record, its members by address, and the files of
-- members that it uploads.

CREATE INDEX agreements_body ON agreements (body_party_id) WHERE body_party_id IS NOT NULL;
-- Never changes while the mailbox lives; here so that a page of members is read along one index.
ALTER TABLE agreement_mailboxes ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE agreement_mailboxes SET address = (SELECT m.address FROM mailboxes m WHERE m.id = agreement_mailboxes.mailbox_id);
CREATE INDEX agreement_mailboxes_address ON agreement_mailboxes (agreement_code, address, mailbox_id);

-- A file of members: read whole, refused or confirmed, then worked off a few lines at a time.
CREATE TABLE member_imports (
  id BLOB PRIMARY KEY NOT NULL,
  agreement_code TEXT NOT NULL REFERENCES agreements (code),
  login_id BLOB NOT NULL REFERENCES logins (id),
  state TEXT NOT NULL CHECK (state IN ('refused','checked','running','done','dropped')),
  -- Its letters were those of Windows.
  windows INTEGER NOT NULL CHECK (windows IN (0, 1)),
  members INTEGER NOT NULL,
  -- The last line that was worked off.
  last_line INTEGER NOT NULL,
  made INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX member_imports_agreement ON member_imports (agreement_code, created_at, id);
CREATE INDEX member_imports_age ON member_imports (created_at);

CREATE TABLE member_import_rows (
  import_id BLOB NOT NULL REFERENCES member_imports (id),
  line INTEGER NOT NULL,
  address TEXT NOT NULL,
  holder_name TEXT NOT NULL,
  plan_code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting','made','failed')),
  -- JSON of what was typed; gone once the mailbox is made.
  typed TEXT,
  -- JSON: what is wrong, cell by cell; in a refused file, or where a mailbox could not be made.
  faults TEXT,
  mailbox_id BLOB REFERENCES mailboxes (id),
  PRIMARY KEY (import_id, line)
) STRICT;
CREATE INDEX member_import_rows_faults ON member_import_rows (import_id, line) WHERE faults IS NOT NULL;
