-- The desk of a body lists, counts and filters its members' mailboxes, an agreement has them by the ten thousand. Their own row
-- and that of their period say under which agreement they stand, which never changes: so each question goes along one index
-- that holds what is asked, and looks at no other row for those that are not on the page.
ALTER TABLE mailboxes ADD COLUMN agreement_code TEXT COLLATE "C";
UPDATE mailboxes SET agreement_code = (SELECT g.agreement_code FROM agreement_mailboxes g WHERE g.mailbox_id = mailboxes.id)
  WHERE id IN (SELECT g.mailbox_id FROM agreement_mailboxes g);
CREATE INDEX mailboxes_agreement ON mailboxes (agreement_code, address, id, state, plan_code, holder_name, holder_tax_key) WHERE agreement_code IS NOT NULL;
CREATE INDEX mailboxes_agreement_state ON mailboxes (agreement_code, state) WHERE agreement_code IS NOT NULL;
ALTER TABLE terms ADD COLUMN agreement_code TEXT COLLATE "C";
UPDATE terms SET agreement_code = (SELECT g.agreement_code FROM agreement_mailboxes g WHERE g.mailbox_id = terms.mailbox_id)
  WHERE mailbox_id IN (SELECT g.mailbox_id FROM agreement_mailboxes g);
CREATE INDEX terms_agreement ON terms (agreement_code, end_day, mailbox_id) WHERE agreement_code IS NOT NULL;
DROP INDEX agreement_mailboxes_address;
CREATE INDEX agreement_mailboxes_kind ON agreement_mailboxes (agreement_code, renewal_kind, address, mailbox_id);
-- And so do the lists of a customer, by what they are filtered by.
DROP INDEX mailboxes_login;
CREATE INDEX mailboxes_login ON mailboxes (login_id, address, id, state, plan_code, holder_kind, holder_name);
DROP INDEX terms_login;
CREATE INDEX terms_login ON terms (login_id, end_day, mailbox_id, notice);
DROP INDEX orders_login;
CREATE INDEX orders_login ON orders (login_id, placed_at, id, state, number);
DROP INDEX operations_party;
CREATE INDEX operations_party ON operations (party_id, at, id, kind, outcome);
