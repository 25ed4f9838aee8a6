-- Contracts that consumers withdrew from (Consumer code art. 54-bis): the statement as it was made, never changed.
CREATE TABLE withdrawals (
  order_id BLOB PRIMARY KEY NOT NULL REFERENCES orders (id),
  login_id BLOB NOT NULL REFERENCES logins (id),
  -- As the consumer gave them: his name, and where the acknowledgement went.
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  -- Last day on which the money must have gone back.
  refund_due_day INTEGER NOT NULL,
  refund_cents INTEGER NOT NULL CHECK (refund_cents >= 0),
  ip TEXT,
  user_agent TEXT
) STRICT;
CREATE INDEX withdrawals_received ON withdrawals (received_at, order_id);
