-- Nothing changes here. PostgreSQL finds a row by one way down the tree of its key, and an index that holds what a request
-- asks for would spare it that row only where nothing near it was written of late.
SELECT 1;
