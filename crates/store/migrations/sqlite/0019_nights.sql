-- The nightly run of each civil date: its steps with their place, and what came of the rows it looked at.

CREATE TABLE nights (
  day INTEGER PRIMARY KEY NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running','paused','done','superseded')),
  begun_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE night_steps (
  day INTEGER NOT NULL REFERENCES nights (day),
  position INTEGER NOT NULL,
  step TEXT NOT NULL,
  -- Up to this row, in the order of the step (a day, then an identifier), all is done.
  after_day INTEGER NOT NULL,
  after_id BLOB NOT NULL,
  pages INTEGER NOT NULL,
  -- How many rows waited when the step began; null before.
  due INTEGER,
  seen INTEGER NOT NULL,
  -- Time at work by the clock of the system, pauses not counted.
  worked_us INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (day, position)
) STRICT;

CREATE TABLE night_outcomes (
  day INTEGER NOT NULL REFERENCES nights (day),
  step TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, step, outcome)
) STRICT;
