-- Each card blank as an item from its delivery to its end, counts by hand and by the machine, and what differed.
-- Paper, ribbon and toner are counted, and not numbered.

CREATE TABLE blanks (
    item       INTEGER PRIMARY KEY,
    serial     TEXT UNIQUE,              -- NULL: the machine printed a card that no record had put into it
    state      TEXT NOT NULL CHECK (state IN ('in_store', 'in_feeder', 'in_path', 'delivered', 'retracted', 'spoiled',
                                              'destroyed', 'missing', 'void')),
    -- void: a card without a serial that turned out to be one of the books; that one has its place now
    loaded     INTEGER NOT NULL CHECK (loaded IN (0, 1)),  -- it was put into the feeder, or found there
    place      INTEGER,                  -- in the feeder: the lowest is drawn next
    in_bin     INTEGER NOT NULL CHECK (in_bin IN (0, 1)),  -- kept back in the machine, and in no operator's hand yet
    attempt_id TEXT,                     -- that drew it last; no reference, since attempts move to an archive
    printed    INTEGER CHECK (printed IN (0, 1)),  -- whether the machine counted it as printed; NULL: nobody knows
    changed_at TEXT NOT NULL,
    CHECK ((state = 'in_feeder') = (place IS NOT NULL)),
    CHECK (in_bin = 0 OR state IN ('retracted', 'spoiled')),
    CHECK (loaded = 0 OR state NOT IN ('in_store', 'void'))
) STRICT;
CREATE UNIQUE INDEX blanks_in_feeder ON blanks (place) WHERE state = 'in_feeder';
CREATE INDEX blanks_in_path ON blanks (item) WHERE state = 'in_path';
CREATE INDEX blanks_in_bin ON blanks (item) WHERE in_bin = 1;
CREATE INDEX blanks_of_attempt ON blanks (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE TRIGGER blanks_are_not_deleted BEFORE DELETE ON blanks
BEGIN SELECT RAISE(ABORT, 'a blank never leaves the books'); END;

-- How many are where, kept by the database itself: after ten years nobody counts a million rows for a daily account.
CREATE TABLE blank_counts (
    state  TEXT NOT NULL,
    loaded INTEGER NOT NULL,
    n      INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (state, loaded)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER blanks_counted_in AFTER INSERT ON blanks BEGIN
    INSERT INTO blank_counts VALUES (NEW.state, NEW.loaded, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER blanks_counted_over AFTER UPDATE OF state, loaded ON blanks BEGIN
    UPDATE blank_counts SET n = n - 1 WHERE state = OLD.state AND loaded = OLD.loaded;
    INSERT INTO blank_counts VALUES (NEW.state, NEW.loaded, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TABLE blank_moves (
    number     INTEGER PRIMARY KEY,
    item       INTEGER NOT NULL REFERENCES blanks (item),
    was        TEXT,                     -- NULL: it was not in the books
    state      TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL,            -- operator:<id> | applicant | system:<part>
    attempt_id TEXT
) STRICT;
CREATE INDEX blank_moves_of_item ON blank_moves (item);
CREATE TRIGGER blank_moves_are_not_changed BEFORE UPDATE ON blank_moves
BEGIN SELECT RAISE(ABORT, 'the history of a blank is only added to'); END;
CREATE TRIGGER blank_moves_are_not_deleted BEFORE DELETE ON blank_moves
BEGIN SELECT RAISE(ABORT, 'the history of a blank is only added to'); END;

CREATE TABLE blank_book (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    kept_since TEXT                      -- the first load by record; NULL: no stock is kept here, and nothing is missed
) STRICT;
INSERT INTO blank_book (one) VALUES (1);

-- What a hand or the machine itself counted at one moment, and what the ledger said then.
CREATE TABLE stocktakes (
    number   INTEGER PRIMARY KEY,
    day      TEXT UNIQUE,                -- the balance of this day, one a day; NULL: on demand
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    feeder   INTEGER,                    -- counted by hand, NULL: not counted
    bin      INTEGER,
    printed  INTEGER,                    -- the machine's own counters, NULL: it has none or did not answer
    rejected INTEGER,
    quiet    INTEGER NOT NULL CHECK (quiet IN (0, 1)),  -- no card was in the path: the next balance starts from here
    up_to    INTEGER NOT NULL,           -- the last move before
    ledger   TEXT NOT NULL               -- JSON: how many blanks were in which state
) STRICT;
CREATE INDEX stocktakes_with_counters ON stocktakes (number) WHERE quiet = 1 AND printed IS NOT NULL;
CREATE TRIGGER stocktakes_are_not_changed BEFORE UPDATE ON stocktakes
BEGIN SELECT RAISE(ABORT, 'a stocktake is only added to'); END;
CREATE TRIGGER stocktakes_are_not_deleted BEFORE DELETE ON stocktakes
BEGIN SELECT RAISE(ABORT, 'a stocktake is only added to'); END;

CREATE TABLE differences (
    number     INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    amount     INTEGER NOT NULL,         -- what was found less what the ledger says
    evidence   TEXT NOT NULL,            -- JSON: both counts, counters, attempts in between
    stocktake  INTEGER REFERENCES stocktakes (number),
    opened_at  TEXT NOT NULL,
    opened_by  TEXT NOT NULL,
    settled_at TEXT,
    settled_by TEXT,                     -- operator
    reason     TEXT,
    CHECK ((settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (reason IS NULL))
) STRICT;
CREATE INDEX differences_open ON differences (number) WHERE settled_at IS NULL;
CREATE TRIGGER differences_are_settled_once BEFORE UPDATE ON differences WHEN OLD.settled_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a settled difference stays as it is'); END;
CREATE TRIGGER differences_are_not_deleted BEFORE DELETE ON differences
BEGIN SELECT RAISE(ABORT, 'a difference stays in the books'); END;

CREATE TABLE supply_changes (
    number  INTEGER PRIMARY KEY,
    supply  TEXT NOT NULL CHECK (supply IN ('paper', 'toner', 'ribbon', 'film')),
    amount  INTEGER NOT NULL CHECK (amount >= 0),  -- sheets now in the tray; prints that the maker promises, 0: not known
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL
) STRICT;
CREATE INDEX supply_changes_of ON supply_changes (supply, number);
