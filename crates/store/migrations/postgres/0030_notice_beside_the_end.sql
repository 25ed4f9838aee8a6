-- A night looks at the end of each period and at whether notice was given: both stand in the index now.
DROP INDEX terms_end;
CREATE INDEX terms_end ON terms (end_day, mailbox_id, notice);
-- Here is no index of mailboxes and their states, or of what is owed by its beginning: a night joins a day's rows at once, and
-- everybody who looks for one obligation would meet, on one page, those that begin on the same day.
