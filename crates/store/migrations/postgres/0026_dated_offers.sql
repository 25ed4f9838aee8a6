-- Which add-ons a list sells for which plan, each from a day on: in force is the row of the latest day that has come.
-- `addon_offers` is what programs before this one read; nothing is written there any more.
CREATE TABLE dated_offers (
  price_list TEXT COLLATE "C" NOT NULL REFERENCES price_lists (code),
  plan_code TEXT COLLATE "C" NOT NULL REFERENCES products (code),
  service TEXT COLLATE "C" NOT NULL REFERENCES products (code),
  from_day BIGINT NOT NULL,
  -- Most GB that a mailbox may have in all; none is no longer sold.
  max_gb BIGINT NOT NULL CHECK (max_gb >= 0),
  made_at BIGINT NOT NULL,
  operator_id UUID REFERENCES operators (id),
  PRIMARY KEY (price_list, plan_code, service, from_day)
);
INSERT INTO dated_offers (price_list, plan_code, service, from_day, max_gb, made_at)
SELECT price_list, plan_code, service, 0, max_gb, 0 FROM addon_offers;

-- Two operators who change the same list or product at once are told apart by it.
ALTER TABLE price_lists ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE products ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- What came of each obligation that a night looked at, but for those that the credit paid: these say so themselves. No
-- reference to the night or the obligation, since looking one up for each row would cost what the row does.
CREATE TABLE night_obligations (
  day BIGINT NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('charging','charged','failed','short','not-renewed','lapsed','parked','waiting')),
  service_id UUID NOT NULL,
  period_start BIGINT NOT NULL,
  -- Why it is parked, has lapsed or was refused.
  reason TEXT COLLATE "C",
  -- When it is looked at again.
  next_day BIGINT,
  -- The charge that was asked for; its end is the outcome.
  attempt_id UUID REFERENCES attempts (id),
  PRIMARY KEY (day, outcome, service_id, period_start)
);
CREATE INDEX night_obligations_attempt ON night_obligations (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX obligations_met ON obligations (settled_day, service_id, period_start) WHERE state = 'met' AND way = 'wallet';

-- The list of statements goes on behind its first page.
CREATE INDEX bank_statements_taken ON bank_statements (taken_at, id);
