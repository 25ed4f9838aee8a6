-- Notices of termination (domain notes 2.10) as they were given: kept for ever, one at work for each mailbox.
CREATE TABLE terminations (
  id UUID PRIMARY KEY,
  mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('at_end','at_once')),
  -- Given, taken back by its holder, overtaken by a renewal after the end, or done: the mailbox is gone.
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('given','taken_back','renewed','done')),
  -- Last day of the paid period when it was given.
  end_day BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  -- With an account, or with the mailbox itself.
  given_by TEXT COLLATE "C" NOT NULL CHECK (given_by IN ('login','mailbox')),
  giver_id UUID NOT NULL,
  -- How the next period would have been paid, for the way back.
  former_way TEXT COLLATE "C" NOT NULL,
  former_auto BOOLEAN NOT NULL,
  ip TEXT COLLATE "C",
  user_agent TEXT COLLATE "C",
  closed_at BIGINT
);
CREATE UNIQUE INDEX terminations_given ON terminations (mailbox_id) WHERE state = 'given';
CREATE INDEX terminations_mailbox ON terminations (mailbox_id, given_at);

-- Its holder gave notice for the end of this term. Beside the term, since a night and every list read terms.
ALTER TABLE terms ADD COLUMN notice BOOLEAN NOT NULL DEFAULT FALSE;
