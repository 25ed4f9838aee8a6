-- The provider's bank account: statements as they were uploaded, and each movement once.

CREATE TABLE bank_statements (
  id UUID PRIMARY KEY,
  account TEXT COLLATE "C" NOT NULL,
  -- The bank's identifier of the statement.
  reference TEXT COLLATE "C" NOT NULL,
  file_sha256 BYTEA NOT NULL,
  movements BIGINT NOT NULL,
  made_at BIGINT,
  taken_at BIGINT NOT NULL,
  operator_id UUID,
  UNIQUE (account, reference)
);
CREATE INDEX bank_statements_file ON bank_statements (file_sha256);

CREATE TABLE bank_movements (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- The bank's reference: the same movement is never taken twice, by hand or from a file.
  reference TEXT COLLATE "C" NOT NULL,
  -- None: booked by hand.
  statement_id UUID REFERENCES bank_statements (id),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('new','booked','unmatched','aside','unknown','given_back')),
  -- Why it is not booked: a code of the matching, or of the file.
  reason_code TEXT COLLATE "C",
  -- What the operator wrote.
  note TEXT COLLATE "C",
  amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
  currency TEXT COLLATE "C" NOT NULL,
  value_day BIGINT NOT NULL,
  payer TEXT COLLATE "C",
  payer_account TEXT COLLATE "C",
  reason TEXT COLLATE "C" NOT NULL,
  order_id UUID REFERENCES orders (id),
  attempt_id UUID REFERENCES attempts (id),
  taken_at BIGINT NOT NULL,
  UNIQUE (account, reference)
);
CREATE INDEX bank_movements_state ON bank_movements (state, taken_at, id);
CREATE INDEX bank_movements_taken ON bank_movements (taken_at, id);
CREATE INDEX bank_movements_order ON bank_movements (order_id);
CREATE INDEX bank_movements_statement ON bank_movements (statement_id);
