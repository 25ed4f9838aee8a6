-- Which add-ons a list sells for which plan, each from a day on: in force is the row of the latest day that has come.
-- `addon_offers` is what programs before this one read; nothing is written there any more.
CREATE TABLE dated_offers (
  price_list TEXT NOT NULL REFERENCES price_lists (code),
  plan_code TEXT NOT NULL REFERENCES products (code),
  service TEXT NOT NULL REFERENCES products (code),
  from_day INTEGER NOT NULL,
  -- Most GB that a mailbox may have in all; none is no longer sold.
  max_gb INTEGER NOT NULL CHECK (max_gb >= 0),
  made_at INTEGER NOT NULL,
  operator_id BLOB REFERENCES operators (id),
  PRIMARY KEY (price_list, plan_code, service, from_day)
) STRICT;
INSERT INTO dated_offers (price_list, plan_code, service, from_day, max_gb, made_at)
SELECT price_list, plan_code, service, 0, max_gb, 0 FROM addon_offers;

-- Two operators who change the same list or product at once are told apart by it.
ALTER TABLE price_lists ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE products ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- What came of each obligation that a night looked at, but for those that the credit paid: these say so themselves. No
-- reference to the night or the obligation, since looking one up for each row would cost what the row does.
CREATE TABLE night_obligations (
  day INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('charging','charged','failed','short','not-renewed','lapsed','parked','waiting')),
  service_id BLOB NOT NULL,
  period_start INTEGER NOT NULL,
  -- Why it is parked, has lapsed or was refused.
  reason TEXT,
  -- When it is looked at again.
  next_day INTEGER,
  -- The charge that was asked for; its end is the outcome.
  attempt_id BLOB REFERENCES attempts (id),
  PRIMARY KEY (day, outcome, service_id, period_start)
) STRICT, WITHOUT ROWID;
CREATE INDEX night_obligations_attempt ON night_obligations (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX obligations_met ON obligations (settled_day, service_id, period_start) WHERE state = 'met' AND way = 'wallet';

-- The list of statements goes on behind its first page.
CREATE INDEX bank_statements_taken ON bank_statements (taken_at, id);
