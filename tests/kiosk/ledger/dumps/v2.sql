BEGIN TRANSACTION;
CREATE TABLE attempt_phases (
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
    number     INTEGER NOT NULL,         -- from 1
    phase      TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL,            -- applicant | operator:<id> | system:<part>
    detail     TEXT NOT NULL,
    PRIMARY KEY (attempt_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "attempt_phases" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc',1,'reserved','2026-03-02T08:00:12+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc',2,'claimed','2026-03-02T08:00:14+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc',3,'opened','2026-03-02T08:00:17+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc',4,'submitted','2026-03-02T08:00:22+00:00','system:issuance','{"blank": "B00000001", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 1, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc',5,'printing','2026-03-02T08:00:25+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc',6,'presented','2026-03-02T08:00:28+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc',7,'taken','2026-03-02T08:00:31+00:00','applicant','{"evidence": {"seen": "path-clear"}, "outcome": "printed", "reason": "why-taken"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836',1,'reserved','2026-03-02T08:00:35+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836',2,'claimed','2026-03-02T08:00:37+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836',3,'opened','2026-03-02T08:00:40+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836',4,'submitted','2026-03-02T08:00:45+00:00','system:issuance','{"blank": "B00000002", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 2, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836',5,'printing','2026-03-02T08:00:48+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836',6,'presented','2026-03-02T08:00:51+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836',7,'taken','2026-03-02T08:00:54+00:00','applicant','{"evidence": {"seen": "path-clear"}, "outcome": "printed", "reason": "why-taken"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e',1,'reserved','2026-03-02T08:00:58+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e',2,'claimed','2026-03-02T08:01:00+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e',3,'opened','2026-03-02T08:01:03+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e',4,'submitted','2026-03-02T08:01:08+00:00','system:issuance','{"blank": "B00000003", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 3, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e',5,'printing','2026-03-02T08:01:11+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e',6,'presented','2026-03-02T08:01:14+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e',7,'taken','2026-03-02T08:01:17+00:00','applicant','{"evidence": {"seen": "path-clear"}, "outcome": "printed", "reason": "why-taken"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8c3-7085-88db-ddd87157e554',1,'reserved','2026-03-02T08:01:21+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8c3-7085-88db-ddd87157e554',2,'failed','2026-03-02T08:01:23+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "not_printed", "reason": "why-failed"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8f3-70ab-80b6-2a6a7015b448',1,'reserved','2026-03-02T08:01:26+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8f3-70ab-80b6-2a6a7015b448',2,'claimed','2026-03-02T08:01:28+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8f3-70ab-80b6-2a6a7015b448',3,'opened','2026-03-02T08:01:31+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8f3-70ab-80b6-2a6a7015b448',4,'submitted','2026-03-02T08:01:34+00:00','system:issuance','{"counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 5, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8f3-70ab-80b6-2a6a7015b448',5,'printing','2026-03-02T08:01:37+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c8f3-70ab-80b6-2a6a7015b448',6,'failed','2026-03-02T08:01:40+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "not_printed", "reason": "why-failed"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',1,'reserved','2026-03-02T08:01:43+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',2,'claimed','2026-03-02T08:01:45+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',3,'opened','2026-03-02T08:01:48+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',4,'submitted','2026-03-02T08:01:53+00:00','system:issuance','{"blank": "B00000004", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 6, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',5,'printing','2026-03-02T08:01:56+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',6,'presented','2026-03-02T08:01:59+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',7,'retracted','2026-03-02T08:02:02+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "reason": "why-retracted"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4',8,'retracted','2026-03-02T08:02:05+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "spoiled", "reason": "why-retracted"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cb17-7649-a3dc-1648bc4aab7c',1,'reserved','2026-03-02T08:02:09+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cb17-7649-a3dc-1648bc4aab7c',2,'claimed','2026-03-02T08:02:11+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cb17-7649-a3dc-1648bc4aab7c',3,'opened','2026-03-02T08:02:14+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cb17-7649-a3dc-1648bc4aab7c',4,'submitted','2026-03-02T08:02:19+00:00','system:issuance','{"blank": "B00000005", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 7, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cb17-7649-a3dc-1648bc4aab7c',5,'printing','2026-03-02T08:02:22+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cb17-7649-a3dc-1648bc4aab7c',6,'spoiled','2026-03-02T08:02:25+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "spoiled", "reason": "why-spoiled"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',1,'reserved','2026-03-02T08:02:29+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',2,'claimed','2026-03-02T08:02:31+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',3,'opened','2026-03-02T08:02:34+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',4,'submitted','2026-03-02T08:02:39+00:00','system:issuance','{"blank": "B00000006", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 8, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',5,'printing','2026-03-02T08:02:42+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',6,'spoiled','2026-03-02T08:02:45+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "spoiled", "reason": "why-spoiled"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',7,'spoiled','2026-03-02T08:02:49+00:00','operator:op-7','{"outcome": "spoiled"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',1,'reserved','2026-03-02T08:02:53+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',2,'claimed','2026-03-02T08:02:55+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',3,'opened','2026-03-02T08:02:58+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',4,'submitted','2026-03-02T08:03:03+00:00','system:issuance','{"blank": "B00000007", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 9, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',5,'printing','2026-03-02T08:03:06+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',6,'presented','2026-03-02T08:03:09+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',7,'unknown','2026-03-02T08:03:12+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf',8,'taken','2026-03-02T08:03:15+00:00','operator:op-7','{"outcome": "printed", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',1,'reserved','2026-03-02T08:03:20+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',2,'claimed','2026-03-02T08:03:22+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',3,'opened','2026-03-02T08:03:25+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',4,'submitted','2026-03-02T08:03:30+00:00','system:issuance','{"blank": "B00000008", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 10, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',5,'printing','2026-03-02T08:03:33+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',6,'presented','2026-03-02T08:03:36+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',7,'unknown','2026-03-02T08:03:39+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181',8,'spoiled','2026-03-02T08:03:42+00:00','operator:op-7','{"outcome": "spoiled", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',1,'reserved','2026-03-02T08:03:47+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',2,'claimed','2026-03-02T08:03:49+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',3,'opened','2026-03-02T08:03:52+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',4,'submitted','2026-03-02T08:03:57+00:00','system:issuance','{"blank": "B00000009", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 11, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',5,'printing','2026-03-02T08:04:00+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',6,'presented','2026-03-02T08:04:03+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',7,'unknown','2026-03-02T08:04:06+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa',8,'retracted','2026-03-02T08:04:09+00:00','operator:op-7','{"outcome": "spoiled", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',1,'reserved','2026-03-02T08:04:14+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',2,'claimed','2026-03-02T08:04:16+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',3,'opened','2026-03-02T08:04:19+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',4,'submitted','2026-03-02T08:04:24+00:00','system:issuance','{"blank": "B00000010", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 12, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',5,'printing','2026-03-02T08:04:27+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',6,'presented','2026-03-02T08:04:30+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',7,'unknown','2026-03-02T08:04:33+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776',8,'failed','2026-03-02T08:04:36+00:00','operator:op-7','{"outcome": "not_printed", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d072-7705-a4db-874d4570baae',1,'reserved','2026-03-02T08:04:41+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d072-7705-a4db-874d4570baae',2,'claimed','2026-03-02T08:04:43+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d072-7705-a4db-874d4570baae',3,'opened','2026-03-02T08:04:46+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d072-7705-a4db-874d4570baae',4,'submitted','2026-03-02T08:04:49+00:00','system:issuance','{"counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 13, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d072-7705-a4db-874d4570baae',5,'printing','2026-03-02T08:04:52+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d072-7705-a4db-874d4570baae',6,'presented','2026-03-02T08:04:55+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d072-7705-a4db-874d4570baae',7,'unknown','2026-03-02T08:04:58+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d193-7242-a2ec-c0b674da0048',1,'reserved','2026-03-02T08:05:04+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1a3-76af-a308-c0ecfda21cc8',1,'reserved','2026-03-02T08:05:06+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1a3-76af-a308-c0ecfda21cc8',2,'claimed','2026-03-02T08:05:08+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1c2-7306-a893-2af5d5006fb0',1,'reserved','2026-03-02T08:05:11+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1c2-7306-a893-2af5d5006fb0',2,'claimed','2026-03-02T08:05:13+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1c2-7306-a893-2af5d5006fb0',3,'opened','2026-03-02T08:05:16+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3',1,'reserved','2026-03-02T08:05:19+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3',2,'claimed','2026-03-02T08:05:21+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3',3,'opened','2026-03-02T08:05:24+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3',4,'submitted','2026-03-02T08:05:29+00:00','system:issuance','{"blank": "B00000010", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 17, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d240-71c7-8f83-016578148093',1,'reserved','2026-03-02T08:05:32+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d240-71c7-8f83-016578148093',2,'claimed','2026-03-02T08:05:34+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d240-71c7-8f83-016578148093',3,'opened','2026-03-02T08:05:37+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d240-71c7-8f83-016578148093',4,'submitted','2026-03-02T08:05:42+00:00','system:issuance','{"blank": "B00000011", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 18, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d240-71c7-8f83-016578148093',5,'printing','2026-03-02T08:05:45+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d294-7155-a767-6af54352bb7e',1,'reserved','2026-03-02T08:05:48+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d294-7155-a767-6af54352bb7e',2,'claimed','2026-03-02T08:05:50+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d294-7155-a767-6af54352bb7e',3,'opened','2026-03-02T08:05:53+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d294-7155-a767-6af54352bb7e',4,'submitted','2026-03-02T08:05:58+00:00','system:issuance','{"blank": "B00000012", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 19, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d294-7155-a767-6af54352bb7e',5,'printing','2026-03-02T08:06:01+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d294-7155-a767-6af54352bb7e',6,'presented','2026-03-02T08:06:04+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',1,'reserved','2026-03-02T08:06:07+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',2,'claimed','2026-03-02T08:06:09+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',3,'opened','2026-03-02T08:06:12+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',4,'submitted','2026-03-02T08:06:17+00:00','system:issuance','{"blank": "B00000013", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 20, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',5,'printing','2026-03-02T08:06:20+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',6,'presented','2026-03-02T08:06:23+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',7,'retracted','2026-03-02T08:06:26+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "reason": "why-retracted"}');
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
INSERT INTO "attempts" VALUES('01a20ea5-c71d-773f-8b82-8ff811c680dc','0198f1de-0000-4000-8000-000000000001','ktp-el','card','card_printer','taken',1,1,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000001','why-taken','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:00:12+00:00','2026-03-02T08:00:31+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-c7b6-7132-b571-fad8685a1836','0198f1de-0000-4000-8000-000000000002','ktp-el','card','card_printer','taken',1,2,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000002','why-taken','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:00:35+00:00','2026-03-02T08:00:54+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-c850-71df-877e-9606e1eb691e','0198f1de-0000-4000-8000-000000000003','ktp-el','card','card_printer','taken',1,3,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000003','why-taken','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:00:58+00:00','2026-03-02T08:01:17+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-c8c3-7085-88db-ddd87157e554','0198f1de-0000-4000-8000-000000000004','ktp-el','card','printer_4','failed',NULL,NULL,NULL,NULL,NULL,'{"seen": "path-clear"}',NULL,'why-failed','not_printed',NULL,NULL,'2026-03-02T08:01:21+00:00','2026-03-02T08:01:23+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-c8f3-70ab-80b6-2a6a7015b448','0198f1de-0000-4000-8000-000000000005','kk','a4','printer_5','failed',1,5,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle", "seen": "path-clear"}',NULL,'why-failed','not_printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:01:26+00:00','2026-03-02T08:01:40+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-c9d9-7096-a9e6-29b297d46cf4','0198f1de-0000-4000-8000-000000000006','ktp-el','card','printer_6','retracted',1,6,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000004','why-retracted','spoiled',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:01:43+00:00','2026-03-02T08:02:05+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-cb17-7649-a3dc-1648bc4aab7c','0198f1de-0000-4000-8000-000000000007','ktp-el','card','printer_7','spoiled',1,7,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle", "seen": "path-clear"}','B00000005','why-spoiled','spoiled',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:02:09+00:00','2026-03-02T08:02:25+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0','0198f1de-0000-4000-8000-000000000008','ktp-el','card','printer_8','spoiled',1,8,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle", "seen": "path-clear"}','B00000006','why-spoiled','spoiled','op-7','2026-03-03T08:00:00+00:00','2026-03-02T08:02:29+00:00','2026-03-02T08:02:49+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-cda9-70bc-9d58-5dc1536480bf','0198f1de-0000-4000-8000-000000000009','ktp-el','card','printer_9','taken',1,9,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000007','looked','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:02:53+00:00','2026-03-02T08:03:15+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-cf46-7423-b9ca-1bfaba8f3181','0198f1de-0000-4000-8000-000000000010','ktp-el','card','printer_10','spoiled',1,10,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000008','looked','spoiled','op-7','2026-03-03T08:00:00+00:00','2026-03-02T08:03:20+00:00','2026-03-02T08:03:42+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-cfb0-74c9-98a2-f28873c029aa','0198f1de-0000-4000-8000-000000000011','ktp-el','card','printer_11','retracted',1,11,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000009','looked','spoiled','op-7','2026-03-03T08:00:00+00:00','2026-03-02T08:03:47+00:00','2026-03-02T08:04:09+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d010-72b9-ae19-8e65837f2776','0198f1de-0000-4000-8000-000000000012','ktp-el','card','printer_12','failed',1,12,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}',NULL,'looked','not_printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:04:14+00:00','2026-03-02T08:04:36+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d072-7705-a4db-874d4570baae','0198f1de-0000-4000-8000-000000000013','kk','a4','paper_printer','unknown',1,13,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}',NULL,'why-unknown','unknown',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:04:41+00:00','2026-03-02T08:04:58+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d193-7242-a2ec-c0b674da0048','0198f1de-0000-4000-8000-000000000014','ktp-el','card','printer_14','reserved',NULL,NULL,NULL,NULL,NULL,'{}',NULL,NULL,NULL,NULL,NULL,'2026-03-02T08:05:04+00:00','2026-03-02T08:05:04+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d1a3-76af-a308-c0ecfda21cc8','0198f1de-0000-4000-8000-000000000015','ktp-el','card','printer_15','claimed',NULL,NULL,NULL,NULL,NULL,'{}',NULL,NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:06+00:00','2026-03-02T08:05:08+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d1c2-7306-a893-2af5d5006fb0','0198f1de-0000-4000-8000-000000000016','ktp-el','card','printer_16','opened',1,NULL,NULL,NULL,NULL,'{}',NULL,NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:11+00:00','2026-03-02T08:05:16+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3','0198f1de-0000-4000-8000-000000000017','ktp-el','card','printer_17','submitted',1,17,'urn:uuid:7',100,3,'{"jobs": [], "queue": "idle"}','B00000010',NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:19+00:00','2026-03-02T08:05:29+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d240-71c7-8f83-016578148093','0198f1de-0000-4000-8000-000000000018','ktp-el','card','printer_18','printing',1,18,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle"}','B00000011',NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:32+00:00','2026-03-02T08:05:45+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d294-7155-a767-6af54352bb7e','0198f1de-0000-4000-8000-000000000019','ktp-el','card','printer_19','presented',1,19,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle"}','B00000012',NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:48+00:00','2026-03-02T08:06:04+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1','0198f1de-0000-4000-8000-000000000020','ktp-el','card','printer_20','retracted',1,20,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000013','why-retracted',NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:06:07+00:00','2026-03-02T08:06:26+00:00');
CREATE TABLE audit (
    seq   INTEGER PRIMARY KEY CHECK (seq >= 1),
    at    TEXT NOT NULL,
    event TEXT NOT NULL,
    data  TEXT NOT NULL,
    prev  TEXT NOT NULL CHECK (length(prev) = 64),
    hash  TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO "audit" VALUES(1,'2026-03-02T08:00:02Z','kiosk-started','{"actor":"system:engine","version":"1.0"}','0000000000000000000000000000000000000000000000000000000000000000','015ff4b91264cf793befdcbe70313b772106cb0ac76b570e0cf51022b3024a70');
INSERT INTO "audit" VALUES(2,'2026-03-02T08:00:04Z','blanks-delivered','{"actor":"operator:op-7","count":20,"first":"B00000001","last":"B00000020"}','015ff4b91264cf793befdcbe70313b772106cb0ac76b570e0cf51022b3024a70','50dd00e4eb1582555fc876b816f161736530a27b2ae834606a19fe079c70af1c');
INSERT INTO "audit" VALUES(3,'2026-03-02T08:00:06Z','blanks-loaded','{"actor":"operator:op-7","count":20,"first":"B00000001","last":"B00000020"}','50dd00e4eb1582555fc876b816f161736530a27b2ae834606a19fe079c70af1c','d2a8afebe1f97ad33ff552e7acf6bc2f53b2a3002033ff9aceb58b25e00dacad');
INSERT INTO "audit" VALUES(4,'2026-03-02T08:00:08Z','difference-opened','{"actor":"operator:op-7","amount":-1,"kind":"feeder-count","number":1}','d2a8afebe1f97ad33ff552e7acf6bc2f53b2a3002033ff9aceb58b25e00dacad','461e0e5328048e54465f623af66082326f9cf94a9ec2a55500fc7c26b99423e3');
INSERT INTO "audit" VALUES(5,'2026-03-02T08:00:09Z','stock-taken','{"actor":"operator:op-7","number":1,"opened":1}','461e0e5328048e54465f623af66082326f9cf94a9ec2a55500fc7c26b99423e3','a2f35f85cb28cb1f0e114a9389203ec3741417421be9518ea21773a205ba24e5');
INSERT INTO "audit" VALUES(6,'2026-03-02T08:00:11Z','supply-changed','{"actor":"operator:op-7","amount":250,"supply":"paper"}','a2f35f85cb28cb1f0e114a9389203ec3741417421be9518ea21773a205ba24e5','085b2505f90fd7f504ca84adfffffecd4e64a3bb7bc98fa7a6d8737307f54a72');
INSERT INTO "audit" VALUES(7,'2026-03-02T08:00:13Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"reserved"}','085b2505f90fd7f504ca84adfffffecd4e64a3bb7bc98fa7a6d8737307f54a72','ad2e9eec0bec7f918b5907efb02d7ebe37ee596bd204aae01f82ceb55de02165');
INSERT INTO "audit" VALUES(8,'2026-03-02T08:00:15Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","before":"reserved","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"claimed"}','ad2e9eec0bec7f918b5907efb02d7ebe37ee596bd204aae01f82ceb55de02165','a47b60fdd650651169168d3e603d8227993e2323e6a751bd3521f42465b21d5e');
INSERT INTO "audit" VALUES(9,'2026-03-02T08:00:18Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","before":"claimed","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"opened"}','a47b60fdd650651169168d3e603d8227993e2323e6a751bd3521f42465b21d5e','425b92d8b2f0384344a963959460a82b2f1d823247babe3494313e38e0d586c0');
INSERT INTO "audit" VALUES(10,'2026-03-02T08:00:21Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","blank":"B00000001","item":1,"state":"in_path","was":"in_feeder"}','425b92d8b2f0384344a963959460a82b2f1d823247babe3494313e38e0d586c0','36dfd847357e215b98e78b496c0c45dfb541e4ff5ecd095b9dca9c2ac5ef9ecb');
INSERT INTO "audit" VALUES(11,'2026-03-02T08:00:23Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","before":"opened","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"submitted"}','36dfd847357e215b98e78b496c0c45dfb541e4ff5ecd095b9dca9c2ac5ef9ecb','f8109989db6b90c2f0f53e0d98c2bbaf918eade051160a51af293c9458132294');
INSERT INTO "audit" VALUES(12,'2026-03-02T08:00:26Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","before":"submitted","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"printing"}','f8109989db6b90c2f0f53e0d98c2bbaf918eade051160a51af293c9458132294','8e6478a06b3b81a656cfe1ddc29dfa3b587801ae2b9448cc8592ee0295fb139a');
INSERT INTO "audit" VALUES(13,'2026-03-02T08:00:29Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","before":"printing","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"presented"}','8e6478a06b3b81a656cfe1ddc29dfa3b587801ae2b9448cc8592ee0295fb139a','3c891ffbec58b672b28e1ba648c5828f901ccae6dc84078e95f8c8a757a42b66');
INSERT INTO "audit" VALUES(14,'2026-03-02T08:00:32Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","before":"presented","device":"card-printer","document":"ktp-el","outcome":"printed","permit":"0198f1de-0000-4000-8000-000000000001","phase":"taken","reason":"why-taken"}','3c891ffbec58b672b28e1ba648c5828f901ccae6dc84078e95f8c8a757a42b66','e4eb1a60c4ffbc0164fe715afe0063e7f546b02499b8753393c0629bd0f7ff0b');
INSERT INTO "audit" VALUES(15,'2026-03-02T08:00:34Z','blank-moved','{"actor":"applicant","attempt":"01a20ea5-c71d-773f-8b82-8ff811c680dc","blank":"B00000001","item":1,"state":"delivered","was":"in_path"}','e4eb1a60c4ffbc0164fe715afe0063e7f546b02499b8753393c0629bd0f7ff0b','8a8f031de96be832a39b03370cd810e043ee8398f044e601be48e9ce87a4df23');
INSERT INTO "audit" VALUES(16,'2026-03-02T08:00:36Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"reserved"}','8a8f031de96be832a39b03370cd810e043ee8398f044e601be48e9ce87a4df23','40586da86e64188129f70eca0f44a55ab53f8b1dc0c8cdda69a5e5a56b5f60f9');
INSERT INTO "audit" VALUES(17,'2026-03-02T08:00:38Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","before":"reserved","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"claimed"}','40586da86e64188129f70eca0f44a55ab53f8b1dc0c8cdda69a5e5a56b5f60f9','e5529b7e2f5ae280c18ed8953b8dce698d0859ae84984101a11e8d7b87f15b1f');
INSERT INTO "audit" VALUES(18,'2026-03-02T08:00:41Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","before":"claimed","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"opened"}','e5529b7e2f5ae280c18ed8953b8dce698d0859ae84984101a11e8d7b87f15b1f','a650f2067a84d38f2fa1fb1d2b2e050ec80e9e4980e5818a5dc6873213733fc8');
INSERT INTO "audit" VALUES(19,'2026-03-02T08:00:44Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","blank":"B00000002","item":2,"state":"in_path","was":"in_feeder"}','a650f2067a84d38f2fa1fb1d2b2e050ec80e9e4980e5818a5dc6873213733fc8','887168979a51d99ace7c2debe014d4685ff87d7cc52db6ea9cd523a524236496');
INSERT INTO "audit" VALUES(20,'2026-03-02T08:00:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","before":"opened","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"submitted"}','887168979a51d99ace7c2debe014d4685ff87d7cc52db6ea9cd523a524236496','6a302b73193c47e365be6b1f02e8f9dedc49c7234d598c3227f4258209278643');
INSERT INTO "audit" VALUES(21,'2026-03-02T08:00:49Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","before":"submitted","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"printing"}','6a302b73193c47e365be6b1f02e8f9dedc49c7234d598c3227f4258209278643','9438af34284f445c8696dac6f64dabe5ac30c89d91559bc18f04ee4147e94ec4');
INSERT INTO "audit" VALUES(22,'2026-03-02T08:00:52Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","before":"printing","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"presented"}','9438af34284f445c8696dac6f64dabe5ac30c89d91559bc18f04ee4147e94ec4','3a41158fae3326db437381ae0347f7fb30fb349ae2249fe7ea8d71c7af017d72');
INSERT INTO "audit" VALUES(23,'2026-03-02T08:00:55Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","before":"presented","device":"card-printer","document":"ktp-el","outcome":"printed","permit":"0198f1de-0000-4000-8000-000000000002","phase":"taken","reason":"why-taken"}','3a41158fae3326db437381ae0347f7fb30fb349ae2249fe7ea8d71c7af017d72','88608191906a4122b67231f687d3f3f4a61f34cbab837d2fe4f76cd12e445fe3');
INSERT INTO "audit" VALUES(24,'2026-03-02T08:00:57Z','blank-moved','{"actor":"applicant","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","blank":"B00000002","item":2,"state":"delivered","was":"in_path"}','88608191906a4122b67231f687d3f3f4a61f34cbab837d2fe4f76cd12e445fe3','8e23e00b4389a4c58be8895854ba1e3fffcbbe538da17d4e35f355d2028899e8');
INSERT INTO "audit" VALUES(25,'2026-03-02T08:00:59Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"reserved"}','8e23e00b4389a4c58be8895854ba1e3fffcbbe538da17d4e35f355d2028899e8','eda398d2e2542a4f91c4fba00922b41c5a6d7ef4d25125792c8e05c140d60c0d');
INSERT INTO "audit" VALUES(26,'2026-03-02T08:01:01Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","before":"reserved","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"claimed"}','eda398d2e2542a4f91c4fba00922b41c5a6d7ef4d25125792c8e05c140d60c0d','59b1d3a48ce76979fce0b0d47f0edc7cff4533eb4a9276bc93241f3a6a37c7de');
INSERT INTO "audit" VALUES(27,'2026-03-02T08:01:04Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","before":"claimed","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"opened"}','59b1d3a48ce76979fce0b0d47f0edc7cff4533eb4a9276bc93241f3a6a37c7de','e4358ce13d316165406257c8718fd2d5332ae4e8c8cd388e712f9984b5c4c700');
INSERT INTO "audit" VALUES(28,'2026-03-02T08:01:07Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","blank":"B00000003","item":3,"state":"in_path","was":"in_feeder"}','e4358ce13d316165406257c8718fd2d5332ae4e8c8cd388e712f9984b5c4c700','f09c9b50b7044f7db7a76f270d87130f800267c4f83154e5505fa23cbf744c95');
INSERT INTO "audit" VALUES(29,'2026-03-02T08:01:09Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","before":"opened","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"submitted"}','f09c9b50b7044f7db7a76f270d87130f800267c4f83154e5505fa23cbf744c95','62ffb3d4e0bf60fba83b84eb9efdc0185668ae0474f05858b04db0f4a00bc2f2');
INSERT INTO "audit" VALUES(30,'2026-03-02T08:01:12Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","before":"submitted","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"printing"}','62ffb3d4e0bf60fba83b84eb9efdc0185668ae0474f05858b04db0f4a00bc2f2','1eae694fc1c6d23bcab8b8bf5f92669dde47c9d9f5cefac3f5f87d7fffa74e28');
INSERT INTO "audit" VALUES(31,'2026-03-02T08:01:15Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","before":"printing","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"presented"}','1eae694fc1c6d23bcab8b8bf5f92669dde47c9d9f5cefac3f5f87d7fffa74e28','4ea8abd8f1528bb5ca09a27b6fb74c0661c59347e148c7e6eba04ca30c7deea4');
INSERT INTO "audit" VALUES(32,'2026-03-02T08:01:18Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","before":"presented","device":"card-printer","document":"ktp-el","outcome":"printed","permit":"0198f1de-0000-4000-8000-000000000003","phase":"taken","reason":"why-taken"}','4ea8abd8f1528bb5ca09a27b6fb74c0661c59347e148c7e6eba04ca30c7deea4','e9517819807e8f4f63bcf548660a303699a6e83079b222e274535b52998a0420');
INSERT INTO "audit" VALUES(33,'2026-03-02T08:01:20Z','blank-moved','{"actor":"applicant","attempt":"01a20ea5-c850-71df-877e-9606e1eb691e","blank":"B00000003","item":3,"state":"delivered","was":"in_path"}','e9517819807e8f4f63bcf548660a303699a6e83079b222e274535b52998a0420','607ec9ab97c18fa1afd3406112b5403566f58211571cbb264de805b8fafd86c7');
INSERT INTO "audit" VALUES(34,'2026-03-02T08:01:22Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c8c3-7085-88db-ddd87157e554","device":"printer-4","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000004","phase":"reserved"}','607ec9ab97c18fa1afd3406112b5403566f58211571cbb264de805b8fafd86c7','62be69db1a957c23ff32df8ff919b3b3ddf310fbdc005365ae19d66f8c47a14e');
INSERT INTO "audit" VALUES(35,'2026-03-02T08:01:24Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c8c3-7085-88db-ddd87157e554","before":"reserved","device":"printer-4","document":"ktp-el","outcome":"not_printed","permit":"0198f1de-0000-4000-8000-000000000004","phase":"failed","reason":"why-failed"}','62be69db1a957c23ff32df8ff919b3b3ddf310fbdc005365ae19d66f8c47a14e','b4bf18d2b81023a047c7613c10da369bc1f507d970239e9f90cd8c0e82e8b650');
INSERT INTO "audit" VALUES(36,'2026-03-02T08:01:27Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c8f3-70ab-80b6-2a6a7015b448","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"reserved"}','b4bf18d2b81023a047c7613c10da369bc1f507d970239e9f90cd8c0e82e8b650','004fd5f45f4afe8166766d0113240ca7c8bc5e5d505773fb518f4bd42684622a');
INSERT INTO "audit" VALUES(37,'2026-03-02T08:01:29Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c8f3-70ab-80b6-2a6a7015b448","before":"reserved","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"claimed"}','004fd5f45f4afe8166766d0113240ca7c8bc5e5d505773fb518f4bd42684622a','a9a8512bac630d694873207321675bf786f786b4b09b0c02c3821599871a3957');
INSERT INTO "audit" VALUES(38,'2026-03-02T08:01:32Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c8f3-70ab-80b6-2a6a7015b448","before":"claimed","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"opened"}','a9a8512bac630d694873207321675bf786f786b4b09b0c02c3821599871a3957','e6b65ee47650ddd2e3f056eace453b6931dab5be78db1fbfaecb51815b940ef2');
INSERT INTO "audit" VALUES(39,'2026-03-02T08:01:35Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c8f3-70ab-80b6-2a6a7015b448","before":"opened","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"submitted"}','e6b65ee47650ddd2e3f056eace453b6931dab5be78db1fbfaecb51815b940ef2','c50c196d61ee7d2c6ebe3e3a35c363e5599117a0d4caa378c8cc0fad96dfe854');
INSERT INTO "audit" VALUES(40,'2026-03-02T08:01:38Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c8f3-70ab-80b6-2a6a7015b448","before":"submitted","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"printing"}','c50c196d61ee7d2c6ebe3e3a35c363e5599117a0d4caa378c8cc0fad96dfe854','fe273d2ff146748b93016e4700117c180e65a8b799bbed526f1cef9b41b1a877');
INSERT INTO "audit" VALUES(41,'2026-03-02T08:01:41Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c8f3-70ab-80b6-2a6a7015b448","before":"printing","device":"printer-5","document":"kk","outcome":"not_printed","permit":"0198f1de-0000-4000-8000-000000000005","phase":"failed","reason":"why-failed"}','fe273d2ff146748b93016e4700117c180e65a8b799bbed526f1cef9b41b1a877','21a8f0623915941c77b745308ad19ce674668780a6df5706282a84839b1a8194');
INSERT INTO "audit" VALUES(42,'2026-03-02T08:01:44Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"reserved"}','21a8f0623915941c77b745308ad19ce674668780a6df5706282a84839b1a8194','06c1d02da7fa9388fcddde640872eb9e8fe61ddc3d27eaab476ebb110ce54dd5');
INSERT INTO "audit" VALUES(43,'2026-03-02T08:01:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","before":"reserved","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"claimed"}','06c1d02da7fa9388fcddde640872eb9e8fe61ddc3d27eaab476ebb110ce54dd5','52b7e1e7fec3d7d5a5d6995fbe61ae54431e541a7330e748de5a7d9bad22586c');
INSERT INTO "audit" VALUES(44,'2026-03-02T08:01:49Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","before":"claimed","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"opened"}','52b7e1e7fec3d7d5a5d6995fbe61ae54431e541a7330e748de5a7d9bad22586c','6d726f9762e9bda536f685680e94c9c166ac95ec9b68121a0bd66e06b0ceba2f');
INSERT INTO "audit" VALUES(45,'2026-03-02T08:01:52Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","blank":"B00000004","item":4,"state":"in_path","was":"in_feeder"}','6d726f9762e9bda536f685680e94c9c166ac95ec9b68121a0bd66e06b0ceba2f','0c2b206c9721d3429971e11128c8bc61a80bb74dc804937bd85d2648c2b55d0f');
INSERT INTO "audit" VALUES(46,'2026-03-02T08:01:54Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","before":"opened","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"submitted"}','0c2b206c9721d3429971e11128c8bc61a80bb74dc804937bd85d2648c2b55d0f','53b0de1c3e1a60416a773c7561755bfaa01a32416a2fb61607827b2643da3098');
INSERT INTO "audit" VALUES(47,'2026-03-02T08:01:57Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","before":"submitted","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"printing"}','53b0de1c3e1a60416a773c7561755bfaa01a32416a2fb61607827b2643da3098','5319819f022e48e656998d5a5496d4d8cde26a2909db3f74aa5d43fe6bb07c57');
INSERT INTO "audit" VALUES(48,'2026-03-02T08:02:00Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","before":"printing","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"presented"}','5319819f022e48e656998d5a5496d4d8cde26a2909db3f74aa5d43fe6bb07c57','5bb6c05c7efc80696c7115264c15b0dbdcda4f9207c173ff55aa40b404cbff18');
INSERT INTO "audit" VALUES(49,'2026-03-02T08:02:03Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","before":"presented","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"retracted","reason":"why-retracted"}','5bb6c05c7efc80696c7115264c15b0dbdcda4f9207c173ff55aa40b404cbff18','edbd7232a9179ac54fcf31912167c617d7606eaa1decd0dc64e5a46ae7bce22e');
INSERT INTO "audit" VALUES(50,'2026-03-02T08:02:06Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","before":"retracted","device":"printer-6","document":"ktp-el","outcome":"spoiled","permit":"0198f1de-0000-4000-8000-000000000006","phase":"retracted","reason":"why-retracted"}','edbd7232a9179ac54fcf31912167c617d7606eaa1decd0dc64e5a46ae7bce22e','bcc2a400b4b9f690635128a5c0f8203cf5e407fd299efee459b2ed07764fe5c8');
INSERT INTO "audit" VALUES(51,'2026-03-02T08:02:08Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-c9d9-7096-a9e6-29b297d46cf4","blank":"B00000004","item":4,"state":"retracted","was":"in_path"}','bcc2a400b4b9f690635128a5c0f8203cf5e407fd299efee459b2ed07764fe5c8','7897dc30ebfc40ebb70e61fc379ac439191d75fdab251f0720dd73b7e639dcbc');
INSERT INTO "audit" VALUES(52,'2026-03-02T08:02:10Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"reserved"}','7897dc30ebfc40ebb70e61fc379ac439191d75fdab251f0720dd73b7e639dcbc','23793393f7deab732720ed7f02788f367de7bb753e5fb33e3d8caa010daa406f');
INSERT INTO "audit" VALUES(53,'2026-03-02T08:02:12Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","before":"reserved","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"claimed"}','23793393f7deab732720ed7f02788f367de7bb753e5fb33e3d8caa010daa406f','a6e70fb107d7af34c1f62be95c9b5e958703e909bead42509d79aab621e54a24');
INSERT INTO "audit" VALUES(54,'2026-03-02T08:02:15Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","before":"claimed","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"opened"}','a6e70fb107d7af34c1f62be95c9b5e958703e909bead42509d79aab621e54a24','20a49f490c69a8a45d25a06a501d082fe3fd906505bb671030e91764266007b7');
INSERT INTO "audit" VALUES(55,'2026-03-02T08:02:18Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","blank":"B00000005","item":5,"state":"in_path","was":"in_feeder"}','20a49f490c69a8a45d25a06a501d082fe3fd906505bb671030e91764266007b7','5bac9b76fba801161c905d92fbd4420a582187ebba49da06b914258c259fe715');
INSERT INTO "audit" VALUES(56,'2026-03-02T08:02:20Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","before":"opened","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"submitted"}','5bac9b76fba801161c905d92fbd4420a582187ebba49da06b914258c259fe715','499d2245fe084778d8ec1aee83cd68fee520d1b6c10b6deea29697b4c9e24f11');
INSERT INTO "audit" VALUES(57,'2026-03-02T08:02:23Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","before":"submitted","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"printing"}','499d2245fe084778d8ec1aee83cd68fee520d1b6c10b6deea29697b4c9e24f11','2f71964162920e4f93a19b715b84271d84f7dec174c228dc3f074fdcb34184ed');
INSERT INTO "audit" VALUES(58,'2026-03-02T08:02:26Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","before":"printing","device":"printer-7","document":"ktp-el","outcome":"spoiled","permit":"0198f1de-0000-4000-8000-000000000007","phase":"spoiled","reason":"why-spoiled"}','2f71964162920e4f93a19b715b84271d84f7dec174c228dc3f074fdcb34184ed','d61d158f17410d75d51a80e36d293a275bfaaa98db3c807d472c9dd1654c53d9');
INSERT INTO "audit" VALUES(59,'2026-03-02T08:02:28Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-cb17-7649-a3dc-1648bc4aab7c","blank":"B00000005","item":5,"state":"spoiled","was":"in_path"}','d61d158f17410d75d51a80e36d293a275bfaaa98db3c807d472c9dd1654c53d9','361bf46c3ec97c25faccfbf548a9ce27dbee45b25ad01233ef45d9370a385d37');
INSERT INTO "audit" VALUES(60,'2026-03-02T08:02:30Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"reserved"}','361bf46c3ec97c25faccfbf548a9ce27dbee45b25ad01233ef45d9370a385d37','da92b153951ef929a0039bbcbe9dca26be94bd455d4ed3a296a8fb662d8ab52e');
INSERT INTO "audit" VALUES(61,'2026-03-02T08:02:32Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","before":"reserved","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"claimed"}','da92b153951ef929a0039bbcbe9dca26be94bd455d4ed3a296a8fb662d8ab52e','e9623784db089633947adecff8392085c211fbe2add862c9d98a0c4c9b2d518d');
INSERT INTO "audit" VALUES(62,'2026-03-02T08:02:35Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","before":"claimed","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"opened"}','e9623784db089633947adecff8392085c211fbe2add862c9d98a0c4c9b2d518d','3e7491c67434bee93e51d683235a5aa6c007083d8e49357363709b09b96cfd13');
INSERT INTO "audit" VALUES(63,'2026-03-02T08:02:38Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","blank":"B00000006","item":6,"state":"in_path","was":"in_feeder"}','3e7491c67434bee93e51d683235a5aa6c007083d8e49357363709b09b96cfd13','3edd178709fd3d597814c094dd8134887784aa1cab554ac20711f67d66633155');
INSERT INTO "audit" VALUES(64,'2026-03-02T08:02:40Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","before":"opened","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"submitted"}','3edd178709fd3d597814c094dd8134887784aa1cab554ac20711f67d66633155','3697371df7851906202e1c71b3bc2186fef69b2fc93b13e90a17941784887df7');
INSERT INTO "audit" VALUES(65,'2026-03-02T08:02:43Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","before":"submitted","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"printing"}','3697371df7851906202e1c71b3bc2186fef69b2fc93b13e90a17941784887df7','d095489415559fbe9507699cc9bdcfabe72e8d33c49dcc5a28e5b878cf9fc139');
INSERT INTO "audit" VALUES(66,'2026-03-02T08:02:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","before":"printing","device":"printer-8","document":"ktp-el","outcome":"spoiled","permit":"0198f1de-0000-4000-8000-000000000008","phase":"spoiled","reason":"why-spoiled"}','d095489415559fbe9507699cc9bdcfabe72e8d33c49dcc5a28e5b878cf9fc139','ef8bd9199e9b373776e781886b323607b1986b93418b0c7aa7c4d78b724d63eb');
INSERT INTO "audit" VALUES(67,'2026-03-02T08:02:48Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","blank":"B00000006","item":6,"state":"spoiled","was":"in_path"}','ef8bd9199e9b373776e781886b323607b1986b93418b0c7aa7c4d78b724d63eb','3d198dd0cab6cb8ab6d5261405a761684b341a27322b2cb0a882b89e2de16613');
INSERT INTO "audit" VALUES(68,'2026-03-02T08:02:50Z','blank-accounted','{"actor":"operator:op-7","attempt":"01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0","blank":"b00000006"}','3d198dd0cab6cb8ab6d5261405a761684b341a27322b2cb0a882b89e2de16613','fcc75fb8e147d62a89e83f72d5071bb45fae1103a977622d218ea4d6fbf0bc0e');
INSERT INTO "audit" VALUES(69,'2026-03-02T08:02:54Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"reserved"}','fcc75fb8e147d62a89e83f72d5071bb45fae1103a977622d218ea4d6fbf0bc0e','ae31238d14d4856185b9f2505016cad3efa79cf728823336ecbf3fd5c5575ffb');
INSERT INTO "audit" VALUES(70,'2026-03-02T08:02:56Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","before":"reserved","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"claimed"}','ae31238d14d4856185b9f2505016cad3efa79cf728823336ecbf3fd5c5575ffb','c15b6543c858e8200f066628b3b9e2836fd53f43bc93e22e5c5237fad5766fa4');
INSERT INTO "audit" VALUES(71,'2026-03-02T08:02:59Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","before":"claimed","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"opened"}','c15b6543c858e8200f066628b3b9e2836fd53f43bc93e22e5c5237fad5766fa4','cd77fa231ed6f935d8edffb5dd40f4a2ed1cad51b4b0edc703f00bc538e2c300');
INSERT INTO "audit" VALUES(72,'2026-03-02T08:03:02Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","blank":"B00000007","item":7,"state":"in_path","was":"in_feeder"}','cd77fa231ed6f935d8edffb5dd40f4a2ed1cad51b4b0edc703f00bc538e2c300','61061135b34b53850ff366219c6efaa8858d1757e8815fa957b686c1e84e3319');
INSERT INTO "audit" VALUES(73,'2026-03-02T08:03:04Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","before":"opened","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"submitted"}','61061135b34b53850ff366219c6efaa8858d1757e8815fa957b686c1e84e3319','cd2ef8398766e0ad6721b427919fc4ac83f8fb1aee7008e052dbd28a2300c924');
INSERT INTO "audit" VALUES(74,'2026-03-02T08:03:07Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","before":"submitted","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"printing"}','cd2ef8398766e0ad6721b427919fc4ac83f8fb1aee7008e052dbd28a2300c924','d80bfd93543a883862344ec87f4e48741615de6b41650bf054fbe09d5342c0eb');
INSERT INTO "audit" VALUES(75,'2026-03-02T08:03:10Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","before":"printing","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"presented"}','d80bfd93543a883862344ec87f4e48741615de6b41650bf054fbe09d5342c0eb','9d14e42e112a2641d888dd0fe3d9f0d4bcf8e6d59938ecf9313d717f6eb3053b');
INSERT INTO "audit" VALUES(76,'2026-03-02T08:03:13Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","before":"presented","device":"printer-9","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000009","phase":"unknown","reason":"why-unknown"}','9d14e42e112a2641d888dd0fe3d9f0d4bcf8e6d59938ecf9313d717f6eb3053b','d411d17e0a8ef72fadb29ff778111d91f71b45ec106e412887049ebf11b7c374');
INSERT INTO "audit" VALUES(77,'2026-03-02T08:03:16Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","outcome":"printed","phase":"taken","reason":"looked"}','d411d17e0a8ef72fadb29ff778111d91f71b45ec106e412887049ebf11b7c374','10eb0caf2c3f05dad6a8970cc4b8298c78a91bdaffcb589574489d3c0de50412');
INSERT INTO "audit" VALUES(78,'2026-03-02T08:03:18Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-cda9-70bc-9d58-5dc1536480bf","blank":"B00000007","item":7,"state":"delivered","was":"in_path"}','10eb0caf2c3f05dad6a8970cc4b8298c78a91bdaffcb589574489d3c0de50412','f4d92f21aa76de1d2aa32fa56442eafa9690792a3665fcb10a1a32a67cb9751d');
INSERT INTO "audit" VALUES(79,'2026-03-02T08:03:21Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"reserved"}','f4d92f21aa76de1d2aa32fa56442eafa9690792a3665fcb10a1a32a67cb9751d','3d5dce16662d7be6f4cd1950312a714626c5d09202ad929bcc9baea3314f5486');
INSERT INTO "audit" VALUES(80,'2026-03-02T08:03:23Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","before":"reserved","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"claimed"}','3d5dce16662d7be6f4cd1950312a714626c5d09202ad929bcc9baea3314f5486','5952e45d7a05c8b5bf08a90d706926a3ef403f45e72f36044fd144d8ba1dc92e');
INSERT INTO "audit" VALUES(81,'2026-03-02T08:03:26Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","before":"claimed","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"opened"}','5952e45d7a05c8b5bf08a90d706926a3ef403f45e72f36044fd144d8ba1dc92e','4f0a9f3f6c1e8bb14d34a1c851d8fd899b74f4e34848f56a3680a87f8e5f2001');
INSERT INTO "audit" VALUES(82,'2026-03-02T08:03:29Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","blank":"B00000008","item":8,"state":"in_path","was":"in_feeder"}','4f0a9f3f6c1e8bb14d34a1c851d8fd899b74f4e34848f56a3680a87f8e5f2001','5b447cbf4058d9b871b9bdbde23ae79e981b87e89a5cf3742f3eab3952360402');
INSERT INTO "audit" VALUES(83,'2026-03-02T08:03:31Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","before":"opened","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"submitted"}','5b447cbf4058d9b871b9bdbde23ae79e981b87e89a5cf3742f3eab3952360402','1c52b62706e14f18741892e3c4be6b78aca0eb0265b3411c44179ea6276e7599');
INSERT INTO "audit" VALUES(84,'2026-03-02T08:03:34Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","before":"submitted","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"printing"}','1c52b62706e14f18741892e3c4be6b78aca0eb0265b3411c44179ea6276e7599','63d7c5d0d5d12d01f83509108d0841465ec26d716f8434dd247905de9bbf54e6');
INSERT INTO "audit" VALUES(85,'2026-03-02T08:03:37Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","before":"printing","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"presented"}','63d7c5d0d5d12d01f83509108d0841465ec26d716f8434dd247905de9bbf54e6','4d79dfdf137cb90508d87a809bef3edf7014efca5837f2e11c10b20f49329204');
INSERT INTO "audit" VALUES(86,'2026-03-02T08:03:40Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","before":"presented","device":"printer-10","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000010","phase":"unknown","reason":"why-unknown"}','4d79dfdf137cb90508d87a809bef3edf7014efca5837f2e11c10b20f49329204','a19754abf2ae7c53d2debe2589308e42447180955092293e35f0c32ed1355cf1');
INSERT INTO "audit" VALUES(87,'2026-03-02T08:03:43Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","outcome":"spoiled","phase":"spoiled","reason":"looked"}','a19754abf2ae7c53d2debe2589308e42447180955092293e35f0c32ed1355cf1','29c67a0d55af66b7e75e861019693c4b619aeae02ea5836536ff67a460ec454b');
INSERT INTO "audit" VALUES(88,'2026-03-02T08:03:45Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-cf46-7423-b9ca-1bfaba8f3181","blank":"B00000008","item":8,"state":"spoiled","was":"in_path"}','29c67a0d55af66b7e75e861019693c4b619aeae02ea5836536ff67a460ec454b','abc67a2f43fdf16ff990ec75646f7fdb1a95c43004257e944ccabed98a5efd45');
INSERT INTO "audit" VALUES(89,'2026-03-02T08:03:48Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"reserved"}','abc67a2f43fdf16ff990ec75646f7fdb1a95c43004257e944ccabed98a5efd45','f42797523acad4d3e428ead8c03bbc837dcdcb213c3b9b52b69223cdc2d265e2');
INSERT INTO "audit" VALUES(90,'2026-03-02T08:03:50Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","before":"reserved","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"claimed"}','f42797523acad4d3e428ead8c03bbc837dcdcb213c3b9b52b69223cdc2d265e2','f8f3c3121f97660b83e5957891563d343f4c831ecf7716a782ca3019f9e29cb6');
INSERT INTO "audit" VALUES(91,'2026-03-02T08:03:53Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","before":"claimed","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"opened"}','f8f3c3121f97660b83e5957891563d343f4c831ecf7716a782ca3019f9e29cb6','fea2ae8c9e69a9759b8912817713581e74453e22f700c205ba7139272702b184');
INSERT INTO "audit" VALUES(92,'2026-03-02T08:03:56Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","blank":"B00000009","item":9,"state":"in_path","was":"in_feeder"}','fea2ae8c9e69a9759b8912817713581e74453e22f700c205ba7139272702b184','bc47052b5b403e759facb1bf7c87169be02209fdfb8e9223e6d657ab0529a31a');
INSERT INTO "audit" VALUES(93,'2026-03-02T08:03:58Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","before":"opened","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"submitted"}','bc47052b5b403e759facb1bf7c87169be02209fdfb8e9223e6d657ab0529a31a','7f9bff2f59fab5f9951c5a33ceae3614fe9baf34dfee4da9bf4042e913163b73');
INSERT INTO "audit" VALUES(94,'2026-03-02T08:04:01Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","before":"submitted","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"printing"}','7f9bff2f59fab5f9951c5a33ceae3614fe9baf34dfee4da9bf4042e913163b73','92774a6e4c6ff9f86201d8baecd3c53b4da534df3c8c683190a2e758d7e94a2a');
INSERT INTO "audit" VALUES(95,'2026-03-02T08:04:04Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","before":"printing","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"presented"}','92774a6e4c6ff9f86201d8baecd3c53b4da534df3c8c683190a2e758d7e94a2a','2fab7ffc1e6366e4b2ddd361659c6c6f593f2054b4089e3fe7ec267b0b38627d');
INSERT INTO "audit" VALUES(96,'2026-03-02T08:04:07Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","before":"presented","device":"printer-11","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000011","phase":"unknown","reason":"why-unknown"}','2fab7ffc1e6366e4b2ddd361659c6c6f593f2054b4089e3fe7ec267b0b38627d','3c5dd35989bc4f7feec0ae352f5b3b63b4e63897458c7dd9f1eeabe455eae7f7');
INSERT INTO "audit" VALUES(97,'2026-03-02T08:04:10Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","outcome":"spoiled","phase":"retracted","reason":"looked"}','3c5dd35989bc4f7feec0ae352f5b3b63b4e63897458c7dd9f1eeabe455eae7f7','e6459a374f271d6ecd88fe308fdc898ce368f68ec7fa5b700d8880041d5fe939');
INSERT INTO "audit" VALUES(98,'2026-03-02T08:04:12Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-cfb0-74c9-98a2-f28873c029aa","blank":"B00000009","item":9,"state":"retracted","was":"in_path"}','e6459a374f271d6ecd88fe308fdc898ce368f68ec7fa5b700d8880041d5fe939','76ec1caf2a07982b908557f987fffb1811ea5bc7a0b78ff188b31351b518b06c');
INSERT INTO "audit" VALUES(99,'2026-03-02T08:04:15Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"reserved"}','76ec1caf2a07982b908557f987fffb1811ea5bc7a0b78ff188b31351b518b06c','d718d52ef2c7df354b98dcf3e219d62450a3003e9bef0906f93bd582bedf808f');
INSERT INTO "audit" VALUES(100,'2026-03-02T08:04:17Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","before":"reserved","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"claimed"}','d718d52ef2c7df354b98dcf3e219d62450a3003e9bef0906f93bd582bedf808f','96b03ce206f443b3ae3847afbc9c98502b336a6a215f7df64869c53e5acf50dd');
INSERT INTO "audit" VALUES(101,'2026-03-02T08:04:20Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","before":"claimed","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"opened"}','96b03ce206f443b3ae3847afbc9c98502b336a6a215f7df64869c53e5acf50dd','3c2e39e8560fc04acbac86e1f692a9aa8a07a47160e063545a65782d39026b5c');
INSERT INTO "audit" VALUES(102,'2026-03-02T08:04:23Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","blank":"B00000010","item":10,"state":"in_path","was":"in_feeder"}','3c2e39e8560fc04acbac86e1f692a9aa8a07a47160e063545a65782d39026b5c','5e638f7e05fbae39047d0c7de1fe376cb1f6476b3b4e7d29bc9c2634ac7158ed');
INSERT INTO "audit" VALUES(103,'2026-03-02T08:04:25Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","before":"opened","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"submitted"}','5e638f7e05fbae39047d0c7de1fe376cb1f6476b3b4e7d29bc9c2634ac7158ed','d9a994f34ab3ba24726ce31c2fb343aa0857234a8ed74dcb718846a805151560');
INSERT INTO "audit" VALUES(104,'2026-03-02T08:04:28Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","before":"submitted","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"printing"}','d9a994f34ab3ba24726ce31c2fb343aa0857234a8ed74dcb718846a805151560','953f06e8a0aa350323243119e07ace77fd4d4ad99f673137a3f9a8ffe8c9a726');
INSERT INTO "audit" VALUES(105,'2026-03-02T08:04:31Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","before":"printing","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"presented"}','953f06e8a0aa350323243119e07ace77fd4d4ad99f673137a3f9a8ffe8c9a726','d88962662fa8bc287ed3ffdc45fe7f45dbfe18afd7d8dae89c81ab77fa222fb5');
INSERT INTO "audit" VALUES(106,'2026-03-02T08:04:34Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","before":"presented","device":"printer-12","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000012","phase":"unknown","reason":"why-unknown"}','d88962662fa8bc287ed3ffdc45fe7f45dbfe18afd7d8dae89c81ab77fa222fb5','1bfc34655ad7ff9c8282358f2ae2b5185e528d157d297ba4b3524b0f86b0fb5f');
INSERT INTO "audit" VALUES(107,'2026-03-02T08:04:37Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","outcome":"not_printed","phase":"failed","reason":"looked"}','1bfc34655ad7ff9c8282358f2ae2b5185e528d157d297ba4b3524b0f86b0fb5f','5fe178b8ca6a84907d1157fe50ff7ed27676922f35971424beceeda41ec55117');
INSERT INTO "audit" VALUES(108,'2026-03-02T08:04:39Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-d010-72b9-ae19-8e65837f2776","blank":"B00000010","item":10,"state":"in_feeder","was":"in_path"}','5fe178b8ca6a84907d1157fe50ff7ed27676922f35971424beceeda41ec55117','8b43ccb8a8a510d1dc525ffa4750236a6dee63682523ccbeb0e1c5844719dde9');
INSERT INTO "audit" VALUES(109,'2026-03-02T08:04:42Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d072-7705-a4db-874d4570baae","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"reserved"}','8b43ccb8a8a510d1dc525ffa4750236a6dee63682523ccbeb0e1c5844719dde9','8833c770928e981b555beeb15483ba77185aeabe36fbe840356c35ffcac0bb64');
INSERT INTO "audit" VALUES(110,'2026-03-02T08:04:44Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d072-7705-a4db-874d4570baae","before":"reserved","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"claimed"}','8833c770928e981b555beeb15483ba77185aeabe36fbe840356c35ffcac0bb64','87e9b1a25f72f2be9f5a2ab977791d37cbc17f7ac1f1b2099ebb5d0ce5654a98');
INSERT INTO "audit" VALUES(111,'2026-03-02T08:04:47Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d072-7705-a4db-874d4570baae","before":"claimed","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"opened"}','87e9b1a25f72f2be9f5a2ab977791d37cbc17f7ac1f1b2099ebb5d0ce5654a98','41dd31d53876e04d57c82e8a592b4c615a7b59ce85e2529b8974ccc3c4ebc2de');
INSERT INTO "audit" VALUES(112,'2026-03-02T08:04:50Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d072-7705-a4db-874d4570baae","before":"opened","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"submitted"}','41dd31d53876e04d57c82e8a592b4c615a7b59ce85e2529b8974ccc3c4ebc2de','73df056f8ac8da481397a77cedfdb0aacf0fbb24880070519670d2ea91315b36');
INSERT INTO "audit" VALUES(113,'2026-03-02T08:04:53Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d072-7705-a4db-874d4570baae","before":"submitted","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"printing"}','73df056f8ac8da481397a77cedfdb0aacf0fbb24880070519670d2ea91315b36','dff188e4e83f60740ccc98cd3fa674f87f19ae48ab9a22fea5630c96f8751d8e');
INSERT INTO "audit" VALUES(114,'2026-03-02T08:04:56Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d072-7705-a4db-874d4570baae","before":"printing","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"presented"}','dff188e4e83f60740ccc98cd3fa674f87f19ae48ab9a22fea5630c96f8751d8e','b3e018a0be5ec639dfee107fcf9ce92f92a791a502b54270a3218d72671e7674');
INSERT INTO "audit" VALUES(115,'2026-03-02T08:04:59Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d072-7705-a4db-874d4570baae","before":"presented","device":"paper-printer","document":"kk","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000013","phase":"unknown","reason":"why-unknown"}','b3e018a0be5ec639dfee107fcf9ce92f92a791a502b54270a3218d72671e7674','98514a66dde8e48c291ed4048dfcf7fbff60e95648a90c777f95a07f5db6ba7a');
INSERT INTO "audit" VALUES(116,'2026-03-02T08:05:03Z','outcome-refused','{"actor":"system:outbox","attempt":"01a20ea5-c7b6-7132-b571-fad8685a1836","outcome":"printed","problem":"not-known"}','98514a66dde8e48c291ed4048dfcf7fbff60e95648a90c777f95a07f5db6ba7a','565763e7dce71208b6b1a087faf12afec997ebcbd722d48b954e8b013a464891');
INSERT INTO "audit" VALUES(117,'2026-03-02T08:05:05Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d193-7242-a2ec-c0b674da0048","device":"printer-14","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000014","phase":"reserved"}','565763e7dce71208b6b1a087faf12afec997ebcbd722d48b954e8b013a464891','1e112645c74f6722c8eec6dcd0e09a1703f62e5a7194a9f1f1449d80ae11cf62');
INSERT INTO "audit" VALUES(118,'2026-03-02T08:05:07Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d1a3-76af-a308-c0ecfda21cc8","device":"printer-15","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000015","phase":"reserved"}','1e112645c74f6722c8eec6dcd0e09a1703f62e5a7194a9f1f1449d80ae11cf62','d584f96b844e2acab7130cc4c4eb8b5acfd3ad761bb54ee45af9ca3acb0ed0f5');
INSERT INTO "audit" VALUES(119,'2026-03-02T08:05:09Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d1a3-76af-a308-c0ecfda21cc8","before":"reserved","device":"printer-15","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000015","phase":"claimed"}','d584f96b844e2acab7130cc4c4eb8b5acfd3ad761bb54ee45af9ca3acb0ed0f5','135ffac3157efe6fa8cbff9b64666b04b606d865eccb2dba4ab88b375bdda618');
INSERT INTO "audit" VALUES(120,'2026-03-02T08:05:12Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d1c2-7306-a893-2af5d5006fb0","device":"printer-16","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000016","phase":"reserved"}','135ffac3157efe6fa8cbff9b64666b04b606d865eccb2dba4ab88b375bdda618','f4677694f827c32220f33482e1f9fa85d38d194b34a1d4c02be340045e75ce7e');
INSERT INTO "audit" VALUES(121,'2026-03-02T08:05:14Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d1c2-7306-a893-2af5d5006fb0","before":"reserved","device":"printer-16","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000016","phase":"claimed"}','f4677694f827c32220f33482e1f9fa85d38d194b34a1d4c02be340045e75ce7e','f836420862c12d41dee80118d76a3e86b4a919f3ece4f4656e00e61efbbdca4f');
INSERT INTO "audit" VALUES(122,'2026-03-02T08:05:17Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d1c2-7306-a893-2af5d5006fb0","before":"claimed","device":"printer-16","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000016","phase":"opened"}','f836420862c12d41dee80118d76a3e86b4a919f3ece4f4656e00e61efbbdca4f','fb2c058e65b91e6567ace5646a0c712b53baa78bdb2a3307230730d89a9b0590');
INSERT INTO "audit" VALUES(123,'2026-03-02T08:05:20Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"reserved"}','fb2c058e65b91e6567ace5646a0c712b53baa78bdb2a3307230730d89a9b0590','72d827bc8f58b9ff756538588191384761e0fd5a13b247f5e89330c37a58899d');
INSERT INTO "audit" VALUES(124,'2026-03-02T08:05:22Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3","before":"reserved","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"claimed"}','72d827bc8f58b9ff756538588191384761e0fd5a13b247f5e89330c37a58899d','71b59303aa8882f0e21fd45e3643c330a61ef542b302bb429b8f178d5d6fc692');
INSERT INTO "audit" VALUES(125,'2026-03-02T08:05:25Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3","before":"claimed","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"opened"}','71b59303aa8882f0e21fd45e3643c330a61ef542b302bb429b8f178d5d6fc692','afc4b4e7d4bb35c890bc054a9d7cc7444cd5d30db53dfbdfa508f0dce1c46c8f');
INSERT INTO "audit" VALUES(126,'2026-03-02T08:05:28Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3","blank":"B00000010","item":10,"state":"in_path","was":"in_feeder"}','afc4b4e7d4bb35c890bc054a9d7cc7444cd5d30db53dfbdfa508f0dce1c46c8f','755c0e139f499ef2ffedff1da605c5041c586f32a67c4896662d373a9b6b75df');
INSERT INTO "audit" VALUES(127,'2026-03-02T08:05:30Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3","before":"opened","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"submitted"}','755c0e139f499ef2ffedff1da605c5041c586f32a67c4896662d373a9b6b75df','9d68ecf102275ade6d69f15b3d1db75f0e31089acd65b94fdd24aaef45cbc6da');
INSERT INTO "audit" VALUES(128,'2026-03-02T08:05:33Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d240-71c7-8f83-016578148093","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"reserved"}','9d68ecf102275ade6d69f15b3d1db75f0e31089acd65b94fdd24aaef45cbc6da','f60ba8b3c9016da06ce0336a54304c1c627c8d1d11fa457cdbe6313035743475');
INSERT INTO "audit" VALUES(129,'2026-03-02T08:05:35Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d240-71c7-8f83-016578148093","before":"reserved","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"claimed"}','f60ba8b3c9016da06ce0336a54304c1c627c8d1d11fa457cdbe6313035743475','7ac871298cd18a965757a516bc18346a02399d194b3bdcaf5c0a813345d77836');
INSERT INTO "audit" VALUES(130,'2026-03-02T08:05:38Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d240-71c7-8f83-016578148093","before":"claimed","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"opened"}','7ac871298cd18a965757a516bc18346a02399d194b3bdcaf5c0a813345d77836','f9afc58b9d533a699b7f4db7ccca48bdaddf748806d6816c084a0107df7657be');
INSERT INTO "audit" VALUES(131,'2026-03-02T08:05:41Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-d240-71c7-8f83-016578148093","blank":"B00000011","item":11,"state":"in_path","was":"in_feeder"}','f9afc58b9d533a699b7f4db7ccca48bdaddf748806d6816c084a0107df7657be','52e9fdd82dcca351dc2bd77edc7718782d1d39a810515280f468d7d2af608a2f');
INSERT INTO "audit" VALUES(132,'2026-03-02T08:05:43Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d240-71c7-8f83-016578148093","before":"opened","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"submitted"}','52e9fdd82dcca351dc2bd77edc7718782d1d39a810515280f468d7d2af608a2f','1ca02517a1a0b8aa14d79a58f1e43cda8443315df662092e2d6bbc9bf5277221');
INSERT INTO "audit" VALUES(133,'2026-03-02T08:05:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d240-71c7-8f83-016578148093","before":"submitted","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"printing"}','1ca02517a1a0b8aa14d79a58f1e43cda8443315df662092e2d6bbc9bf5277221','fc68145a7adde050a04a54c472c42018e5849957d61f0964aa39f11070f8563d');
INSERT INTO "audit" VALUES(134,'2026-03-02T08:05:49Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d294-7155-a767-6af54352bb7e","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"reserved"}','fc68145a7adde050a04a54c472c42018e5849957d61f0964aa39f11070f8563d','6975615e56bd72ef85955b9272e9a7f0d76cdd3951706efb5e9a97c12dcb24d5');
INSERT INTO "audit" VALUES(135,'2026-03-02T08:05:51Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d294-7155-a767-6af54352bb7e","before":"reserved","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"claimed"}','6975615e56bd72ef85955b9272e9a7f0d76cdd3951706efb5e9a97c12dcb24d5','53672a18fad8bb9344c2f6f4cfb3c2041daaf79a6861757ad29260f9ff6c229f');
INSERT INTO "audit" VALUES(136,'2026-03-02T08:05:54Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d294-7155-a767-6af54352bb7e","before":"claimed","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"opened"}','53672a18fad8bb9344c2f6f4cfb3c2041daaf79a6861757ad29260f9ff6c229f','d14526d6ed24c1a7abae2c8992774870f16b0397188bbe0748b766827bd4a462');
INSERT INTO "audit" VALUES(137,'2026-03-02T08:05:57Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-d294-7155-a767-6af54352bb7e","blank":"B00000012","item":12,"state":"in_path","was":"in_feeder"}','d14526d6ed24c1a7abae2c8992774870f16b0397188bbe0748b766827bd4a462','c2fe952c3df20bc43002f01eacc9e76649570c8ad4cf0b3222a04713863a044c');
INSERT INTO "audit" VALUES(138,'2026-03-02T08:05:59Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d294-7155-a767-6af54352bb7e","before":"opened","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"submitted"}','c2fe952c3df20bc43002f01eacc9e76649570c8ad4cf0b3222a04713863a044c','792c38b2c87c93241d40f4947a85310cd466f9cb477e2caf62e6139156f31ad9');
INSERT INTO "audit" VALUES(139,'2026-03-02T08:06:02Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d294-7155-a767-6af54352bb7e","before":"submitted","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"printing"}','792c38b2c87c93241d40f4947a85310cd466f9cb477e2caf62e6139156f31ad9','d984e59a54317ae7d51827b4792f81cc892c685a6450a63b454fb8cb8f7aeaba');
INSERT INTO "audit" VALUES(140,'2026-03-02T08:06:05Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d294-7155-a767-6af54352bb7e","before":"printing","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"presented"}','d984e59a54317ae7d51827b4792f81cc892c685a6450a63b454fb8cb8f7aeaba','8ff11bf2d4fd93faa801f577e553ccf4d4485bb66f933bdae0689333e3c6166f');
INSERT INTO "audit" VALUES(141,'2026-03-02T08:06:08Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"reserved"}','8ff11bf2d4fd93faa801f577e553ccf4d4485bb66f933bdae0689333e3c6166f','4e60382674a9643f559d8885cff7c254537f4a406bda737b5c383195bc9b9bd0');
INSERT INTO "audit" VALUES(142,'2026-03-02T08:06:10Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","before":"reserved","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"claimed"}','4e60382674a9643f559d8885cff7c254537f4a406bda737b5c383195bc9b9bd0','8fe675d87d80f9babd1d6aea778ed2e7b3edf83e3257f3cc72f726c95fae0c8a');
INSERT INTO "audit" VALUES(143,'2026-03-02T08:06:13Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","before":"claimed","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"opened"}','8fe675d87d80f9babd1d6aea778ed2e7b3edf83e3257f3cc72f726c95fae0c8a','72d6473f6aadee4356adda67ed4eff5f9252a1b09e899e82489b2911b81b9be8');
INSERT INTO "audit" VALUES(144,'2026-03-02T08:06:16Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","blank":"B00000013","item":13,"state":"in_path","was":"in_feeder"}','72d6473f6aadee4356adda67ed4eff5f9252a1b09e899e82489b2911b81b9be8','64ffa33ddb60ec86b35a55ecaa5d19394a2f2fc3a67e38550f6d92994dc1db0c');
INSERT INTO "audit" VALUES(145,'2026-03-02T08:06:18Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","before":"opened","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"submitted"}','64ffa33ddb60ec86b35a55ecaa5d19394a2f2fc3a67e38550f6d92994dc1db0c','55b66cc18dc491e84c4a3ad72e03614b2fecca9b1fc17204ae7bf1f165e4feb8');
INSERT INTO "audit" VALUES(146,'2026-03-02T08:06:21Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","before":"submitted","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"printing"}','55b66cc18dc491e84c4a3ad72e03614b2fecca9b1fc17204ae7bf1f165e4feb8','b8ba5934a82833d4f11f41edc66e96c5781aa61d7771968fd0869ae161571ae7');
INSERT INTO "audit" VALUES(147,'2026-03-02T08:06:24Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","before":"printing","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"presented"}','b8ba5934a82833d4f11f41edc66e96c5781aa61d7771968fd0869ae161571ae7','7e97b9eef810a27ca3bd0ce6a67e6ff56b7a9380c2615e206b78a6cac15046be');
INSERT INTO "audit" VALUES(148,'2026-03-02T08:06:27Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1","before":"presented","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"retracted","reason":"why-retracted"}','7e97b9eef810a27ca3bd0ce6a67e6ff56b7a9380c2615e206b78a6cac15046be','3ff79abe3a525c0805a9a54a947993025343f2810726f479ec4a58b2ce5b1005');
CREATE TABLE audit_handover (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    up_to      INTEGER NOT NULL,         -- the Dinas has the chain up to and with this entry
    witness    TEXT,                     -- its signature under the last head
    refused_at TEXT,
    refused    TEXT
) STRICT;
INSERT INTO "audit_handover" VALUES(1,20,'witness',NULL,NULL);
CREATE TABLE blank_book (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    kept_since TEXT                      -- the first load by record; NULL: no stock is kept here, and nothing is missed
) STRICT;
INSERT INTO "blank_book" VALUES(1,'2026-03-02T08:00:05+00:00');
CREATE TABLE blank_counts (
    state  TEXT NOT NULL,
    loaded INTEGER NOT NULL,
    n      INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (state, loaded)
) STRICT, WITHOUT ROWID;
INSERT INTO "blank_counts" VALUES('delivered',1,4);
INSERT INTO "blank_counts" VALUES('in_feeder',1,7);
INSERT INTO "blank_counts" VALUES('in_path',1,4);
INSERT INTO "blank_counts" VALUES('in_store',0,0);
INSERT INTO "blank_counts" VALUES('retracted',1,2);
INSERT INTO "blank_counts" VALUES('spoiled',1,3);
CREATE TABLE blank_moves (
    number     INTEGER PRIMARY KEY,
    item       INTEGER NOT NULL REFERENCES blanks (item),
    was        TEXT,                     -- NULL: it was not in the books
    state      TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL,            -- operator:<id> | applicant | system:<part>
    attempt_id TEXT
) STRICT;
INSERT INTO "blank_moves" VALUES(1,1,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(2,2,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(3,3,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(4,4,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(5,5,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(6,6,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(7,7,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(8,8,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(9,9,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(10,10,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(11,11,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(12,12,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(13,13,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(14,14,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(15,15,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(16,16,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(17,17,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(18,18,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(19,19,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(20,20,NULL,'in_store','2026-03-02T08:00:03+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(21,1,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(22,2,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(23,3,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(24,4,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(25,5,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(26,6,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(27,7,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(28,8,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(29,9,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(30,10,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(31,11,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(32,12,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(33,13,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(34,14,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(35,15,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(36,16,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(37,17,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(38,18,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(39,19,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(40,20,'in_store','in_feeder','2026-03-02T08:00:05+00:00','operator:op-7',NULL);
INSERT INTO "blank_moves" VALUES(41,1,'in_feeder','in_path','2026-03-02T08:00:20+00:00','system:issuance','01a20ea5-c71d-773f-8b82-8ff811c680dc');
INSERT INTO "blank_moves" VALUES(42,1,'in_path','delivered','2026-03-02T08:00:33+00:00','applicant','01a20ea5-c71d-773f-8b82-8ff811c680dc');
INSERT INTO "blank_moves" VALUES(43,2,'in_feeder','in_path','2026-03-02T08:00:43+00:00','system:issuance','01a20ea5-c7b6-7132-b571-fad8685a1836');
INSERT INTO "blank_moves" VALUES(44,2,'in_path','delivered','2026-03-02T08:00:56+00:00','applicant','01a20ea5-c7b6-7132-b571-fad8685a1836');
INSERT INTO "blank_moves" VALUES(45,3,'in_feeder','in_path','2026-03-02T08:01:06+00:00','system:issuance','01a20ea5-c850-71df-877e-9606e1eb691e');
INSERT INTO "blank_moves" VALUES(46,3,'in_path','delivered','2026-03-02T08:01:19+00:00','applicant','01a20ea5-c850-71df-877e-9606e1eb691e');
INSERT INTO "blank_moves" VALUES(47,4,'in_feeder','in_path','2026-03-02T08:01:51+00:00','system:issuance','01a20ea5-c9d9-7096-a9e6-29b297d46cf4');
INSERT INTO "blank_moves" VALUES(48,4,'in_path','retracted','2026-03-02T08:02:07+00:00','system:issuance','01a20ea5-c9d9-7096-a9e6-29b297d46cf4');
INSERT INTO "blank_moves" VALUES(49,5,'in_feeder','in_path','2026-03-02T08:02:17+00:00','system:issuance','01a20ea5-cb17-7649-a3dc-1648bc4aab7c');
INSERT INTO "blank_moves" VALUES(50,5,'in_path','spoiled','2026-03-02T08:02:27+00:00','system:issuance','01a20ea5-cb17-7649-a3dc-1648bc4aab7c');
INSERT INTO "blank_moves" VALUES(51,6,'in_feeder','in_path','2026-03-02T08:02:37+00:00','system:issuance','01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0');
INSERT INTO "blank_moves" VALUES(52,6,'in_path','spoiled','2026-03-02T08:02:47+00:00','system:issuance','01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0');
INSERT INTO "blank_moves" VALUES(53,6,'spoiled','spoiled','2026-03-02T08:02:52+00:00','operator:op-7','01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0');
INSERT INTO "blank_moves" VALUES(54,7,'in_feeder','in_path','2026-03-02T08:03:01+00:00','system:issuance','01a20ea5-cda9-70bc-9d58-5dc1536480bf');
INSERT INTO "blank_moves" VALUES(55,7,'in_path','delivered','2026-03-02T08:03:17+00:00','operator:op-7','01a20ea5-cda9-70bc-9d58-5dc1536480bf');
INSERT INTO "blank_moves" VALUES(56,8,'in_feeder','in_path','2026-03-02T08:03:28+00:00','system:issuance','01a20ea5-cf46-7423-b9ca-1bfaba8f3181');
INSERT INTO "blank_moves" VALUES(57,8,'in_path','spoiled','2026-03-02T08:03:44+00:00','operator:op-7','01a20ea5-cf46-7423-b9ca-1bfaba8f3181');
INSERT INTO "blank_moves" VALUES(58,9,'in_feeder','in_path','2026-03-02T08:03:55+00:00','system:issuance','01a20ea5-cfb0-74c9-98a2-f28873c029aa');
INSERT INTO "blank_moves" VALUES(59,9,'in_path','retracted','2026-03-02T08:04:11+00:00','operator:op-7','01a20ea5-cfb0-74c9-98a2-f28873c029aa');
INSERT INTO "blank_moves" VALUES(60,10,'in_feeder','in_path','2026-03-02T08:04:22+00:00','system:issuance','01a20ea5-d010-72b9-ae19-8e65837f2776');
INSERT INTO "blank_moves" VALUES(61,10,'in_path','in_feeder','2026-03-02T08:04:38+00:00','operator:op-7','01a20ea5-d010-72b9-ae19-8e65837f2776');
INSERT INTO "blank_moves" VALUES(62,10,'in_feeder','in_path','2026-03-02T08:05:27+00:00','system:issuance','01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3');
INSERT INTO "blank_moves" VALUES(63,11,'in_feeder','in_path','2026-03-02T08:05:40+00:00','system:issuance','01a20ea5-d240-71c7-8f83-016578148093');
INSERT INTO "blank_moves" VALUES(64,12,'in_feeder','in_path','2026-03-02T08:05:56+00:00','system:issuance','01a20ea5-d294-7155-a767-6af54352bb7e');
INSERT INTO "blank_moves" VALUES(65,13,'in_feeder','in_path','2026-03-02T08:06:15+00:00','system:issuance','01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1');
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
INSERT INTO "blanks" VALUES(1,'B00000001','delivered',1,NULL,0,'01a20ea5-c71d-773f-8b82-8ff811c680dc',1,'2026-03-02T08:00:33+00:00');
INSERT INTO "blanks" VALUES(2,'B00000002','delivered',1,NULL,0,'01a20ea5-c7b6-7132-b571-fad8685a1836',1,'2026-03-02T08:00:56+00:00');
INSERT INTO "blanks" VALUES(3,'B00000003','delivered',1,NULL,0,'01a20ea5-c850-71df-877e-9606e1eb691e',1,'2026-03-02T08:01:19+00:00');
INSERT INTO "blanks" VALUES(4,'B00000004','retracted',1,NULL,1,'01a20ea5-c9d9-7096-a9e6-29b297d46cf4',1,'2026-03-02T08:02:07+00:00');
INSERT INTO "blanks" VALUES(5,'B00000005','spoiled',1,NULL,1,'01a20ea5-cb17-7649-a3dc-1648bc4aab7c',NULL,'2026-03-02T08:02:27+00:00');
INSERT INTO "blanks" VALUES(6,'B00000006','spoiled',1,NULL,0,'01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0',NULL,'2026-03-02T08:02:52+00:00');
INSERT INTO "blanks" VALUES(7,'B00000007','delivered',1,NULL,0,'01a20ea5-cda9-70bc-9d58-5dc1536480bf',1,'2026-03-02T08:03:17+00:00');
INSERT INTO "blanks" VALUES(8,'B00000008','spoiled',1,NULL,0,'01a20ea5-cf46-7423-b9ca-1bfaba8f3181',NULL,'2026-03-02T08:03:44+00:00');
INSERT INTO "blanks" VALUES(9,'B00000009','retracted',1,NULL,0,'01a20ea5-cfb0-74c9-98a2-f28873c029aa',1,'2026-03-02T08:04:11+00:00');
INSERT INTO "blanks" VALUES(10,'B00000010','in_path',1,NULL,0,'01a20ea5-d1ef-70c1-a510-1a6d2e23e1b3',NULL,'2026-03-02T08:05:27+00:00');
INSERT INTO "blanks" VALUES(11,'B00000011','in_path',1,NULL,0,'01a20ea5-d240-71c7-8f83-016578148093',NULL,'2026-03-02T08:05:40+00:00');
INSERT INTO "blanks" VALUES(12,'B00000012','in_path',1,NULL,0,'01a20ea5-d294-7155-a767-6af54352bb7e',NULL,'2026-03-02T08:05:56+00:00');
INSERT INTO "blanks" VALUES(13,'B00000013','in_path',1,NULL,0,'01a20ea5-d2ff-7338-80b1-6ba1e5cc25f1',NULL,'2026-03-02T08:06:15+00:00');
INSERT INTO "blanks" VALUES(14,'B00000014','in_feeder',1,14,0,NULL,NULL,'2026-03-02T08:00:05+00:00');
INSERT INTO "blanks" VALUES(15,'B00000015','in_feeder',1,15,0,NULL,NULL,'2026-03-02T08:00:05+00:00');
INSERT INTO "blanks" VALUES(16,'B00000016','in_feeder',1,16,0,NULL,NULL,'2026-03-02T08:00:05+00:00');
INSERT INTO "blanks" VALUES(17,'B00000017','in_feeder',1,17,0,NULL,NULL,'2026-03-02T08:00:05+00:00');
INSERT INTO "blanks" VALUES(18,'B00000018','in_feeder',1,18,0,NULL,NULL,'2026-03-02T08:00:05+00:00');
INSERT INTO "blanks" VALUES(19,'B00000019','in_feeder',1,19,0,NULL,NULL,'2026-03-02T08:00:05+00:00');
INSERT INTO "blanks" VALUES(20,'B00000020','in_feeder',1,20,0,NULL,NULL,'2026-03-02T08:00:05+00:00');
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
INSERT INTO "differences" VALUES(1,'feeder-count',-1,'{"attempts": [], "counted": 19, "ledger": {"least": 20, "most": 20}, "since": null, "since_stocktake": null}',1,'2026-03-02T08:00:07+00:00','operator:op-7',NULL,NULL,NULL);
CREATE TABLE login_budget (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    failures INTEGER NOT NULL CHECK (failures >= 0)
) STRICT;
INSERT INTO "login_budget" VALUES(1,2);
CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
INSERT INTO "migrations" VALUES(1,'0001_attempts_audit_outbox.sql','2026-03-02T08:00:01+00:00');
INSERT INTO "migrations" VALUES(2,'0002_blanks_and_supplies.sql','2026-03-02T08:00:01+00:00');
CREATE TABLE outbox (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
    body       TEXT NOT NULL,            -- Outcome of the contract, as JSON; sent the same every time
    queued_at  TEXT NOT NULL,
    sent_at    TEXT,
    refused_at TEXT,                     -- the Dinas answered what no repeat can change; kept for a person
    refused    TEXT                      -- its problem type
) STRICT;
INSERT INTO "outbox" VALUES(1,'01a20ea5-c71d-773f-8b82-8ff811c680dc','{"outcome":"printed","at":"2026-03-02T08:00:31Z","reason":"why-taken","blank":"B00000001"}','2026-03-02T08:00:31+00:00','2026-03-02T08:05:01+00:00',NULL,NULL);
INSERT INTO "outbox" VALUES(2,'01a20ea5-c7b6-7132-b571-fad8685a1836','{"outcome":"printed","at":"2026-03-02T08:00:54Z","reason":"why-taken","blank":"B00000002"}','2026-03-02T08:00:54+00:00',NULL,'2026-03-02T08:05:02+00:00','not-known');
INSERT INTO "outbox" VALUES(3,'01a20ea5-c850-71df-877e-9606e1eb691e','{"outcome":"printed","at":"2026-03-02T08:01:17Z","reason":"why-taken","blank":"B00000003"}','2026-03-02T08:01:17+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(4,'01a20ea5-c8c3-7085-88db-ddd87157e554','{"outcome":"not_printed","at":"2026-03-02T08:01:23Z","reason":"why-failed"}','2026-03-02T08:01:23+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(5,'01a20ea5-c8f3-70ab-80b6-2a6a7015b448','{"outcome":"not_printed","at":"2026-03-02T08:01:40Z","reason":"why-failed"}','2026-03-02T08:01:40+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(6,'01a20ea5-c9d9-7096-a9e6-29b297d46cf4','{"outcome":"spoiled","at":"2026-03-02T08:02:05Z","reason":"why-retracted","blank":"B00000004"}','2026-03-02T08:02:05+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(7,'01a20ea5-cb17-7649-a3dc-1648bc4aab7c','{"outcome":"spoiled","at":"2026-03-02T08:02:25Z","reason":"why-spoiled","blank":"B00000005"}','2026-03-02T08:02:25+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(8,'01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0','{"outcome":"spoiled","at":"2026-03-02T08:02:45Z","reason":"why-spoiled","blank":"B00000006"}','2026-03-02T08:02:45+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(9,'01a20ea5-cc2b-73ce-9e22-231b2d2ea5f0','{"outcome":"spoiled","at":"2026-03-02T08:02:49Z","reason":"why-spoiled","blank":"B00000006","settled_by":"op-7"}','2026-03-02T08:02:49+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(10,'01a20ea5-cda9-70bc-9d58-5dc1536480bf','{"outcome":"unknown","at":"2026-03-02T08:03:12Z","reason":"why-unknown","blank":"B00000007"}','2026-03-02T08:03:12+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(11,'01a20ea5-cda9-70bc-9d58-5dc1536480bf','{"outcome":"printed","at":"2026-03-02T08:03:15Z","reason":"looked","blank":"B00000007","settled_by":"op-7"}','2026-03-02T08:03:15+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(12,'01a20ea5-cf46-7423-b9ca-1bfaba8f3181','{"outcome":"unknown","at":"2026-03-02T08:03:39Z","reason":"why-unknown","blank":"B00000008"}','2026-03-02T08:03:39+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(13,'01a20ea5-cf46-7423-b9ca-1bfaba8f3181','{"outcome":"spoiled","at":"2026-03-02T08:03:42Z","reason":"looked","blank":"B00000008","settled_by":"op-7"}','2026-03-02T08:03:42+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(14,'01a20ea5-cfb0-74c9-98a2-f28873c029aa','{"outcome":"unknown","at":"2026-03-02T08:04:06Z","reason":"why-unknown","blank":"B00000009"}','2026-03-02T08:04:06+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(15,'01a20ea5-cfb0-74c9-98a2-f28873c029aa','{"outcome":"spoiled","at":"2026-03-02T08:04:09Z","reason":"looked","blank":"B00000009","settled_by":"op-7"}','2026-03-02T08:04:09+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(16,'01a20ea5-d010-72b9-ae19-8e65837f2776','{"outcome":"unknown","at":"2026-03-02T08:04:33Z","reason":"why-unknown","blank":"B00000010"}','2026-03-02T08:04:33+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(17,'01a20ea5-d010-72b9-ae19-8e65837f2776','{"outcome":"not_printed","at":"2026-03-02T08:04:36Z","reason":"looked","settled_by":"op-7"}','2026-03-02T08:04:36+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(18,'01a20ea5-d072-7705-a4db-874d4570baae','{"outcome":"unknown","at":"2026-03-02T08:04:58Z","reason":"why-unknown"}','2026-03-02T08:04:58+00:00',NULL,NULL,NULL);
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
INSERT INTO "stocktakes" VALUES(1,NULL,'2026-03-02T08:00:07+00:00','operator:op-7',19,NULL,100,3,1,40,'{"counts": {"delivered": 0, "destroyed": 0, "in_bin": 0, "in_feeder": 20, "in_path": 0, "in_store": 0, "loaded": 20, "missing": 0, "retracted": 0, "spoiled": 0}, "kept": true, "moved": {"in_feeder": 20, "in_store": 20}}');
CREATE TABLE supply_changes (
    number  INTEGER PRIMARY KEY,
    supply  TEXT NOT NULL CHECK (supply IN ('paper', 'toner', 'ribbon', 'film')),
    amount  INTEGER NOT NULL CHECK (amount >= 0),  -- sheets now in the tray; prints that the maker promises, 0: not known
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL
) STRICT;
INSERT INTO "supply_changes" VALUES(1,'paper',250,'2026-03-02T08:00:10+00:00','operator:op-7');
CREATE UNIQUE INDEX one_attempt_at_a_permit ON attempts (permit_id)
    WHERE phase NOT IN ('failed', 'spoiled', 'retracted') OR outcome IS NULL;
CREATE UNIQUE INDEX one_attempt_on_a_device ON attempts (device)
    WHERE outcome IS NULL OR outcome = 'unknown';
CREATE TRIGGER attempt_phases_are_not_changed BEFORE UPDATE ON attempt_phases
BEGIN SELECT RAISE(ABORT, 'the history of an attempt is only added to'); END;
CREATE TRIGGER attempt_phases_are_not_deleted BEFORE DELETE ON attempt_phases
BEGIN SELECT RAISE(ABORT, 'the history of an attempt is only added to'); END;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE INDEX outbox_waiting ON outbox (number) WHERE sent_at IS NULL AND refused_at IS NULL;
CREATE UNIQUE INDEX blanks_in_feeder ON blanks (place) WHERE state = 'in_feeder';
CREATE INDEX blanks_in_path ON blanks (item) WHERE state = 'in_path';
CREATE INDEX blanks_in_bin ON blanks (item) WHERE in_bin = 1;
CREATE INDEX blanks_of_attempt ON blanks (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE TRIGGER blanks_are_not_deleted BEFORE DELETE ON blanks
BEGIN SELECT RAISE(ABORT, 'a blank never leaves the books'); END;
CREATE TRIGGER blanks_counted_in AFTER INSERT ON blanks BEGIN
    INSERT INTO blank_counts VALUES (NEW.state, NEW.loaded, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER blanks_counted_over AFTER UPDATE OF state, loaded ON blanks BEGIN
    UPDATE blank_counts SET n = n - 1 WHERE state = OLD.state AND loaded = OLD.loaded;
    INSERT INTO blank_counts VALUES (NEW.state, NEW.loaded, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE INDEX blank_moves_of_item ON blank_moves (item);
CREATE TRIGGER blank_moves_are_not_changed BEFORE UPDATE ON blank_moves
BEGIN SELECT RAISE(ABORT, 'the history of a blank is only added to'); END;
CREATE TRIGGER blank_moves_are_not_deleted BEFORE DELETE ON blank_moves
BEGIN SELECT RAISE(ABORT, 'the history of a blank is only added to'); END;
CREATE INDEX stocktakes_with_counters ON stocktakes (number) WHERE quiet = 1 AND printed IS NOT NULL;
CREATE TRIGGER stocktakes_are_not_changed BEFORE UPDATE ON stocktakes
BEGIN SELECT RAISE(ABORT, 'a stocktake is only added to'); END;
CREATE TRIGGER stocktakes_are_not_deleted BEFORE DELETE ON stocktakes
BEGIN SELECT RAISE(ABORT, 'a stocktake is only added to'); END;
CREATE INDEX differences_open ON differences (number) WHERE settled_at IS NULL;
CREATE TRIGGER differences_are_settled_once BEFORE UPDATE ON differences WHEN OLD.settled_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a settled difference stays as it is'); END;
CREATE TRIGGER differences_are_not_deleted BEFORE DELETE ON differences
BEGIN SELECT RAISE(ABORT, 'a difference stays in the books'); END;
CREATE INDEX supply_changes_of ON supply_changes (supply, number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',18);
COMMIT;
PRAGMA application_id=1094995276;
PRAGMA user_version=2;
