-- The nightly run of each civil date: its steps with their place, and what came of the rows it looked at.

CREATE TABLE nights (
  day BIGINT PRIMARY KEY,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('running','paused','done','superseded')),
  begun_at BIGINT NOT NULL,
  ended_at BIGINT
);

CREATE TABLE night_steps (
  day BIGINT NOT NULL REFERENCES nights (day),
  position BIGINT NOT NULL,
  step TEXT COLLATE "C" NOT NULL,
  -- Up to this row, in the order of the step (a day, then an identifier), all is done.
  after_day BIGINT NOT NULL,
  after_id UUID NOT NULL,
  pages BIGINT NOT NULL,
  -- How many rows waited when the step began; null before.
  due BIGINT,
  seen BIGINT NOT NULL,
  -- Time at work by the clock of the system, pauses not counted.
  worked_us BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (day, position)
);

CREATE TABLE night_outcomes (
  day BIGINT NOT NULL REFERENCES nights (day),
  step TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (day, step, outcome)
);
