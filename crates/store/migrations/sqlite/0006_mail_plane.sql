-- What the mail servers read. The columns of the two views are a promise towards their configuration
-- (`ceralacca mail-config`); tables below may change, these may only grow.

-- A mailbox that exists only while `ceralacca doctor` proves an installation.
CREATE TABLE mail_probes (
  address TEXT PRIMARY KEY NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Who may log in, receive and send (domain notes 4.4). A mailbox being activated or removed is seen by the
-- platform's own questions only: every may_ column is false.
CREATE VIEW mail_accounts (address, password_hash, quota_bytes, may_login, may_receive, may_send) AS
SELECT address, password_hash, (space_mib + extra_space_mib) * 1048576,
  state IN ('active','expired') AND password_hash IS NOT NULL,
  state IN ('active','expired'),
  state = 'active' AND password_hash IS NOT NULL
FROM mailboxes WHERE state IN ('activating','active','expired')
UNION ALL
SELECT address, NULL, 0, FALSE, FALSE, FALSE FROM addresses WHERE state = 'released'
UNION ALL
SELECT address, password_hash, 1048576, TRUE, TRUE, FALSE FROM mail_probes;

CREATE VIEW mail_domains_served (name) AS SELECT name FROM mail_domains WHERE served;
