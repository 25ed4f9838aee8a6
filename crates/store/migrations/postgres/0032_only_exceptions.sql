-- Nothing changes here: PostgreSQL joins a day's rows at once, and has had no index for it since migration 0030.
SELECT 1;
