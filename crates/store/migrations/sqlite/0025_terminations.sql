-- Notices of termination (domain notes 2.10) as they were given: kept for ever, one at work for each mailbox.
CREATE TABLE terminations (
  id BLOB PRIMARY KEY NOT NULL,
  mailbox_id BLOB NOT NULL REFERENCES mailboxes (id),
  kind TEXT NOT NULL CHECK (kind IN ('at_end','at_once')),
  -- Given, taken back by its holder, overtaken by a renewal after the end, or done: the mailbox is gone.
  state TEXT NOT NULL CHECK (state IN ('given','taken_back','renewed','done')),
  -- Last day of the paid period when it was given.
  end_day INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  -- With an account, or with the mailbox itself.
  given_by TEXT NOT NULL CHECK (given_by IN ('login','mailbox')),
  giver_id BLOB NOT NULL,
  -- How the next period would have been paid, for the way back.
  former_way TEXT NOT NULL,
  former_auto INTEGER NOT NULL CHECK (former_auto IN (0, 1)),
  ip TEXT,
  user_agent TEXT,
  closed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX terminations_given ON terminations (mailbox_id) WHERE state = 'given';
CREATE INDEX terminations_mailbox ON terminations (mailbox_id, given_at);

-- Its holder gave notice for the end of this term. Beside the term, since a night and every list read terms.
ALTER TABLE terms ADD COLUMN notice INTEGER NOT NULL DEFAULT 0 CHECK (notice IN (0, 1));
