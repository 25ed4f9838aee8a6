-- What lies in a mailbox, as the mail servers last told, apart from the wide row that pages read. A row begins with
-- the activation and goes with the content.
CREATE TABLE mailbox_usage (
  mailbox_id BLOB PRIMARY KEY NOT NULL REFERENCES mailboxes (id),
  -- NULL until the servers have answered once.
  used_kib INTEGER CHECK (used_kib >= 0),
  counted_at INTEGER,
  -- When to ask again.
  due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mailbox_usage_due ON mailbox_usage (due_at, mailbox_id);
INSERT INTO mailbox_usage (mailbox_id, due_at) SELECT id, 0 FROM mailboxes WHERE state IN ('active','expired');
