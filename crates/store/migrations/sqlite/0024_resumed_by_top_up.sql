-- What lacked credit may also be the renewal of the mailbox, or an add-on that comes back.
ALTER TABLE topups ADD COLUMN years INTEGER;
ALTER TABLE topups ADD COLUMN addon_id BLOB REFERENCES addons (id);
