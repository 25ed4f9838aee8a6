-- The provider's bank account: statements as they were uploaded, and each movement once.

CREATE TABLE bank_statements (
  id BLOB PRIMARY KEY NOT NULL,
  account TEXT NOT NULL,
  -- The bank's identifier of the statement.
  reference TEXT NOT NULL,
  file_sha256 BLOB NOT NULL,
  movements INTEGER NOT NULL,
  made_at INTEGER,
  taken_at INTEGER NOT NULL,
  operator_id BLOB,
  UNIQUE (account, reference)
) STRICT;
CREATE INDEX bank_statements_file ON bank_statements (file_sha256);

CREATE TABLE bank_movements (
  id BLOB PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  account TEXT NOT NULL,
  -- The bank's reference: the same movement is never taken twice, by hand or from a file.
  reference TEXT NOT NULL,
  -- None: booked by hand.
  statement_id BLOB REFERENCES bank_statements (id),
  state TEXT NOT NULL CHECK (state IN ('new','booked','unmatched','aside','unknown','given_back')),
  -- Why it is not booked: a code of the matching, or of the file.
  reason_code TEXT,
  -- What the operator wrote.
  note TEXT,
  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
  currency TEXT NOT NULL,
  value_day INTEGER NOT NULL,
  payer TEXT,
  payer_account TEXT,
  reason TEXT NOT NULL,
  order_id BLOB REFERENCES orders (id),
  attempt_id BLOB REFERENCES attempts (id),
  taken_at INTEGER NOT NULL,
  UNIQUE (account, reference)
) STRICT;
CREATE INDEX bank_movements_state ON bank_movements (state, taken_at, id);
CREATE INDEX bank_movements_taken ON bank_movements (taken_at, id);
CREATE INDEX bank_movements_order ON bank_movements (order_id);
CREATE INDEX bank_movements_statement ON bank_movements (statement_id);
