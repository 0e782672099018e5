-- Attempts, their history, the audit chain, what waits for the Dinas, and the kiosk's own login budget.
-- No NIK, no name, no PIN in any column. Times are RFC 3339 in UTC.

CREATE TABLE attempts (
    attempt_id       TEXT PRIMARY KEY,   -- UUIDv7, also the title of the spooler's job
    permit_id        TEXT NOT NULL,
    document         TEXT NOT NULL,      -- code of the catalogue
    medium           TEXT NOT NULL CHECK (medium IN ('card', 'a4')),
    device           TEXT NOT NULL,
    phase            TEXT NOT NULL,
    sheets           INTEGER,
    job_id           INTEGER,
    job_uuid         TEXT,
    counter_printed  INTEGER,            -- the machine's counters before the job
    counter_rejected INTEGER,
    evidence         TEXT NOT NULL DEFAULT '{}',
    blank            TEXT,
    reason           TEXT,
    outcome          TEXT CHECK (outcome IN ('printed', 'not_printed', 'spoiled', 'unknown')),
    accounted_by     TEXT,               -- operator who accounted for a spoiled blank
    report_by        TEXT,
    reserved_at      TEXT NOT NULL,
    changed_at       TEXT NOT NULL
) STRICT;

-- I1: while an attempt at a permit is alive, in doubt or has succeeded, the database itself refuses another one.
CREATE UNIQUE INDEX one_attempt_at_a_permit ON attempts (permit_id)
    WHERE phase NOT IN ('failed', 'spoiled', 'retracted') OR outcome IS NULL;

-- I4: a device does one attempt at a time, and none while one of its attempts is unknown.
CREATE UNIQUE INDEX one_attempt_on_a_device ON attempts (device)
    WHERE outcome IS NULL OR outcome = 'unknown';

CREATE TABLE attempt_phases (
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
    number     INTEGER NOT NULL,         -- from 1
    phase      TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL,            -- applicant | operator:<id> | system:<part>
    detail     TEXT NOT NULL,
    PRIMARY KEY (attempt_id, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER attempt_phases_are_not_changed BEFORE UPDATE ON attempt_phases
BEGIN SELECT RAISE(ABORT, 'the history of an attempt is only added to'); END;
CREATE TRIGGER attempt_phases_are_not_deleted BEFORE DELETE ON attempt_phases
BEGIN SELECT RAISE(ABORT, 'the history of an attempt is only added to'); END;

CREATE TABLE audit (
    seq   INTEGER PRIMARY KEY CHECK (seq >= 1),
    at    TEXT NOT NULL,
    event TEXT NOT NULL,
    data  TEXT NOT NULL,
    prev  TEXT NOT NULL CHECK (length(prev) = 64),
    hash  TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

CREATE TABLE outbox (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
    body       TEXT NOT NULL,            -- Outcome of the contract, as JSON; sent the same every time
    queued_at  TEXT NOT NULL,
    sent_at    TEXT,
    refused_at TEXT,                     -- the Dinas answered what no repeat can change; kept for a person
    refused    TEXT                      -- its problem type
) STRICT;
CREATE INDEX outbox_waiting ON outbox (number) WHERE sent_at IS NULL AND refused_at IS NULL;

CREATE TABLE audit_handover (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    up_to      INTEGER NOT NULL,         -- the Dinas has the chain up to and with this entry
    witness    TEXT,                     -- its signature under the last head
    refused_at TEXT,
    refused    TEXT
) STRICT;
INSERT INTO audit_handover (one, up_to) VALUES (1, 0);

CREATE TABLE login_budget (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    failures INTEGER NOT NULL CHECK (failures >= 0)
) STRICT;
INSERT INTO login_budget (one, failures) VALUES (1, 0);
