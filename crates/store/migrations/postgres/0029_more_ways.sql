-- Looked for by their login, and mailboxes of orders by the holder whose data are changed.
CREATE INDEX registrations_login ON registrations (login_id) WHERE login_id IS NOT NULL;
CREATE INDEX order_mailboxes_holder ON order_mailboxes (holder_id) WHERE holder_id IS NOT NULL;
