-- Which step of the notices of expiry a service was told, each once. In the order of the days, since a night tells whole
-- days of them, and old ones go together.
CREATE TABLE notices_sent (
  -- Last day of the period that ends; a renewal moves it, and its notices begin anew.
  end_day BIGINT NOT NULL,
  -- A mailbox or an add-on.
  service_id UUID NOT NULL,
  step BIGINT NOT NULL,
  -- The night that told it.
  sent_day BIGINT NOT NULL,
  PRIMARY KEY (end_day, service_id, step)
);

-- How full its holder was told the mailbox is, in percent; falls with what lies in it.
ALTER TABLE mailbox_usage ADD COLUMN told_percent BIGINT NOT NULL DEFAULT 0;

-- A full mailbox receives and is read, but does not send (domain notes 4.4); `over_quota` tells the words of the refusal.
-- Replaced in place, so that the rights of the mail servers' role stay.
CREATE OR REPLACE VIEW mail_accounts (address, password_hash, quota_bytes, may_login, may_receive, may_send, over_quota) AS
SELECT address, password_hash, quota_bytes, living AND password_hash IS NOT NULL, living, state = 'active' AND password_hash IS NOT NULL AND NOT full_now, full_now
FROM (SELECT m.address, m.password_hash, (m.space_mib + m.extra_space_mib) * 1048576 AS quota_bytes, m.state, m.state IN ('active','expired') AS living,
    COALESCE(u.used_kib >= (m.space_mib + m.extra_space_mib) * 1024, FALSE) AS full_now
  FROM mailboxes m LEFT JOIN mailbox_usage u ON u.mailbox_id = m.id WHERE m.state IN ('activating','active','expired')) AS made
UNION ALL
SELECT address, NULL, 0, FALSE, FALSE, FALSE, FALSE FROM addresses WHERE state = 'released'
UNION ALL
SELECT address, password_hash, 1048576, TRUE, TRUE, TRUE, FALSE FROM mail_probes;
