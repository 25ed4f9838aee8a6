-- Agreements of professional bodies, the mailboxes given under them, and the add-ons that a price list offers.

CREATE TABLE agreements (
  code TEXT PRIMARY KEY NOT NULL,
  body_name TEXT NOT NULL,
  -- The body's own registry record, once it has one.
  body_party_id BLOB REFERENCES parties (id),
  domain TEXT NOT NULL REFERENCES mail_domains (name),
  valid_from_day INTEGER NOT NULL,
  valid_until_day INTEGER,
  -- What it is open for; the two end apart.
  purchases INTEGER NOT NULL CHECK (purchases IN (0, 1)),
  renewals INTEGER NOT NULL CHECK (renewals IN (0, 1)),
  -- Prices and, by its offers, the catalogue of the members.
  price_list TEXT NOT NULL REFERENCES price_lists (code),
  renewal_kind TEXT NOT NULL CHECK (renewal_kind IN ('by_body','by_holder')),
  years INTEGER NOT NULL CHECK (years BETWEEN 1 AND 5),
  -- Who is invoiced for the mailboxes; add-ons are always invoiced to the holder (domain notes 4.2).
  invoiced TEXT NOT NULL CHECK (invoiced IN ('body','holder')),
  -- Most mailboxes that live at a time; null is without limit.
  mailbox_quota INTEGER
) STRICT;

-- Renewal type of one mailbox, changeable apart from its agreement's (domain notes 4.1); its years stand in `terms`.
CREATE TABLE agreement_mailboxes (
  mailbox_id BLOB PRIMARY KEY NOT NULL REFERENCES mailboxes (id),
  agreement_code TEXT NOT NULL REFERENCES agreements (code),
  renewal_kind TEXT NOT NULL CHECK (renewal_kind IN ('by_body','by_holder'))
) STRICT;
CREATE INDEX agreement_mailboxes_agreement ON agreement_mailboxes (agreement_code, mailbox_id);

-- How the list counts the time of an add-on (domain notes 5.3, 5.4); null when it sells none.
ALTER TABLE price_lists ADD COLUMN addon_rule TEXT CHECK (addon_rule IN ('three_months','monthly'));

-- Which add-ons a list sells for which plan, and how many GB of each a mailbox may have in all.
CREATE TABLE addon_offers (
  price_list TEXT NOT NULL REFERENCES price_lists (code),
  plan_code TEXT NOT NULL REFERENCES products (code),
  service TEXT NOT NULL REFERENCES products (code),
  max_gb INTEGER NOT NULL CHECK (max_gb > 0),
  PRIMARY KEY (price_list, plan_code, service)
) STRICT;
