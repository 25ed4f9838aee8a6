-- A renewal may change the plan and the extra space of its mailbox; null leaves them as they are.
ALTER TABLE order_services ADD COLUMN plan_code TEXT REFERENCES products (code);
-- GB of extra space that the mailbox has in all from then on.
ALTER TABLE order_services ADD COLUMN extra_gb INTEGER CHECK (extra_gb >= 0);

-- Space that a mailbox gives back: as soon as what lies in it fits, and after a day in any case.
CREATE TABLE space_falls (
  mailbox_id BLOB PRIMARY KEY NOT NULL REFERENCES mailboxes (id),
  -- What stays: of the plan, and beside it.
  space_mib INTEGER NOT NULL CHECK (space_mib >= 0),
  extra_space_mib INTEGER NOT NULL CHECK (extra_space_mib >= 0),
  -- Last day of the larger space.
  until_day INTEGER NOT NULL,
  -- The customer knows that it does not fit.
  told INTEGER NOT NULL CHECK (told IN (0, 1))
) STRICT;
CREATE INDEX space_falls_until ON space_falls (until_day, mailbox_id);
