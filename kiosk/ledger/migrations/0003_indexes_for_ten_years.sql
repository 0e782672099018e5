-- After ten years no question that a visit, an operator or a day asks may look through all attempts or outcomes.

-- The last attempt at a permit that ended without a document; those that hold it are in one_attempt_at_a_permit.
CREATE INDEX attempts_given_back ON attempts (permit_id, attempt_id) WHERE phase IN ('failed', 'spoiled', 'retracted');

CREATE INDEX attempts_of_device ON attempts (device, attempt_id);

CREATE INDEX attempts_unaccounted ON attempts (attempt_id) WHERE outcome = 'spoiled' AND accounted_by IS NULL;

CREATE INDEX outbox_refused ON outbox (number) WHERE refused_at IS NOT NULL;

CREATE INDEX outbox_of_attempt ON outbox (attempt_id);
