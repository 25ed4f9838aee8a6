-- The second factor of operators. Its secret is derived from the server's secret and this seed, so that the
-- database alone opens nothing. Seed, step and moment come with the first sign-in, which also replaces the
-- password that was handed out; without `enrolled_at` the operator has still to do it.
ALTER TABLE operators DROP COLUMN totp_secret;
ALTER TABLE operators ADD COLUMN totp_seed BYTEA;
-- The last step whose code was taken: none is taken twice.
ALTER TABLE operators ADD COLUMN totp_step BIGINT;
ALTER TABLE operators ADD COLUMN enrolled_at BIGINT;
ALTER TABLE operators ADD COLUMN last_login_at BIGINT;
