-- Every request of somebody signed in asks for these few fields. In their tables they stand among much else, and each is
-- found by two ways down a tree, of the key and of the row; here by one, through pages that stay at hand.
CREATE INDEX logins_signed_in ON logins (id, party_id, username, state);
CREATE INDEX parties_signed_in ON parties (id, display_name);
