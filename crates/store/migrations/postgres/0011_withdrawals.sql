-- Contracts that consumers withdrew from (Consumer code art. 54-bis): the statement as it was made, never changed.
CREATE TABLE withdrawals (
  order_id UUID PRIMARY KEY REFERENCES orders (id),
  login_id UUID NOT NULL REFERENCES logins (id),
  -- As the consumer gave them: his name, and where the acknowledgement went.
  name TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  received_at BIGINT NOT NULL,
  -- Last day on which the money must have gone back.
  refund_due_day BIGINT NOT NULL,
  refund_cents BIGINT NOT NULL CHECK (refund_cents >= 0),
  ip TEXT COLLATE "C",
  user_agent TEXT COLLATE "C"
);
CREATE INDEX withdrawals_received ON withdrawals (received_at, order_id);
