-- The probe mailbox of `ceralacca doctor` sends too: to itself, the way a customer's mail program does.
-- Replaced in place, so that the rights of the mail servers' role stay.
CREATE OR REPLACE VIEW mail_accounts (address, password_hash, quota_bytes, may_login, may_receive, may_send) AS
SELECT address, password_hash, (space_mib + extra_space_mib) * 1048576,
  state IN ('active','expired') AND password_hash IS NOT NULL,
  state IN ('active','expired'),
  state = 'active' AND password_hash IS NOT NULL
FROM mailboxes WHERE state IN ('activating','active','expired')
UNION ALL
SELECT address, NULL, 0, FALSE, FALSE, FALSE FROM addresses WHERE state = 'released'
UNION ALL
SELECT address, password_hash, 1048576, TRUE, TRUE, TRUE FROM mail_probes;
