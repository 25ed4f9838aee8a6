-- The add-on «avviso SMS».
ALTER TABLE addons DROP CONSTRAINT addons_service_check;
ALTER TABLE addons ADD CONSTRAINT addons_service_check CHECK (service IN ('extra_space','extra_archive','legal_storage','sms_notice'));

-- What the holder of a mailbox with that add-on was told. A row begins with the purchase and goes once it is seen that
-- the add-on has ended.
CREATE TABLE sms_notices (
  mailbox_id UUID PRIMARY KEY NOT NULL REFERENCES mailboxes (id),
  -- When to ask the mail servers again.
  due_at BIGINT NOT NULL,
  -- Unread messages that he knows of.
  told_unread BIGINT NOT NULL CHECK (told_unread >= 0),
  -- Day of the last text message.
  told_day BIGINT
);
CREATE INDEX sms_notices_due ON sms_notices (due_at, mailbox_id);
