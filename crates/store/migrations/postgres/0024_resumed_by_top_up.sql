-- What lacked credit may also be the renewal of the mailbox, or an add-on that comes back.
ALTER TABLE topups ADD COLUMN years BIGINT;
ALTER TABLE topups ADD COLUMN addon_id UUID REFERENCES addons (id);
