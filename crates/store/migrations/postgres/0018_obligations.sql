-- What is owed for the next period of each service: one row for each mailbox or add-on and period. Narrow, since a night
-- walks over all that is due.
CREATE TABLE obligations (
  -- A mailbox or an add-on.
  service_id UUID NOT NULL,
  -- First day that is not paid yet: the day after the service's last one.
  period_start BIGINT NOT NULL,
  service_kind TEXT COLLATE "C" NOT NULL CHECK (service_kind IN ('mailbox','addon')),
  -- The mailbox itself, or the one that the add-on belongs to.
  mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
  -- When the night next looks at it.
  due_day BIGINT NOT NULL,
  -- Where the money will come from.
  way TEXT COLLATE "C" NOT NULL CHECK (way IN ('manual','card','paypal','wallet','body')),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open','running','met','lapsed','parked')),
  -- Charges that failed, or times the credit was short.
  tries BIGINT NOT NULL,
  -- The renewal order that stands for it.
  order_id UUID REFERENCES orders (id),
  -- Why it is parked or has lapsed.
  reason TEXT COLLATE "C",
  -- The day on which it was met, parked or lapsed.
  settled_day BIGINT,
  PRIMARY KEY (service_id, period_start)
);
CREATE INDEX obligations_due ON obligations (due_day, service_id) WHERE state = 'open';
CREATE INDEX obligations_parked ON obligations (due_day, service_id) WHERE state = 'parked';

-- What a renewal order renews; bodies renew many mailboxes with one.
CREATE TABLE order_services (
  order_id UUID NOT NULL REFERENCES orders (id),
  service_id UUID NOT NULL,
  mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
  -- The period that is paid, and how long it is.
  period_start BIGINT NOT NULL,
  years BIGINT NOT NULL CHECK (years BETWEEN 1 AND 5),
  PRIMARY KEY (order_id, service_id)
);
CREATE INDEX order_services_service ON order_services (service_id, period_start);

-- What exists. A charge is due seven days before the end; the rest is looked at when it can no longer be renewed, 90
-- days after it. Add-ons are renewed with their mailbox, and end on the day after their last one otherwise.
INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries)
SELECT mailbox_id, end_day + 1, 'mailbox', mailbox_id, CASE WHEN way IN ('card','paypal','wallet') THEN end_day - 7 ELSE end_day + 91 END, way, 'open', 0
FROM (SELECT t.mailbox_id, t.end_day, CASE WHEN g.renewal_kind = 'by_body' THEN 'body' WHEN g.renewal_kind = 'by_holder' THEN 'wallet'
  WHEN NOT t.auto_renew THEN 'manual' WHEN o.payment_method IN ('card','paypal') THEN o.payment_method ELSE 'manual' END AS way
  FROM terms t JOIN mailboxes m ON m.id = t.mailbox_id JOIN orders o ON o.id = m.order_id
  LEFT JOIN agreement_mailboxes g ON g.mailbox_id = t.mailbox_id WHERE m.state IN ('activating','active','expired')) AS living;
INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries)
SELECT id, end_day + 1, 'addon', mailbox_id, end_day + 1, 'wallet', 'open', 0 FROM addons WHERE state = 'active';
