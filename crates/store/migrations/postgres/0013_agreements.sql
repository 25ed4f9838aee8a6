-- Agreements of professional bodies, the mailboxes given under them, and the add-ons that a price list offers.

CREATE TABLE agreements (
  code TEXT COLLATE "C" PRIMARY KEY,
  body_name TEXT COLLATE "C" NOT NULL,
  -- The body's own registry record, once it has one.
  body_party_id UUID REFERENCES parties (id),
  domain TEXT COLLATE "C" NOT NULL REFERENCES mail_domains (name),
  valid_from_day BIGINT NOT NULL,
  valid_until_day BIGINT,
  -- What it is open for; the two end apart.
  purchases BOOLEAN NOT NULL,
  renewals BOOLEAN NOT NULL,
  -- Prices and, by its offers, the catalogue of the members.
  price_list TEXT COLLATE "C" NOT NULL REFERENCES price_lists (code),
  renewal_kind TEXT COLLATE "C" NOT NULL CHECK (renewal_kind IN ('by_body','by_holder')),
  years BIGINT NOT NULL CHECK (years BETWEEN 1 AND 5),
  -- Who is invoiced for the mailboxes; add-ons are always invoiced to the holder (domain notes 4.2).
  invoiced TEXT COLLATE "C" NOT NULL CHECK (invoiced IN ('body','holder')),
  -- Most mailboxes that live at a time; null is without limit.
  mailbox_quota BIGINT
);

-- Renewal type of one mailbox, changeable apart from its agreement's (domain notes 4.1); its years stand in `terms`.
CREATE TABLE agreement_mailboxes (
  mailbox_id UUID PRIMARY KEY REFERENCES mailboxes (id),
  agreement_code TEXT COLLATE "C" NOT NULL REFERENCES agreements (code),
  renewal_kind TEXT COLLATE "C" NOT NULL CHECK (renewal_kind IN ('by_body','by_holder'))
);
CREATE INDEX agreement_mailboxes_agreement ON agreement_mailboxes (agreement_code, mailbox_id);

-- How the list counts the time of an add-on (domain notes 5.3, 5.4); null when it sells none.
ALTER TABLE price_lists ADD COLUMN addon_rule TEXT COLLATE "C" CHECK (addon_rule IN ('three_months','monthly'));

-- Which add-ons a list sells for which plan, and how many GB of each a mailbox may have in all.
CREATE TABLE addon_offers (
  price_list TEXT COLLATE "C" NOT NULL REFERENCES price_lists (code),
  plan_code TEXT COLLATE "C" NOT NULL REFERENCES products (code),
  service TEXT COLLATE "C" NOT NULL REFERENCES products (code),
  max_gb BIGINT NOT NULL CHECK (max_gb > 0),
  PRIMARY KEY (price_list, plan_code, service)
);
