-- The add-on «avviso SMS». The list of services is a CHECK, which SQLite changes only with the table: it is made anew
-- with all of its rows. References to it are by name and stay.
CREATE TABLE addons_anew (
  id BLOB PRIMARY KEY NOT NULL,
  mailbox_id BLOB NOT NULL REFERENCES mailboxes (id),
  service TEXT NOT NULL CHECK (service IN ('extra_space','extra_archive','legal_storage','sms_notice')),
  -- How many: GB, or 1 of what is not counted.
  gb INTEGER NOT NULL CHECK (gb > 0),
  start_day INTEGER NOT NULL,
  end_day INTEGER NOT NULL,
  -- Nothing was paid for it so far: bought in the last three months of a term and not renewed yet.
  free INTEGER NOT NULL CHECK (free IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('active','ended')),
  -- Price and rule of its renewal.
  price_list TEXT NOT NULL REFERENCES price_lists (code),
  order_id BLOB NOT NULL REFERENCES orders (id)
) STRICT;
INSERT INTO addons_anew (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id)
SELECT id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id FROM addons;
DROP TABLE addons;
ALTER TABLE addons_anew RENAME TO addons;
CREATE INDEX addons_end ON addons (end_day, mailbox_id) WHERE state = 'active';
CREATE INDEX addons_mailbox ON addons (mailbox_id, service, end_day);

-- What the holder of a mailbox with that add-on was told. A row begins with the purchase and goes once it is seen that
-- the add-on has ended.
CREATE TABLE sms_notices (
  mailbox_id BLOB PRIMARY KEY NOT NULL REFERENCES mailboxes (id),
  -- When to ask the mail servers again.
  due_at INTEGER NOT NULL,
  -- Unread messages that he knows of.
  told_unread INTEGER NOT NULL CHECK (told_unread >= 0),
  -- Day of the last text message.
  told_day INTEGER
) STRICT;
CREATE INDEX sms_notices_due ON sms_notices (due_at, mailbox_id);
