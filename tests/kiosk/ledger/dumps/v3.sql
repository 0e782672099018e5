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
INSERT INTO "attempt_phases" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6',1,'reserved','2026-03-02T08:00:12+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6',2,'claimed','2026-03-02T08:00:14+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6',3,'opened','2026-03-02T08:00:17+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6',4,'submitted','2026-03-02T08:00:22+00:00','system:issuance','{"blank": "B00000001", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 1, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6',5,'printing','2026-03-02T08:00:25+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6',6,'presented','2026-03-02T08:00:28+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6',7,'taken','2026-03-02T08:00:31+00:00','applicant','{"evidence": {"seen": "path-clear"}, "outcome": "printed", "reason": "why-taken"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a',1,'reserved','2026-03-02T08:00:35+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a',2,'claimed','2026-03-02T08:00:37+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a',3,'opened','2026-03-02T08:00:40+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a',4,'submitted','2026-03-02T08:00:45+00:00','system:issuance','{"blank": "B00000002", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 2, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a',5,'printing','2026-03-02T08:00:48+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a',6,'presented','2026-03-02T08:00:51+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a',7,'taken','2026-03-02T08:00:54+00:00','applicant','{"evidence": {"seen": "path-clear"}, "outcome": "printed", "reason": "why-taken"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29',1,'reserved','2026-03-02T08:00:58+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29',2,'claimed','2026-03-02T08:01:00+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29',3,'opened','2026-03-02T08:01:03+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29',4,'submitted','2026-03-02T08:01:08+00:00','system:issuance','{"blank": "B00000003", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 3, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29',5,'printing','2026-03-02T08:01:11+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29',6,'presented','2026-03-02T08:01:14+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29',7,'taken','2026-03-02T08:01:17+00:00','applicant','{"evidence": {"seen": "path-clear"}, "outcome": "printed", "reason": "why-taken"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e8c3-71de-8e97-d49b36d1a1b4',1,'reserved','2026-03-02T08:01:21+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e8c3-71de-8e97-d49b36d1a1b4',2,'failed','2026-03-02T08:01:23+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "not_printed", "reason": "why-failed"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e90b-764f-9697-b00dc6f1f099',1,'reserved','2026-03-02T08:01:26+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e90b-764f-9697-b00dc6f1f099',2,'claimed','2026-03-02T08:01:28+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e90b-764f-9697-b00dc6f1f099',3,'opened','2026-03-02T08:01:31+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e90b-764f-9697-b00dc6f1f099',4,'submitted','2026-03-02T08:01:34+00:00','system:issuance','{"counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 5, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e90b-764f-9697-b00dc6f1f099',5,'printing','2026-03-02T08:01:37+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e90b-764f-9697-b00dc6f1f099',6,'failed','2026-03-02T08:01:40+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "not_printed", "reason": "why-failed"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',1,'reserved','2026-03-02T08:01:43+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',2,'claimed','2026-03-02T08:01:45+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',3,'opened','2026-03-02T08:01:48+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',4,'submitted','2026-03-02T08:01:53+00:00','system:issuance','{"blank": "B00000004", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 6, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',5,'printing','2026-03-02T08:01:56+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',6,'presented','2026-03-02T08:01:59+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',7,'retracted','2026-03-02T08:02:02+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "reason": "why-retracted"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b',8,'retracted','2026-03-02T08:02:05+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "spoiled", "reason": "why-retracted"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-eb79-72ff-961f-f70444042cc3',1,'reserved','2026-03-02T08:02:09+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-eb79-72ff-961f-f70444042cc3',2,'claimed','2026-03-02T08:02:11+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-eb79-72ff-961f-f70444042cc3',3,'opened','2026-03-02T08:02:14+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-eb79-72ff-961f-f70444042cc3',4,'submitted','2026-03-02T08:02:19+00:00','system:issuance','{"blank": "B00000005", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 7, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-eb79-72ff-961f-f70444042cc3',5,'printing','2026-03-02T08:02:22+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-eb79-72ff-961f-f70444042cc3',6,'spoiled','2026-03-02T08:02:25+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "spoiled", "reason": "why-spoiled"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b',1,'reserved','2026-03-02T08:02:29+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b',2,'claimed','2026-03-02T08:02:31+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b',3,'opened','2026-03-02T08:02:34+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b',4,'submitted','2026-03-02T08:02:39+00:00','system:issuance','{"blank": "B00000006", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 8, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b',5,'printing','2026-03-02T08:02:42+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b',6,'spoiled','2026-03-02T08:02:45+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "spoiled", "reason": "why-spoiled"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b',7,'spoiled','2026-03-02T08:02:49+00:00','operator:op-7','{"outcome": "spoiled"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',1,'reserved','2026-03-02T08:02:53+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',2,'claimed','2026-03-02T08:02:55+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',3,'opened','2026-03-02T08:02:58+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',4,'submitted','2026-03-02T08:03:03+00:00','system:issuance','{"blank": "B00000007", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 9, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',5,'printing','2026-03-02T08:03:06+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',6,'presented','2026-03-02T08:03:09+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',7,'unknown','2026-03-02T08:03:12+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9',8,'taken','2026-03-02T08:03:15+00:00','operator:op-7','{"outcome": "printed", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',1,'reserved','2026-03-02T08:03:20+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',2,'claimed','2026-03-02T08:03:22+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',3,'opened','2026-03-02T08:03:25+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',4,'submitted','2026-03-02T08:03:30+00:00','system:issuance','{"blank": "B00000008", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 10, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',5,'printing','2026-03-02T08:03:33+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',6,'presented','2026-03-02T08:03:36+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',7,'unknown','2026-03-02T08:03:39+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29',8,'spoiled','2026-03-02T08:03:42+00:00','operator:op-7','{"outcome": "spoiled", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',1,'reserved','2026-03-02T08:03:47+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',2,'claimed','2026-03-02T08:03:49+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',3,'opened','2026-03-02T08:03:52+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',4,'submitted','2026-03-02T08:03:57+00:00','system:issuance','{"blank": "B00000009", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 11, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',5,'printing','2026-03-02T08:04:00+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',6,'presented','2026-03-02T08:04:03+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',7,'unknown','2026-03-02T08:04:06+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6',8,'retracted','2026-03-02T08:04:09+00:00','operator:op-7','{"outcome": "spoiled", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',1,'reserved','2026-03-02T08:04:14+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',2,'claimed','2026-03-02T08:04:16+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',3,'opened','2026-03-02T08:04:19+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',4,'submitted','2026-03-02T08:04:24+00:00','system:issuance','{"blank": "B00000010", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 12, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',5,'printing','2026-03-02T08:04:27+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',6,'presented','2026-03-02T08:04:30+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',7,'unknown','2026-03-02T08:04:33+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72',8,'failed','2026-03-02T08:04:36+00:00','operator:op-7','{"outcome": "not_printed", "reason": "looked"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f',1,'reserved','2026-03-02T08:04:41+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f',2,'claimed','2026-03-02T08:04:43+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f',3,'opened','2026-03-02T08:04:46+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f',4,'submitted','2026-03-02T08:04:49+00:00','system:issuance','{"counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 13, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f',5,'printing','2026-03-02T08:04:52+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f',6,'presented','2026-03-02T08:04:55+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f',7,'unknown','2026-03-02T08:04:58+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "outcome": "unknown", "reason": "why-unknown"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f644-766e-9eb2-c66e1b14fcc1',1,'reserved','2026-03-02T08:05:04+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f68c-72d6-a1f6-23b7046f539e',1,'reserved','2026-03-02T08:05:06+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f68c-72d6-a1f6-23b7046f539e',2,'claimed','2026-03-02T08:05:08+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f74c-71a2-88f8-e26f3aa1c8d4',1,'reserved','2026-03-02T08:05:11+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f74c-71a2-88f8-e26f3aa1c8d4',2,'claimed','2026-03-02T08:05:13+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f74c-71a2-88f8-e26f3aa1c8d4',3,'opened','2026-03-02T08:05:16+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f7fc-777c-a70f-c490718588c8',1,'reserved','2026-03-02T08:05:19+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f7fc-777c-a70f-c490718588c8',2,'claimed','2026-03-02T08:05:21+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f7fc-777c-a70f-c490718588c8',3,'opened','2026-03-02T08:05:24+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f7fc-777c-a70f-c490718588c8',4,'submitted','2026-03-02T08:05:29+00:00','system:issuance','{"blank": "B00000010", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 17, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f91b-774e-86e9-da0ee744f64c',1,'reserved','2026-03-02T08:05:32+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f91b-774e-86e9-da0ee744f64c',2,'claimed','2026-03-02T08:05:34+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f91b-774e-86e9-da0ee744f64c',3,'opened','2026-03-02T08:05:37+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f91b-774e-86e9-da0ee744f64c',4,'submitted','2026-03-02T08:05:42+00:00','system:issuance','{"blank": "B00000011", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 18, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f91b-774e-86e9-da0ee744f64c',5,'printing','2026-03-02T08:05:45+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f9c9-757e-9a94-b91b4fda88ad',1,'reserved','2026-03-02T08:05:48+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f9c9-757e-9a94-b91b4fda88ad',2,'claimed','2026-03-02T08:05:50+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f9c9-757e-9a94-b91b4fda88ad',3,'opened','2026-03-02T08:05:53+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f9c9-757e-9a94-b91b4fda88ad',4,'submitted','2026-03-02T08:05:58+00:00','system:issuance','{"blank": "B00000012", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 19, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f9c9-757e-9a94-b91b4fda88ad',5,'printing','2026-03-02T08:06:01+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-f9c9-757e-9a94-b91b4fda88ad',6,'presented','2026-03-02T08:06:04+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e',1,'reserved','2026-03-02T08:06:07+00:00','applicant','{}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e',2,'claimed','2026-03-02T08:06:09+00:00','system:issuance','{"report_by": "2026-03-03T08:00:00+00:00"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e',3,'opened','2026-03-02T08:06:12+00:00','system:issuance','{"sheets": 1}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e',4,'submitted','2026-03-02T08:06:17+00:00','system:issuance','{"blank": "B00000013", "counter_printed": 100, "counter_rejected": 3, "evidence": {"jobs": [], "queue": "idle"}, "job_id": 20, "job_uuid": "urn:uuid:7"}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e',5,'printing','2026-03-02T08:06:20+00:00','system:issuance','{"evidence": {"printing": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e',6,'presented','2026-03-02T08:06:23+00:00','system:issuance','{"evidence": {"presented": true}}');
INSERT INTO "attempt_phases" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e',7,'retracted','2026-03-02T08:06:26+00:00','system:issuance','{"evidence": {"seen": "path-clear"}, "reason": "why-retracted"}');
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
INSERT INTO "attempts" VALUES('01a20ea5-e63e-743f-9d29-57d31d2f2cd6','0198f1de-0000-4000-8000-000000000001','ktp-el','card','card_printer','taken',1,1,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000001','why-taken','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:00:12+00:00','2026-03-02T08:00:31+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-e732-706f-ae46-d28fa91de92a','0198f1de-0000-4000-8000-000000000002','ktp-el','card','card_printer','taken',1,2,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000002','why-taken','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:00:35+00:00','2026-03-02T08:00:54+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-e805-762b-a3fb-4b2067895e29','0198f1de-0000-4000-8000-000000000003','ktp-el','card','card_printer','taken',1,3,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000003','why-taken','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:00:58+00:00','2026-03-02T08:01:17+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-e8c3-71de-8e97-d49b36d1a1b4','0198f1de-0000-4000-8000-000000000004','ktp-el','card','printer_4','failed',NULL,NULL,NULL,NULL,NULL,'{"seen": "path-clear"}',NULL,'why-failed','not_printed',NULL,NULL,'2026-03-02T08:01:21+00:00','2026-03-02T08:01:23+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-e90b-764f-9697-b00dc6f1f099','0198f1de-0000-4000-8000-000000000005','kk','a4','printer_5','failed',1,5,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle", "seen": "path-clear"}',NULL,'why-failed','not_printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:01:26+00:00','2026-03-02T08:01:40+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-e99c-725e-ab18-538d2bb39d3b','0198f1de-0000-4000-8000-000000000006','ktp-el','card','printer_6','retracted',1,6,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000004','why-retracted','spoiled',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:01:43+00:00','2026-03-02T08:02:05+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-eb79-72ff-961f-f70444042cc3','0198f1de-0000-4000-8000-000000000007','ktp-el','card','printer_7','spoiled',1,7,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle", "seen": "path-clear"}','B00000005','why-spoiled','spoiled',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:02:09+00:00','2026-03-02T08:02:25+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-ec71-7101-9df1-02c088d5295b','0198f1de-0000-4000-8000-000000000008','ktp-el','card','printer_8','spoiled',1,8,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle", "seen": "path-clear"}','B00000006','why-spoiled','spoiled','op-7','2026-03-03T08:00:00+00:00','2026-03-02T08:02:29+00:00','2026-03-02T08:02:49+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-ed18-75c0-a2d1-77e7215a45e9','0198f1de-0000-4000-8000-000000000009','ktp-el','card','printer_9','taken',1,9,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000007','looked','printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:02:53+00:00','2026-03-02T08:03:15+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-ee34-71a8-a8a3-dc34736bfb29','0198f1de-0000-4000-8000-000000000010','ktp-el','card','printer_10','spoiled',1,10,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000008','looked','spoiled','op-7','2026-03-03T08:00:00+00:00','2026-03-02T08:03:20+00:00','2026-03-02T08:03:42+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-ef5a-7472-aae8-76b2cfc511a6','0198f1de-0000-4000-8000-000000000011','ktp-el','card','printer_11','retracted',1,11,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000009','looked','spoiled','op-7','2026-03-03T08:00:00+00:00','2026-03-02T08:03:47+00:00','2026-03-02T08:04:09+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f151-7178-bc26-79ae26745b72','0198f1de-0000-4000-8000-000000000012','ktp-el','card','printer_12','failed',1,12,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}',NULL,'looked','not_printed',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:04:14+00:00','2026-03-02T08:04:36+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f345-742b-90db-e7eaa1def51f','0198f1de-0000-4000-8000-000000000013','kk','a4','paper_printer','unknown',1,13,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}',NULL,'why-unknown','unknown',NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:04:41+00:00','2026-03-02T08:04:58+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f644-766e-9eb2-c66e1b14fcc1','0198f1de-0000-4000-8000-000000000014','ktp-el','card','printer_14','reserved',NULL,NULL,NULL,NULL,NULL,'{}',NULL,NULL,NULL,NULL,NULL,'2026-03-02T08:05:04+00:00','2026-03-02T08:05:04+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f68c-72d6-a1f6-23b7046f539e','0198f1de-0000-4000-8000-000000000015','ktp-el','card','printer_15','claimed',NULL,NULL,NULL,NULL,NULL,'{}',NULL,NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:06+00:00','2026-03-02T08:05:08+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f74c-71a2-88f8-e26f3aa1c8d4','0198f1de-0000-4000-8000-000000000016','ktp-el','card','printer_16','opened',1,NULL,NULL,NULL,NULL,'{}',NULL,NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:11+00:00','2026-03-02T08:05:16+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f7fc-777c-a70f-c490718588c8','0198f1de-0000-4000-8000-000000000017','ktp-el','card','printer_17','submitted',1,17,'urn:uuid:7',100,3,'{"jobs": [], "queue": "idle"}','B00000010',NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:19+00:00','2026-03-02T08:05:29+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f91b-774e-86e9-da0ee744f64c','0198f1de-0000-4000-8000-000000000018','ktp-el','card','printer_18','printing',1,18,'urn:uuid:7',100,3,'{"jobs": [], "printing": true, "queue": "idle"}','B00000011',NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:32+00:00','2026-03-02T08:05:45+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-f9c9-757e-9a94-b91b4fda88ad','0198f1de-0000-4000-8000-000000000019','ktp-el','card','printer_19','presented',1,19,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle"}','B00000012',NULL,NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:05:48+00:00','2026-03-02T08:06:04+00:00');
INSERT INTO "attempts" VALUES('01a20ea5-fb8c-75ca-af63-6d1e75ce287e','0198f1de-0000-4000-8000-000000000020','ktp-el','card','printer_20','retracted',1,20,'urn:uuid:7',100,3,'{"jobs": [], "presented": true, "printing": true, "queue": "idle", "seen": "path-clear"}','B00000013','why-retracted',NULL,NULL,'2026-03-03T08:00:00+00:00','2026-03-02T08:06:07+00:00','2026-03-02T08:06:26+00:00');
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
INSERT INTO "audit" VALUES(7,'2026-03-02T08:00:13Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"reserved"}','085b2505f90fd7f504ca84adfffffecd4e64a3bb7bc98fa7a6d8737307f54a72','0b9135e37fdf9659c6fcaccfe3d2cb3f5e695ed74a5bc5e152e17473fead84aa');
INSERT INTO "audit" VALUES(8,'2026-03-02T08:00:15Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","before":"reserved","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"claimed"}','0b9135e37fdf9659c6fcaccfe3d2cb3f5e695ed74a5bc5e152e17473fead84aa','38ca7f83db337bd409cbd42617824a9f586556ede96605635e37d55de2f254b5');
INSERT INTO "audit" VALUES(9,'2026-03-02T08:00:18Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","before":"claimed","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"opened"}','38ca7f83db337bd409cbd42617824a9f586556ede96605635e37d55de2f254b5','aee87462e273b5b2a0c33710fdf0d3525ef872878f70248c5ddd7883bc404ead');
INSERT INTO "audit" VALUES(10,'2026-03-02T08:00:21Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","blank":"B00000001","item":1,"state":"in_path","was":"in_feeder"}','aee87462e273b5b2a0c33710fdf0d3525ef872878f70248c5ddd7883bc404ead','bb2301dbcbc8b497c86862b0b7394fe4cdf91bb6998ee1fb3f95f9f9ba0fc250');
INSERT INTO "audit" VALUES(11,'2026-03-02T08:00:23Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","before":"opened","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"submitted"}','bb2301dbcbc8b497c86862b0b7394fe4cdf91bb6998ee1fb3f95f9f9ba0fc250','ba8327b4efac29d2a6853cc9037ae4e121f51529e28b93a202b25f9fbce903ca');
INSERT INTO "audit" VALUES(12,'2026-03-02T08:00:26Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","before":"submitted","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"printing"}','ba8327b4efac29d2a6853cc9037ae4e121f51529e28b93a202b25f9fbce903ca','a6947848f877a96b2c1f5b8f59202ab6d9b692638891a04a13ac5e528dd7d399');
INSERT INTO "audit" VALUES(13,'2026-03-02T08:00:29Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","before":"printing","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000001","phase":"presented"}','a6947848f877a96b2c1f5b8f59202ab6d9b692638891a04a13ac5e528dd7d399','82048f2bcb741e36a9990b18a521349a78bc5b931cb9bbf3f8e1562b4403b06f');
INSERT INTO "audit" VALUES(14,'2026-03-02T08:00:32Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","before":"presented","device":"card-printer","document":"ktp-el","outcome":"printed","permit":"0198f1de-0000-4000-8000-000000000001","phase":"taken","reason":"why-taken"}','82048f2bcb741e36a9990b18a521349a78bc5b931cb9bbf3f8e1562b4403b06f','a7dc566cfd03fc3b7f982e7de7fa9e1454799b8ca55a2bbb4108b6547ab9e5a8');
INSERT INTO "audit" VALUES(15,'2026-03-02T08:00:34Z','blank-moved','{"actor":"applicant","attempt":"01a20ea5-e63e-743f-9d29-57d31d2f2cd6","blank":"B00000001","item":1,"state":"delivered","was":"in_path"}','a7dc566cfd03fc3b7f982e7de7fa9e1454799b8ca55a2bbb4108b6547ab9e5a8','2065ce2dbd635102a45e4aa0c4357fa46d0c99852322e350e20ba31702230395');
INSERT INTO "audit" VALUES(16,'2026-03-02T08:00:36Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"reserved"}','2065ce2dbd635102a45e4aa0c4357fa46d0c99852322e350e20ba31702230395','4cb8290305d08c51715affe3345f888632968d15a720e25fc2b5f4382e9c6d4c');
INSERT INTO "audit" VALUES(17,'2026-03-02T08:00:38Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","before":"reserved","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"claimed"}','4cb8290305d08c51715affe3345f888632968d15a720e25fc2b5f4382e9c6d4c','ecea7ef15040c6b5d9c63dbd0f8614dae7c4fd362b609cdea50b49830ec16c9d');
INSERT INTO "audit" VALUES(18,'2026-03-02T08:00:41Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","before":"claimed","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"opened"}','ecea7ef15040c6b5d9c63dbd0f8614dae7c4fd362b609cdea50b49830ec16c9d','fc14cd068139fb8798ab86bdd3878a0c151519c08cc8e315f541d7703d28faca');
INSERT INTO "audit" VALUES(19,'2026-03-02T08:00:44Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","blank":"B00000002","item":2,"state":"in_path","was":"in_feeder"}','fc14cd068139fb8798ab86bdd3878a0c151519c08cc8e315f541d7703d28faca','57e1f3c83ae41904c6d1cf1558bbd68123814bf6e601930f2224287efa5a36cf');
INSERT INTO "audit" VALUES(20,'2026-03-02T08:00:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","before":"opened","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"submitted"}','57e1f3c83ae41904c6d1cf1558bbd68123814bf6e601930f2224287efa5a36cf','9ab5df3d979e4aca0d945ef279a0dcb41f9bf015b616007ee50f975d41978a85');
INSERT INTO "audit" VALUES(21,'2026-03-02T08:00:49Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","before":"submitted","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"printing"}','9ab5df3d979e4aca0d945ef279a0dcb41f9bf015b616007ee50f975d41978a85','b65a289b095ee61a2728f82b8f8a55a6fec17f7461e145bcd0baeb2896ba6c6e');
INSERT INTO "audit" VALUES(22,'2026-03-02T08:00:52Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","before":"printing","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000002","phase":"presented"}','b65a289b095ee61a2728f82b8f8a55a6fec17f7461e145bcd0baeb2896ba6c6e','5deac49dcb14f596c70fadcad9848022238ab92a7fc04c7d310494cc893bc4a9');
INSERT INTO "audit" VALUES(23,'2026-03-02T08:00:55Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","before":"presented","device":"card-printer","document":"ktp-el","outcome":"printed","permit":"0198f1de-0000-4000-8000-000000000002","phase":"taken","reason":"why-taken"}','5deac49dcb14f596c70fadcad9848022238ab92a7fc04c7d310494cc893bc4a9','9be64f4215b924ed44135597d7f136fb63f3a2bfbf3535d17d3aabc3e55b637e');
INSERT INTO "audit" VALUES(24,'2026-03-02T08:00:57Z','blank-moved','{"actor":"applicant","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","blank":"B00000002","item":2,"state":"delivered","was":"in_path"}','9be64f4215b924ed44135597d7f136fb63f3a2bfbf3535d17d3aabc3e55b637e','7d991bb569bb326575d70fcc6c575710e1968d52effe5abb84ec6183ace76932');
INSERT INTO "audit" VALUES(25,'2026-03-02T08:00:59Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"reserved"}','7d991bb569bb326575d70fcc6c575710e1968d52effe5abb84ec6183ace76932','6413b9fa5b72b941d9e7ae826a8d2e559316fda415f47aeb2be1ada8fc520f07');
INSERT INTO "audit" VALUES(26,'2026-03-02T08:01:01Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","before":"reserved","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"claimed"}','6413b9fa5b72b941d9e7ae826a8d2e559316fda415f47aeb2be1ada8fc520f07','4d23273c5b2c38e4868ed9dd1470befa8bfd8f3035bdbcd2cb1105a7f9ed4519');
INSERT INTO "audit" VALUES(27,'2026-03-02T08:01:04Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","before":"claimed","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"opened"}','4d23273c5b2c38e4868ed9dd1470befa8bfd8f3035bdbcd2cb1105a7f9ed4519','05b5e86fc7226aa6eb8b88dceaadb19978c9d1f453974112918001952422d60e');
INSERT INTO "audit" VALUES(28,'2026-03-02T08:01:07Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","blank":"B00000003","item":3,"state":"in_path","was":"in_feeder"}','05b5e86fc7226aa6eb8b88dceaadb19978c9d1f453974112918001952422d60e','898c0ece964843a591c6829547f8f307018e58c48097a0a23d6b9ce6f2102171');
INSERT INTO "audit" VALUES(29,'2026-03-02T08:01:09Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","before":"opened","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"submitted"}','898c0ece964843a591c6829547f8f307018e58c48097a0a23d6b9ce6f2102171','a411cd706065e28e91e479470169108aaed84c4e4462f5083a452256a42a3f50');
INSERT INTO "audit" VALUES(30,'2026-03-02T08:01:12Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","before":"submitted","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"printing"}','a411cd706065e28e91e479470169108aaed84c4e4462f5083a452256a42a3f50','185988925cb4c9c4abd122d95c1aca4944b499744c4c8b94ab9bb46ec24bd448');
INSERT INTO "audit" VALUES(31,'2026-03-02T08:01:15Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","before":"printing","device":"card-printer","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000003","phase":"presented"}','185988925cb4c9c4abd122d95c1aca4944b499744c4c8b94ab9bb46ec24bd448','710e645ba015233c5eb406fb75b6a04110ecab2168b86c6aa1b1c4276df8a768');
INSERT INTO "audit" VALUES(32,'2026-03-02T08:01:18Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","before":"presented","device":"card-printer","document":"ktp-el","outcome":"printed","permit":"0198f1de-0000-4000-8000-000000000003","phase":"taken","reason":"why-taken"}','710e645ba015233c5eb406fb75b6a04110ecab2168b86c6aa1b1c4276df8a768','f512eafa44f4c2901914ff0730031e46b50bc2a75b6c322583ba26f47604c65d');
INSERT INTO "audit" VALUES(33,'2026-03-02T08:01:20Z','blank-moved','{"actor":"applicant","attempt":"01a20ea5-e805-762b-a3fb-4b2067895e29","blank":"B00000003","item":3,"state":"delivered","was":"in_path"}','f512eafa44f4c2901914ff0730031e46b50bc2a75b6c322583ba26f47604c65d','616bb7d8806974ac0b096ef9d6d3c6038a35a035136ed48d76df851d93a7b22e');
INSERT INTO "audit" VALUES(34,'2026-03-02T08:01:22Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e8c3-71de-8e97-d49b36d1a1b4","device":"printer-4","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000004","phase":"reserved"}','616bb7d8806974ac0b096ef9d6d3c6038a35a035136ed48d76df851d93a7b22e','ff66dd15cefe5fc41effb726da56b50098cefe966dddda038ae8e4a5f12a43a4');
INSERT INTO "audit" VALUES(35,'2026-03-02T08:01:24Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e8c3-71de-8e97-d49b36d1a1b4","before":"reserved","device":"printer-4","document":"ktp-el","outcome":"not_printed","permit":"0198f1de-0000-4000-8000-000000000004","phase":"failed","reason":"why-failed"}','ff66dd15cefe5fc41effb726da56b50098cefe966dddda038ae8e4a5f12a43a4','034764029ca6d22cb4b9fab7659a3583bab3be4afe7279c68fc24267c7acdcc5');
INSERT INTO "audit" VALUES(36,'2026-03-02T08:01:27Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e90b-764f-9697-b00dc6f1f099","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"reserved"}','034764029ca6d22cb4b9fab7659a3583bab3be4afe7279c68fc24267c7acdcc5','8e17eb784e1fe0f90797e672ab0e823efacc9acdd5eee17273afca010f221a54');
INSERT INTO "audit" VALUES(37,'2026-03-02T08:01:29Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e90b-764f-9697-b00dc6f1f099","before":"reserved","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"claimed"}','8e17eb784e1fe0f90797e672ab0e823efacc9acdd5eee17273afca010f221a54','ca75f1cf7567ceb0775f0c3a031f0d43df09a131dd987f7d5c2fac2be52d8195');
INSERT INTO "audit" VALUES(38,'2026-03-02T08:01:32Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e90b-764f-9697-b00dc6f1f099","before":"claimed","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"opened"}','ca75f1cf7567ceb0775f0c3a031f0d43df09a131dd987f7d5c2fac2be52d8195','1b51fa9f4e30fdeff8add2cbcc990abce1bef46228a533ab58c6d93ebffc8952');
INSERT INTO "audit" VALUES(39,'2026-03-02T08:01:35Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e90b-764f-9697-b00dc6f1f099","before":"opened","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"submitted"}','1b51fa9f4e30fdeff8add2cbcc990abce1bef46228a533ab58c6d93ebffc8952','fee5c99d4fe8fcf1c993b56227e016b711231c6014ef0c1e656aa643e9ab6558');
INSERT INTO "audit" VALUES(40,'2026-03-02T08:01:38Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e90b-764f-9697-b00dc6f1f099","before":"submitted","device":"printer-5","document":"kk","permit":"0198f1de-0000-4000-8000-000000000005","phase":"printing"}','fee5c99d4fe8fcf1c993b56227e016b711231c6014ef0c1e656aa643e9ab6558','2f97f0c9f55c8f99f1f89da20ac1d6d1f166e0e83c84d5ee2e4976ad34c06667');
INSERT INTO "audit" VALUES(41,'2026-03-02T08:01:41Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e90b-764f-9697-b00dc6f1f099","before":"printing","device":"printer-5","document":"kk","outcome":"not_printed","permit":"0198f1de-0000-4000-8000-000000000005","phase":"failed","reason":"why-failed"}','2f97f0c9f55c8f99f1f89da20ac1d6d1f166e0e83c84d5ee2e4976ad34c06667','16aa8baaeee2061003c6f572a1668f0f1c6d7c08bfb3d19dc39bdabacdfcfdbc');
INSERT INTO "audit" VALUES(42,'2026-03-02T08:01:44Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"reserved"}','16aa8baaeee2061003c6f572a1668f0f1c6d7c08bfb3d19dc39bdabacdfcfdbc','bce03b3e3c83cfac9f1cad6e7275f8b48a4a72307b60fa5007f9c43c6899d1c7');
INSERT INTO "audit" VALUES(43,'2026-03-02T08:01:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","before":"reserved","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"claimed"}','bce03b3e3c83cfac9f1cad6e7275f8b48a4a72307b60fa5007f9c43c6899d1c7','c7f30ef9c603d0ea3130478472b33c5b6afb0b987c9314b3e7991fa82e1d4164');
INSERT INTO "audit" VALUES(44,'2026-03-02T08:01:49Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","before":"claimed","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"opened"}','c7f30ef9c603d0ea3130478472b33c5b6afb0b987c9314b3e7991fa82e1d4164','e9e901c8b32f02004fd76a4dc363853d4745b082203e1039b0baffc88f512bdc');
INSERT INTO "audit" VALUES(45,'2026-03-02T08:01:52Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","blank":"B00000004","item":4,"state":"in_path","was":"in_feeder"}','e9e901c8b32f02004fd76a4dc363853d4745b082203e1039b0baffc88f512bdc','9db80391aa5e450811e02890483d14976d907598c458fdcd721a955e821502c8');
INSERT INTO "audit" VALUES(46,'2026-03-02T08:01:54Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","before":"opened","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"submitted"}','9db80391aa5e450811e02890483d14976d907598c458fdcd721a955e821502c8','caf2820fc861d7af19f8bbec9bfdb41f32166e7a678cdb75d477b105d70c09b7');
INSERT INTO "audit" VALUES(47,'2026-03-02T08:01:57Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","before":"submitted","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"printing"}','caf2820fc861d7af19f8bbec9bfdb41f32166e7a678cdb75d477b105d70c09b7','bb410bbcb1156b3a2a09d482a6842bd9a4d917cf809981973dc89576c24dd6fd');
INSERT INTO "audit" VALUES(48,'2026-03-02T08:02:00Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","before":"printing","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"presented"}','bb410bbcb1156b3a2a09d482a6842bd9a4d917cf809981973dc89576c24dd6fd','d3c0ad43a94271f4a88947435f039954a4357c1eb0e7cbb4e3e8cda6d153c1d1');
INSERT INTO "audit" VALUES(49,'2026-03-02T08:02:03Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","before":"presented","device":"printer-6","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000006","phase":"retracted","reason":"why-retracted"}','d3c0ad43a94271f4a88947435f039954a4357c1eb0e7cbb4e3e8cda6d153c1d1','1b1880025a800608e40e70e7bbc6b3e7bbfbc8c8259579191aadc5b0202dfe22');
INSERT INTO "audit" VALUES(50,'2026-03-02T08:02:06Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","before":"retracted","device":"printer-6","document":"ktp-el","outcome":"spoiled","permit":"0198f1de-0000-4000-8000-000000000006","phase":"retracted","reason":"why-retracted"}','1b1880025a800608e40e70e7bbc6b3e7bbfbc8c8259579191aadc5b0202dfe22','7324511568461ebbaa84d3096ebe51c1f1ceb1437dcd90cf9c164ba151e19763');
INSERT INTO "audit" VALUES(51,'2026-03-02T08:02:08Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-e99c-725e-ab18-538d2bb39d3b","blank":"B00000004","item":4,"state":"retracted","was":"in_path"}','7324511568461ebbaa84d3096ebe51c1f1ceb1437dcd90cf9c164ba151e19763','03c4a6a72f761cf7a973de3e9b8e7faeac4e8273d494b99a3987fff538d5ce8c');
INSERT INTO "audit" VALUES(52,'2026-03-02T08:02:10Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"reserved"}','03c4a6a72f761cf7a973de3e9b8e7faeac4e8273d494b99a3987fff538d5ce8c','1721bfbc821bccf363bfd9170b269b600bf3787df6dd1504e88cc819dd17d762');
INSERT INTO "audit" VALUES(53,'2026-03-02T08:02:12Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","before":"reserved","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"claimed"}','1721bfbc821bccf363bfd9170b269b600bf3787df6dd1504e88cc819dd17d762','99c2acc324fba15a8082a398cd119220d53413e963df2bb3d5d998ba3c76032e');
INSERT INTO "audit" VALUES(54,'2026-03-02T08:02:15Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","before":"claimed","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"opened"}','99c2acc324fba15a8082a398cd119220d53413e963df2bb3d5d998ba3c76032e','7303da9a2584a2b6350ff5e7169527a64c12e94dfc550f9455770abc3cbfb1db');
INSERT INTO "audit" VALUES(55,'2026-03-02T08:02:18Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","blank":"B00000005","item":5,"state":"in_path","was":"in_feeder"}','7303da9a2584a2b6350ff5e7169527a64c12e94dfc550f9455770abc3cbfb1db','c5d617527a0270364ffe72256eac34f73ad1d92c3ae0f564af2c3972648454de');
INSERT INTO "audit" VALUES(56,'2026-03-02T08:02:20Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","before":"opened","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"submitted"}','c5d617527a0270364ffe72256eac34f73ad1d92c3ae0f564af2c3972648454de','bb8dd3394b5c3f6abbb075b0a613135fc865dee7533a42fa2d394ea2e699a9c5');
INSERT INTO "audit" VALUES(57,'2026-03-02T08:02:23Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","before":"submitted","device":"printer-7","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000007","phase":"printing"}','bb8dd3394b5c3f6abbb075b0a613135fc865dee7533a42fa2d394ea2e699a9c5','502e1ad24cdea19b693a1ff17c6ae57181a7507eb379e8a7379de4cc1a835e3a');
INSERT INTO "audit" VALUES(58,'2026-03-02T08:02:26Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","before":"printing","device":"printer-7","document":"ktp-el","outcome":"spoiled","permit":"0198f1de-0000-4000-8000-000000000007","phase":"spoiled","reason":"why-spoiled"}','502e1ad24cdea19b693a1ff17c6ae57181a7507eb379e8a7379de4cc1a835e3a','8ef0faa8b4323e52967b0e1a983286e5bf28604ab3155540de4285306c8713fa');
INSERT INTO "audit" VALUES(59,'2026-03-02T08:02:28Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-eb79-72ff-961f-f70444042cc3","blank":"B00000005","item":5,"state":"spoiled","was":"in_path"}','8ef0faa8b4323e52967b0e1a983286e5bf28604ab3155540de4285306c8713fa','37a21c1a277be462a29451891300136eadcac97d4048b1aae7563387cf984c3e');
INSERT INTO "audit" VALUES(60,'2026-03-02T08:02:30Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"reserved"}','37a21c1a277be462a29451891300136eadcac97d4048b1aae7563387cf984c3e','98e72b31d3b84bcdabc1e104f6d42c997cec86d329eeaee1cde9486c1efc8b06');
INSERT INTO "audit" VALUES(61,'2026-03-02T08:02:32Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","before":"reserved","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"claimed"}','98e72b31d3b84bcdabc1e104f6d42c997cec86d329eeaee1cde9486c1efc8b06','d2e7756f2f4e7a81803f957697beb7bcfbd5fa60062805c227ed481b9b4f2abe');
INSERT INTO "audit" VALUES(62,'2026-03-02T08:02:35Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","before":"claimed","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"opened"}','d2e7756f2f4e7a81803f957697beb7bcfbd5fa60062805c227ed481b9b4f2abe','e740a0c1ea78216c126fe33243f1a20179c7b790a82ebd3b2551de2048d1d2b3');
INSERT INTO "audit" VALUES(63,'2026-03-02T08:02:38Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","blank":"B00000006","item":6,"state":"in_path","was":"in_feeder"}','e740a0c1ea78216c126fe33243f1a20179c7b790a82ebd3b2551de2048d1d2b3','5fd5a0e7ea2783d2d9cf7e60c06e9461e216e6257796aad9252afbe679c31c37');
INSERT INTO "audit" VALUES(64,'2026-03-02T08:02:40Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","before":"opened","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"submitted"}','5fd5a0e7ea2783d2d9cf7e60c06e9461e216e6257796aad9252afbe679c31c37','8544af3bcb489fc7e86184ade434fbf78231f693408bab5acf7df55b5b294297');
INSERT INTO "audit" VALUES(65,'2026-03-02T08:02:43Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","before":"submitted","device":"printer-8","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000008","phase":"printing"}','8544af3bcb489fc7e86184ade434fbf78231f693408bab5acf7df55b5b294297','ebbd0191a6ecc61a5d79202aac8edb340a1e586cd9cf40eebb1ab3ff246579f0');
INSERT INTO "audit" VALUES(66,'2026-03-02T08:02:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","before":"printing","device":"printer-8","document":"ktp-el","outcome":"spoiled","permit":"0198f1de-0000-4000-8000-000000000008","phase":"spoiled","reason":"why-spoiled"}','ebbd0191a6ecc61a5d79202aac8edb340a1e586cd9cf40eebb1ab3ff246579f0','901221fc3a1b52a2818bec9ed8b766e45d87ad8e35f42ab75123a22b36459bd1');
INSERT INTO "audit" VALUES(67,'2026-03-02T08:02:48Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","blank":"B00000006","item":6,"state":"spoiled","was":"in_path"}','901221fc3a1b52a2818bec9ed8b766e45d87ad8e35f42ab75123a22b36459bd1','2ecba09f06f0d9c0479706527b00cdf71678f27c35d1a8e586b668e1326a6365');
INSERT INTO "audit" VALUES(68,'2026-03-02T08:02:50Z','blank-accounted','{"actor":"operator:op-7","attempt":"01a20ea5-ec71-7101-9df1-02c088d5295b","blank":"b00000006"}','2ecba09f06f0d9c0479706527b00cdf71678f27c35d1a8e586b668e1326a6365','2d7b683a967f4ea3cd1bba88ab458f31977fca2d91adb3dfb67115777bd1c59b');
INSERT INTO "audit" VALUES(69,'2026-03-02T08:02:54Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"reserved"}','2d7b683a967f4ea3cd1bba88ab458f31977fca2d91adb3dfb67115777bd1c59b','e53a0ff2cd65793cd3c90b41f4034f40491456f172de6590a46d986212657ac9');
INSERT INTO "audit" VALUES(70,'2026-03-02T08:02:56Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","before":"reserved","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"claimed"}','e53a0ff2cd65793cd3c90b41f4034f40491456f172de6590a46d986212657ac9','843f12b457003a9770cae55f1afc25f983a8e847d1db7d0cd02cb745ff005a88');
INSERT INTO "audit" VALUES(71,'2026-03-02T08:02:59Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","before":"claimed","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"opened"}','843f12b457003a9770cae55f1afc25f983a8e847d1db7d0cd02cb745ff005a88','01b48a4802b92f2faab544fa0867a2ecddb7b395ad126c9dd214cf4ef81b3e80');
INSERT INTO "audit" VALUES(72,'2026-03-02T08:03:02Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","blank":"B00000007","item":7,"state":"in_path","was":"in_feeder"}','01b48a4802b92f2faab544fa0867a2ecddb7b395ad126c9dd214cf4ef81b3e80','ae1e4f81a6a2303703a7aac72a983b025b13129a0b8cbd5fc1e0bed9b8e8a630');
INSERT INTO "audit" VALUES(73,'2026-03-02T08:03:04Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","before":"opened","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"submitted"}','ae1e4f81a6a2303703a7aac72a983b025b13129a0b8cbd5fc1e0bed9b8e8a630','2c43a39e8959fad1fd680b36e680961d45c013fcd31af0780de30991e0da7a79');
INSERT INTO "audit" VALUES(74,'2026-03-02T08:03:07Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","before":"submitted","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"printing"}','2c43a39e8959fad1fd680b36e680961d45c013fcd31af0780de30991e0da7a79','7427b6c36c23f013fd52ca87a2b65a16e33b348428d2c760c75de9b80bcd445b');
INSERT INTO "audit" VALUES(75,'2026-03-02T08:03:10Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","before":"printing","device":"printer-9","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000009","phase":"presented"}','7427b6c36c23f013fd52ca87a2b65a16e33b348428d2c760c75de9b80bcd445b','2ad870ebb759755b9468963443fd7c54451a17450b89f1d5eb5afe020e7c1843');
INSERT INTO "audit" VALUES(76,'2026-03-02T08:03:13Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","before":"presented","device":"printer-9","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000009","phase":"unknown","reason":"why-unknown"}','2ad870ebb759755b9468963443fd7c54451a17450b89f1d5eb5afe020e7c1843','0d821c46b295ba35ec4c4b3509e1317b4a8cb40e37307558dbbc99fafb5c6029');
INSERT INTO "audit" VALUES(77,'2026-03-02T08:03:16Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","outcome":"printed","phase":"taken","reason":"looked"}','0d821c46b295ba35ec4c4b3509e1317b4a8cb40e37307558dbbc99fafb5c6029','a193e515c09e96a57e3a7e983a952298dcccb577a7d21fc9cb871b67dabed758');
INSERT INTO "audit" VALUES(78,'2026-03-02T08:03:18Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-ed18-75c0-a2d1-77e7215a45e9","blank":"B00000007","item":7,"state":"delivered","was":"in_path"}','a193e515c09e96a57e3a7e983a952298dcccb577a7d21fc9cb871b67dabed758','1c59881dfc0e62c0c215d1a4d2b6222ca3f0936270dfbf8a56c97f8b22dba640');
INSERT INTO "audit" VALUES(79,'2026-03-02T08:03:21Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"reserved"}','1c59881dfc0e62c0c215d1a4d2b6222ca3f0936270dfbf8a56c97f8b22dba640','d75b8a80a92dd1d17dc20e0be3f0105a79c08a114ed8fbdf523a9360a9449673');
INSERT INTO "audit" VALUES(80,'2026-03-02T08:03:23Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","before":"reserved","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"claimed"}','d75b8a80a92dd1d17dc20e0be3f0105a79c08a114ed8fbdf523a9360a9449673','19318448ab69c0089b5be9ca3c57cc7325d800a3a5015a14443894e8e699e8ae');
INSERT INTO "audit" VALUES(81,'2026-03-02T08:03:26Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","before":"claimed","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"opened"}','19318448ab69c0089b5be9ca3c57cc7325d800a3a5015a14443894e8e699e8ae','abab3a06e9b38ec43ed2c3ec5414826af3dce35316c7081be8701218b413f4fe');
INSERT INTO "audit" VALUES(82,'2026-03-02T08:03:29Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","blank":"B00000008","item":8,"state":"in_path","was":"in_feeder"}','abab3a06e9b38ec43ed2c3ec5414826af3dce35316c7081be8701218b413f4fe','b8c1d107e74370f00f9a8264d23c462eb217e43c961cb99cc59015774e0147e0');
INSERT INTO "audit" VALUES(83,'2026-03-02T08:03:31Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","before":"opened","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"submitted"}','b8c1d107e74370f00f9a8264d23c462eb217e43c961cb99cc59015774e0147e0','d368d9ed7fb7d7172ffe343ce9b6f26ff8ebb4bbfe48f583f9f1f13fa0a6e85e');
INSERT INTO "audit" VALUES(84,'2026-03-02T08:03:34Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","before":"submitted","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"printing"}','d368d9ed7fb7d7172ffe343ce9b6f26ff8ebb4bbfe48f583f9f1f13fa0a6e85e','5f849df289db3e6f92568ecc88e60a4b395a1907305bc9b14975eb57414c32de');
INSERT INTO "audit" VALUES(85,'2026-03-02T08:03:37Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","before":"printing","device":"printer-10","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000010","phase":"presented"}','5f849df289db3e6f92568ecc88e60a4b395a1907305bc9b14975eb57414c32de','7d2d2c3dc13bc2b75cd5440d89fc3b9a630507c23f1c965363470064deb9a685');
INSERT INTO "audit" VALUES(86,'2026-03-02T08:03:40Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","before":"presented","device":"printer-10","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000010","phase":"unknown","reason":"why-unknown"}','7d2d2c3dc13bc2b75cd5440d89fc3b9a630507c23f1c965363470064deb9a685','82bf609aeb4f5bc23435c077deebf21b33d0ce6aac28b6c9e68329920ddb7a6c');
INSERT INTO "audit" VALUES(87,'2026-03-02T08:03:43Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","outcome":"spoiled","phase":"spoiled","reason":"looked"}','82bf609aeb4f5bc23435c077deebf21b33d0ce6aac28b6c9e68329920ddb7a6c','d52e3e71a70d98f3c7932862ee4ff1de418c9d0f2e0b8b8ab19e82a3378af7c5');
INSERT INTO "audit" VALUES(88,'2026-03-02T08:03:45Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-ee34-71a8-a8a3-dc34736bfb29","blank":"B00000008","item":8,"state":"spoiled","was":"in_path"}','d52e3e71a70d98f3c7932862ee4ff1de418c9d0f2e0b8b8ab19e82a3378af7c5','04b2fce866c27678c5c90ac057d417516083294793f4124b32ce4c0d43e283fb');
INSERT INTO "audit" VALUES(89,'2026-03-02T08:03:48Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"reserved"}','04b2fce866c27678c5c90ac057d417516083294793f4124b32ce4c0d43e283fb','279ca2d953752478f075914ddae5aca38f15c646eacee84716d08271bfa29b10');
INSERT INTO "audit" VALUES(90,'2026-03-02T08:03:50Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","before":"reserved","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"claimed"}','279ca2d953752478f075914ddae5aca38f15c646eacee84716d08271bfa29b10','194ad6dcd49434a0110c5f8674ae27a155e28f032f49d5203036061f91864cf7');
INSERT INTO "audit" VALUES(91,'2026-03-02T08:03:53Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","before":"claimed","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"opened"}','194ad6dcd49434a0110c5f8674ae27a155e28f032f49d5203036061f91864cf7','be69be802810340b7d6c5c2ecb5c4790462c8c6df3b0c2564b7616e2aab43646');
INSERT INTO "audit" VALUES(92,'2026-03-02T08:03:56Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","blank":"B00000009","item":9,"state":"in_path","was":"in_feeder"}','be69be802810340b7d6c5c2ecb5c4790462c8c6df3b0c2564b7616e2aab43646','6dabd3c6967e166194070513eefb781621bd4c9a4a756503169d2d2858c2c345');
INSERT INTO "audit" VALUES(93,'2026-03-02T08:03:58Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","before":"opened","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"submitted"}','6dabd3c6967e166194070513eefb781621bd4c9a4a756503169d2d2858c2c345','2357854cb44093cbd5ec8c26c6d4dd1febe527dd1827b59691f56caa71064eaa');
INSERT INTO "audit" VALUES(94,'2026-03-02T08:04:01Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","before":"submitted","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"printing"}','2357854cb44093cbd5ec8c26c6d4dd1febe527dd1827b59691f56caa71064eaa','581ce6c9340173f67f63c6b25cc3a33bacf2da2d9cd71a9027be9a78553a61ba');
INSERT INTO "audit" VALUES(95,'2026-03-02T08:04:04Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","before":"printing","device":"printer-11","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000011","phase":"presented"}','581ce6c9340173f67f63c6b25cc3a33bacf2da2d9cd71a9027be9a78553a61ba','c3ed1583c634477373fac0d1895e51c70bd75b629dcec64443d41448ee79d3a8');
INSERT INTO "audit" VALUES(96,'2026-03-02T08:04:07Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","before":"presented","device":"printer-11","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000011","phase":"unknown","reason":"why-unknown"}','c3ed1583c634477373fac0d1895e51c70bd75b629dcec64443d41448ee79d3a8','3052265e625e45b1ae7e4e839c1abe02814efe63c0ec0fedfa2bb007bc674871');
INSERT INTO "audit" VALUES(97,'2026-03-02T08:04:10Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","outcome":"spoiled","phase":"retracted","reason":"looked"}','3052265e625e45b1ae7e4e839c1abe02814efe63c0ec0fedfa2bb007bc674871','07f0790b4c6327eefb2cb51d787ee024404fcbf7bec30cbb54c4e8ccc918b700');
INSERT INTO "audit" VALUES(98,'2026-03-02T08:04:12Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-ef5a-7472-aae8-76b2cfc511a6","blank":"B00000009","item":9,"state":"retracted","was":"in_path"}','07f0790b4c6327eefb2cb51d787ee024404fcbf7bec30cbb54c4e8ccc918b700','d36df28434b238c67b725b28f1c392a430934c1c78bf442dc31c6675ff541298');
INSERT INTO "audit" VALUES(99,'2026-03-02T08:04:15Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"reserved"}','d36df28434b238c67b725b28f1c392a430934c1c78bf442dc31c6675ff541298','484c17a334436e253c0e3c2b02c79bd3bb1ea5d4315e30cfce40745d11e08baa');
INSERT INTO "audit" VALUES(100,'2026-03-02T08:04:17Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","before":"reserved","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"claimed"}','484c17a334436e253c0e3c2b02c79bd3bb1ea5d4315e30cfce40745d11e08baa','d5fece4aede5a775ad5ca46a9a264a312b366ff4b14c8add4199e2d91248ed67');
INSERT INTO "audit" VALUES(101,'2026-03-02T08:04:20Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","before":"claimed","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"opened"}','d5fece4aede5a775ad5ca46a9a264a312b366ff4b14c8add4199e2d91248ed67','b771b776d67ad6edaa2eae77a1e08858dbd730a772d55a1fe97373f62de2e697');
INSERT INTO "audit" VALUES(102,'2026-03-02T08:04:23Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","blank":"B00000010","item":10,"state":"in_path","was":"in_feeder"}','b771b776d67ad6edaa2eae77a1e08858dbd730a772d55a1fe97373f62de2e697','5a5a6c76b4f83df4efc34fcd70dc980a69fc839aaa243bf855d3af99fba24ffe');
INSERT INTO "audit" VALUES(103,'2026-03-02T08:04:25Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","before":"opened","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"submitted"}','5a5a6c76b4f83df4efc34fcd70dc980a69fc839aaa243bf855d3af99fba24ffe','4f9ecef985f4c8a7481fca679d6bec187b3de0e87b089082cb8148ebde200198');
INSERT INTO "audit" VALUES(104,'2026-03-02T08:04:28Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","before":"submitted","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"printing"}','4f9ecef985f4c8a7481fca679d6bec187b3de0e87b089082cb8148ebde200198','f1df00587be7da30601409d34b81497e0ada1fb9997b9a9141d44231e34e3a18');
INSERT INTO "audit" VALUES(105,'2026-03-02T08:04:31Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","before":"printing","device":"printer-12","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000012","phase":"presented"}','f1df00587be7da30601409d34b81497e0ada1fb9997b9a9141d44231e34e3a18','d8862b474438f45b1a41b6c9bf2e7508ecb56f3dbcd9ad8d8bd7bf44e16091c3');
INSERT INTO "audit" VALUES(106,'2026-03-02T08:04:34Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","before":"presented","device":"printer-12","document":"ktp-el","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000012","phase":"unknown","reason":"why-unknown"}','d8862b474438f45b1a41b6c9bf2e7508ecb56f3dbcd9ad8d8bd7bf44e16091c3','06f2eefe48782adb85b997a0b44abb009345decdec136db07827d63d2e009a15');
INSERT INTO "audit" VALUES(107,'2026-03-02T08:04:37Z','attempt-settled','{"actor":"operator:op-7","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","outcome":"not_printed","phase":"failed","reason":"looked"}','06f2eefe48782adb85b997a0b44abb009345decdec136db07827d63d2e009a15','da06509424664934ad16d6dc0bc6d5d25cfa17b6c8eccaf41724cff48d45fde5');
INSERT INTO "audit" VALUES(108,'2026-03-02T08:04:39Z','blank-moved','{"actor":"operator:op-7","attempt":"01a20ea5-f151-7178-bc26-79ae26745b72","blank":"B00000010","item":10,"state":"in_feeder","was":"in_path"}','da06509424664934ad16d6dc0bc6d5d25cfa17b6c8eccaf41724cff48d45fde5','93b083c389f9603eec9a3ee56a639be267a03811eaa6dd6d52e087ab89fab845');
INSERT INTO "audit" VALUES(109,'2026-03-02T08:04:42Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f345-742b-90db-e7eaa1def51f","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"reserved"}','93b083c389f9603eec9a3ee56a639be267a03811eaa6dd6d52e087ab89fab845','ec58e6fa722bb7196e87b8e89b34d73d1ff52abee21bc481e56bf23aa4d64470');
INSERT INTO "audit" VALUES(110,'2026-03-02T08:04:44Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f345-742b-90db-e7eaa1def51f","before":"reserved","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"claimed"}','ec58e6fa722bb7196e87b8e89b34d73d1ff52abee21bc481e56bf23aa4d64470','0e4fd0926f9e8f7dd9140d56027711462d75a1f4db21ba46f2784aa8dc99cc1d');
INSERT INTO "audit" VALUES(111,'2026-03-02T08:04:47Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f345-742b-90db-e7eaa1def51f","before":"claimed","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"opened"}','0e4fd0926f9e8f7dd9140d56027711462d75a1f4db21ba46f2784aa8dc99cc1d','da16a360fe28deb6ebd4eb2c72d0efd1bfeb80c0299aa25a5d73e400053137e0');
INSERT INTO "audit" VALUES(112,'2026-03-02T08:04:50Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f345-742b-90db-e7eaa1def51f","before":"opened","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"submitted"}','da16a360fe28deb6ebd4eb2c72d0efd1bfeb80c0299aa25a5d73e400053137e0','2e5ef5597970e8430ff2b06b16d6208c62edaca84112ba401a24d264956fd9bc');
INSERT INTO "audit" VALUES(113,'2026-03-02T08:04:53Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f345-742b-90db-e7eaa1def51f","before":"submitted","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"printing"}','2e5ef5597970e8430ff2b06b16d6208c62edaca84112ba401a24d264956fd9bc','0cba636eeca04f03dc046d2fbcb28995855ec383d42cf08cb5e49cc2f27c8603');
INSERT INTO "audit" VALUES(114,'2026-03-02T08:04:56Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f345-742b-90db-e7eaa1def51f","before":"printing","device":"paper-printer","document":"kk","permit":"0198f1de-0000-4000-8000-000000000013","phase":"presented"}','0cba636eeca04f03dc046d2fbcb28995855ec383d42cf08cb5e49cc2f27c8603','5554513f8a9de6851a88c03beb7d012cad4b78d0ca28db2e274f490db71ab389');
INSERT INTO "audit" VALUES(115,'2026-03-02T08:04:59Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f345-742b-90db-e7eaa1def51f","before":"presented","device":"paper-printer","document":"kk","outcome":"unknown","permit":"0198f1de-0000-4000-8000-000000000013","phase":"unknown","reason":"why-unknown"}','5554513f8a9de6851a88c03beb7d012cad4b78d0ca28db2e274f490db71ab389','46badaef3e53272e7315a70fd13ecc14bb7ade14b93236768307ac374b64018a');
INSERT INTO "audit" VALUES(116,'2026-03-02T08:05:03Z','outcome-refused','{"actor":"system:outbox","attempt":"01a20ea5-e732-706f-ae46-d28fa91de92a","outcome":"printed","problem":"not-known"}','46badaef3e53272e7315a70fd13ecc14bb7ade14b93236768307ac374b64018a','1c62b1f03c0f78ddb9faa0bf359b57543b0d288fc4aecc5acd7588c84786bbb3');
INSERT INTO "audit" VALUES(117,'2026-03-02T08:05:05Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f644-766e-9eb2-c66e1b14fcc1","device":"printer-14","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000014","phase":"reserved"}','1c62b1f03c0f78ddb9faa0bf359b57543b0d288fc4aecc5acd7588c84786bbb3','92a744802df3284288bddc20b2adb77bcac7440712b442cba2ca8510b4c24286');
INSERT INTO "audit" VALUES(118,'2026-03-02T08:05:07Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f68c-72d6-a1f6-23b7046f539e","device":"printer-15","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000015","phase":"reserved"}','92a744802df3284288bddc20b2adb77bcac7440712b442cba2ca8510b4c24286','905c4701806019cbe4075af329c2cb07d1e59d89ec3544a9d5980bfd44e887d0');
INSERT INTO "audit" VALUES(119,'2026-03-02T08:05:09Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f68c-72d6-a1f6-23b7046f539e","before":"reserved","device":"printer-15","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000015","phase":"claimed"}','905c4701806019cbe4075af329c2cb07d1e59d89ec3544a9d5980bfd44e887d0','8bdef1b1b68c23346dbdf342e9051b6b749ac2a0ea16dd987ab6ef0d5e84e96d');
INSERT INTO "audit" VALUES(120,'2026-03-02T08:05:12Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f74c-71a2-88f8-e26f3aa1c8d4","device":"printer-16","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000016","phase":"reserved"}','8bdef1b1b68c23346dbdf342e9051b6b749ac2a0ea16dd987ab6ef0d5e84e96d','cf9f4b27f967a8c5ad73dd3ceab8f6e3f5eb5df8caa8adfff9cfa5a95386c43b');
INSERT INTO "audit" VALUES(121,'2026-03-02T08:05:14Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f74c-71a2-88f8-e26f3aa1c8d4","before":"reserved","device":"printer-16","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000016","phase":"claimed"}','cf9f4b27f967a8c5ad73dd3ceab8f6e3f5eb5df8caa8adfff9cfa5a95386c43b','6606dcc153c15a61a9a4e5b97b0808d93421e233901e025e275db0f52e592267');
INSERT INTO "audit" VALUES(122,'2026-03-02T08:05:17Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f74c-71a2-88f8-e26f3aa1c8d4","before":"claimed","device":"printer-16","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000016","phase":"opened"}','6606dcc153c15a61a9a4e5b97b0808d93421e233901e025e275db0f52e592267','1c78e84695778e02f2eaca08117f7f58a1a6ea4001a25d4539ebded3050b519d');
INSERT INTO "audit" VALUES(123,'2026-03-02T08:05:20Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f7fc-777c-a70f-c490718588c8","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"reserved"}','1c78e84695778e02f2eaca08117f7f58a1a6ea4001a25d4539ebded3050b519d','36016616ab7bdb0e8714cb698db489a70541b53e758f43c962c09dcb2830a905');
INSERT INTO "audit" VALUES(124,'2026-03-02T08:05:22Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f7fc-777c-a70f-c490718588c8","before":"reserved","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"claimed"}','36016616ab7bdb0e8714cb698db489a70541b53e758f43c962c09dcb2830a905','3f63a0bfda5eb1c70bb5be980def3e22d949c008f8a14374a2536c03057d4a7f');
INSERT INTO "audit" VALUES(125,'2026-03-02T08:05:25Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f7fc-777c-a70f-c490718588c8","before":"claimed","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"opened"}','3f63a0bfda5eb1c70bb5be980def3e22d949c008f8a14374a2536c03057d4a7f','68836bb94088829962f682dbd8b4336a16acc3fd0c991c2a60114293de1ea5d2');
INSERT INTO "audit" VALUES(126,'2026-03-02T08:05:28Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-f7fc-777c-a70f-c490718588c8","blank":"B00000010","item":10,"state":"in_path","was":"in_feeder"}','68836bb94088829962f682dbd8b4336a16acc3fd0c991c2a60114293de1ea5d2','7bc4b5ea5e00c84235ef29edc5ba8735ac2387a52efaf725864c77a2f76ac952');
INSERT INTO "audit" VALUES(127,'2026-03-02T08:05:30Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f7fc-777c-a70f-c490718588c8","before":"opened","device":"printer-17","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000017","phase":"submitted"}','7bc4b5ea5e00c84235ef29edc5ba8735ac2387a52efaf725864c77a2f76ac952','c75fe4ed8a39a499ade097bfdd89c8b70563bde8f3330d7d2a410dfc788929d5');
INSERT INTO "audit" VALUES(128,'2026-03-02T08:05:33Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f91b-774e-86e9-da0ee744f64c","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"reserved"}','c75fe4ed8a39a499ade097bfdd89c8b70563bde8f3330d7d2a410dfc788929d5','fd4bba40019a5065c460e8acd8df466410da559c810c2658921dee9a91f5eb88');
INSERT INTO "audit" VALUES(129,'2026-03-02T08:05:35Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f91b-774e-86e9-da0ee744f64c","before":"reserved","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"claimed"}','fd4bba40019a5065c460e8acd8df466410da559c810c2658921dee9a91f5eb88','38f9af34c906876095491be798cc8f3cecb0ba5a3a0f9d994c815089f4894c81');
INSERT INTO "audit" VALUES(130,'2026-03-02T08:05:38Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f91b-774e-86e9-da0ee744f64c","before":"claimed","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"opened"}','38f9af34c906876095491be798cc8f3cecb0ba5a3a0f9d994c815089f4894c81','71c029405164c2788129015c44020ec620db56bad506b5e7652fe2b05917cbf5');
INSERT INTO "audit" VALUES(131,'2026-03-02T08:05:41Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-f91b-774e-86e9-da0ee744f64c","blank":"B00000011","item":11,"state":"in_path","was":"in_feeder"}','71c029405164c2788129015c44020ec620db56bad506b5e7652fe2b05917cbf5','1a23339f175d0f84b55bef13b1b1032d29a18860432659015afc60f4be915e4e');
INSERT INTO "audit" VALUES(132,'2026-03-02T08:05:43Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f91b-774e-86e9-da0ee744f64c","before":"opened","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"submitted"}','1a23339f175d0f84b55bef13b1b1032d29a18860432659015afc60f4be915e4e','7272318e93ca4ef7faba0d639977a506d483ba13366842bca72f58091e2bb99e');
INSERT INTO "audit" VALUES(133,'2026-03-02T08:05:46Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f91b-774e-86e9-da0ee744f64c","before":"submitted","device":"printer-18","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000018","phase":"printing"}','7272318e93ca4ef7faba0d639977a506d483ba13366842bca72f58091e2bb99e','2ae457feaa068470375c5be66cedffc2d432d61925213d20195f3bb5d1a1a03a');
INSERT INTO "audit" VALUES(134,'2026-03-02T08:05:49Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-f9c9-757e-9a94-b91b4fda88ad","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"reserved"}','2ae457feaa068470375c5be66cedffc2d432d61925213d20195f3bb5d1a1a03a','86be1d48ac0b3e472614a365f9021bd48651bcdbc3853f52d933e596cd5835dc');
INSERT INTO "audit" VALUES(135,'2026-03-02T08:05:51Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f9c9-757e-9a94-b91b4fda88ad","before":"reserved","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"claimed"}','86be1d48ac0b3e472614a365f9021bd48651bcdbc3853f52d933e596cd5835dc','2ca8069f6f416e5c7481a3951f94e110add7751feffb85d201c70c6e25da5d28');
INSERT INTO "audit" VALUES(136,'2026-03-02T08:05:54Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f9c9-757e-9a94-b91b4fda88ad","before":"claimed","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"opened"}','2ca8069f6f416e5c7481a3951f94e110add7751feffb85d201c70c6e25da5d28','debd6663b2a199a8e6cb1dc4fd5d45352d26b717b4b9a248e47f4a2af70f8308');
INSERT INTO "audit" VALUES(137,'2026-03-02T08:05:57Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-f9c9-757e-9a94-b91b4fda88ad","blank":"B00000012","item":12,"state":"in_path","was":"in_feeder"}','debd6663b2a199a8e6cb1dc4fd5d45352d26b717b4b9a248e47f4a2af70f8308','f6774adf136453a51f20f6701fa7482fb3ef40fb27debaf91c3977068ac56087');
INSERT INTO "audit" VALUES(138,'2026-03-02T08:05:59Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f9c9-757e-9a94-b91b4fda88ad","before":"opened","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"submitted"}','f6774adf136453a51f20f6701fa7482fb3ef40fb27debaf91c3977068ac56087','500b41ec7c622085222d740bf49e6b15beba7798331894f0744d12e85ab698f8');
INSERT INTO "audit" VALUES(139,'2026-03-02T08:06:02Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f9c9-757e-9a94-b91b4fda88ad","before":"submitted","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"printing"}','500b41ec7c622085222d740bf49e6b15beba7798331894f0744d12e85ab698f8','5bc284bc78ddf051923db50d6519674d14b4591315314069455940cbe7b5ea80');
INSERT INTO "audit" VALUES(140,'2026-03-02T08:06:05Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-f9c9-757e-9a94-b91b4fda88ad","before":"printing","device":"printer-19","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000019","phase":"presented"}','5bc284bc78ddf051923db50d6519674d14b4591315314069455940cbe7b5ea80','09cee5069e194dac218499edbf72ec63cfb3e98d4c7af50667731d6d23adb26a');
INSERT INTO "audit" VALUES(141,'2026-03-02T08:06:08Z','attempt-advanced','{"actor":"applicant","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"reserved"}','09cee5069e194dac218499edbf72ec63cfb3e98d4c7af50667731d6d23adb26a','dad4dc8a0cb523e1e6665bf066d9056a0eb0b832221a14ef6f45a7e6a81c72e0');
INSERT INTO "audit" VALUES(142,'2026-03-02T08:06:10Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","before":"reserved","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"claimed"}','dad4dc8a0cb523e1e6665bf066d9056a0eb0b832221a14ef6f45a7e6a81c72e0','ccd9dfd2be20aa8363b66032f5c7fd7af9e00714026258bc225b004cef712f95');
INSERT INTO "audit" VALUES(143,'2026-03-02T08:06:13Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","before":"claimed","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"opened"}','ccd9dfd2be20aa8363b66032f5c7fd7af9e00714026258bc225b004cef712f95','841a4238bf41e2d7082907c0327569dbeb0f814f352f1e41d8020c9e7d773cb2');
INSERT INTO "audit" VALUES(144,'2026-03-02T08:06:16Z','blank-moved','{"actor":"system:issuance","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","blank":"B00000013","item":13,"state":"in_path","was":"in_feeder"}','841a4238bf41e2d7082907c0327569dbeb0f814f352f1e41d8020c9e7d773cb2','526b6da9d538cbb82938fb5578d18f929e5728b413587a5a2b09eaead38fac83');
INSERT INTO "audit" VALUES(145,'2026-03-02T08:06:18Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","before":"opened","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"submitted"}','526b6da9d538cbb82938fb5578d18f929e5728b413587a5a2b09eaead38fac83','c993c6587e6284be7f6aae29cf78150d12b30e98ce5556e1c94cc245a43f09c2');
INSERT INTO "audit" VALUES(146,'2026-03-02T08:06:21Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","before":"submitted","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"printing"}','c993c6587e6284be7f6aae29cf78150d12b30e98ce5556e1c94cc245a43f09c2','3f515f0c5360aa569d5123aa3595ed886a1924daa09f7c365afc8118ca2334e8');
INSERT INTO "audit" VALUES(147,'2026-03-02T08:06:24Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","before":"printing","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"presented"}','3f515f0c5360aa569d5123aa3595ed886a1924daa09f7c365afc8118ca2334e8','d5b24f345d291b0d928924dc8543d61cf74f1c756223d012594490b830235fc8');
INSERT INTO "audit" VALUES(148,'2026-03-02T08:06:27Z','attempt-advanced','{"actor":"system:issuance","attempt":"01a20ea5-fb8c-75ca-af63-6d1e75ce287e","before":"presented","device":"printer-20","document":"ktp-el","permit":"0198f1de-0000-4000-8000-000000000020","phase":"retracted","reason":"why-retracted"}','d5b24f345d291b0d928924dc8543d61cf74f1c756223d012594490b830235fc8','a28752f46c203d9eb8c27555ab6ff98f8d32ecd0a70fd96a18ec0edf0375ded6');
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
INSERT INTO "blank_moves" VALUES(41,1,'in_feeder','in_path','2026-03-02T08:00:20+00:00','system:issuance','01a20ea5-e63e-743f-9d29-57d31d2f2cd6');
INSERT INTO "blank_moves" VALUES(42,1,'in_path','delivered','2026-03-02T08:00:33+00:00','applicant','01a20ea5-e63e-743f-9d29-57d31d2f2cd6');
INSERT INTO "blank_moves" VALUES(43,2,'in_feeder','in_path','2026-03-02T08:00:43+00:00','system:issuance','01a20ea5-e732-706f-ae46-d28fa91de92a');
INSERT INTO "blank_moves" VALUES(44,2,'in_path','delivered','2026-03-02T08:00:56+00:00','applicant','01a20ea5-e732-706f-ae46-d28fa91de92a');
INSERT INTO "blank_moves" VALUES(45,3,'in_feeder','in_path','2026-03-02T08:01:06+00:00','system:issuance','01a20ea5-e805-762b-a3fb-4b2067895e29');
INSERT INTO "blank_moves" VALUES(46,3,'in_path','delivered','2026-03-02T08:01:19+00:00','applicant','01a20ea5-e805-762b-a3fb-4b2067895e29');
INSERT INTO "blank_moves" VALUES(47,4,'in_feeder','in_path','2026-03-02T08:01:51+00:00','system:issuance','01a20ea5-e99c-725e-ab18-538d2bb39d3b');
INSERT INTO "blank_moves" VALUES(48,4,'in_path','retracted','2026-03-02T08:02:07+00:00','system:issuance','01a20ea5-e99c-725e-ab18-538d2bb39d3b');
INSERT INTO "blank_moves" VALUES(49,5,'in_feeder','in_path','2026-03-02T08:02:17+00:00','system:issuance','01a20ea5-eb79-72ff-961f-f70444042cc3');
INSERT INTO "blank_moves" VALUES(50,5,'in_path','spoiled','2026-03-02T08:02:27+00:00','system:issuance','01a20ea5-eb79-72ff-961f-f70444042cc3');
INSERT INTO "blank_moves" VALUES(51,6,'in_feeder','in_path','2026-03-02T08:02:37+00:00','system:issuance','01a20ea5-ec71-7101-9df1-02c088d5295b');
INSERT INTO "blank_moves" VALUES(52,6,'in_path','spoiled','2026-03-02T08:02:47+00:00','system:issuance','01a20ea5-ec71-7101-9df1-02c088d5295b');
INSERT INTO "blank_moves" VALUES(53,6,'spoiled','spoiled','2026-03-02T08:02:52+00:00','operator:op-7','01a20ea5-ec71-7101-9df1-02c088d5295b');
INSERT INTO "blank_moves" VALUES(54,7,'in_feeder','in_path','2026-03-02T08:03:01+00:00','system:issuance','01a20ea5-ed18-75c0-a2d1-77e7215a45e9');
INSERT INTO "blank_moves" VALUES(55,7,'in_path','delivered','2026-03-02T08:03:17+00:00','operator:op-7','01a20ea5-ed18-75c0-a2d1-77e7215a45e9');
INSERT INTO "blank_moves" VALUES(56,8,'in_feeder','in_path','2026-03-02T08:03:28+00:00','system:issuance','01a20ea5-ee34-71a8-a8a3-dc34736bfb29');
INSERT INTO "blank_moves" VALUES(57,8,'in_path','spoiled','2026-03-02T08:03:44+00:00','operator:op-7','01a20ea5-ee34-71a8-a8a3-dc34736bfb29');
INSERT INTO "blank_moves" VALUES(58,9,'in_feeder','in_path','2026-03-02T08:03:55+00:00','system:issuance','01a20ea5-ef5a-7472-aae8-76b2cfc511a6');
INSERT INTO "blank_moves" VALUES(59,9,'in_path','retracted','2026-03-02T08:04:11+00:00','operator:op-7','01a20ea5-ef5a-7472-aae8-76b2cfc511a6');
INSERT INTO "blank_moves" VALUES(60,10,'in_feeder','in_path','2026-03-02T08:04:22+00:00','system:issuance','01a20ea5-f151-7178-bc26-79ae26745b72');
INSERT INTO "blank_moves" VALUES(61,10,'in_path','in_feeder','2026-03-02T08:04:38+00:00','operator:op-7','01a20ea5-f151-7178-bc26-79ae26745b72');
INSERT INTO "blank_moves" VALUES(62,10,'in_feeder','in_path','2026-03-02T08:05:27+00:00','system:issuance','01a20ea5-f7fc-777c-a70f-c490718588c8');
INSERT INTO "blank_moves" VALUES(63,11,'in_feeder','in_path','2026-03-02T08:05:40+00:00','system:issuance','01a20ea5-f91b-774e-86e9-da0ee744f64c');
INSERT INTO "blank_moves" VALUES(64,12,'in_feeder','in_path','2026-03-02T08:05:56+00:00','system:issuance','01a20ea5-f9c9-757e-9a94-b91b4fda88ad');
INSERT INTO "blank_moves" VALUES(65,13,'in_feeder','in_path','2026-03-02T08:06:15+00:00','system:issuance','01a20ea5-fb8c-75ca-af63-6d1e75ce287e');
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
INSERT INTO "blanks" VALUES(1,'B00000001','delivered',1,NULL,0,'01a20ea5-e63e-743f-9d29-57d31d2f2cd6',1,'2026-03-02T08:00:33+00:00');
INSERT INTO "blanks" VALUES(2,'B00000002','delivered',1,NULL,0,'01a20ea5-e732-706f-ae46-d28fa91de92a',1,'2026-03-02T08:00:56+00:00');
INSERT INTO "blanks" VALUES(3,'B00000003','delivered',1,NULL,0,'01a20ea5-e805-762b-a3fb-4b2067895e29',1,'2026-03-02T08:01:19+00:00');
INSERT INTO "blanks" VALUES(4,'B00000004','retracted',1,NULL,1,'01a20ea5-e99c-725e-ab18-538d2bb39d3b',1,'2026-03-02T08:02:07+00:00');
INSERT INTO "blanks" VALUES(5,'B00000005','spoiled',1,NULL,1,'01a20ea5-eb79-72ff-961f-f70444042cc3',NULL,'2026-03-02T08:02:27+00:00');
INSERT INTO "blanks" VALUES(6,'B00000006','spoiled',1,NULL,0,'01a20ea5-ec71-7101-9df1-02c088d5295b',NULL,'2026-03-02T08:02:52+00:00');
INSERT INTO "blanks" VALUES(7,'B00000007','delivered',1,NULL,0,'01a20ea5-ed18-75c0-a2d1-77e7215a45e9',1,'2026-03-02T08:03:17+00:00');
INSERT INTO "blanks" VALUES(8,'B00000008','spoiled',1,NULL,0,'01a20ea5-ee34-71a8-a8a3-dc34736bfb29',NULL,'2026-03-02T08:03:44+00:00');
INSERT INTO "blanks" VALUES(9,'B00000009','retracted',1,NULL,0,'01a20ea5-ef5a-7472-aae8-76b2cfc511a6',1,'2026-03-02T08:04:11+00:00');
INSERT INTO "blanks" VALUES(10,'B00000010','in_path',1,NULL,0,'01a20ea5-f7fc-777c-a70f-c490718588c8',NULL,'2026-03-02T08:05:27+00:00');
INSERT INTO "blanks" VALUES(11,'B00000011','in_path',1,NULL,0,'01a20ea5-f91b-774e-86e9-da0ee744f64c',NULL,'2026-03-02T08:05:40+00:00');
INSERT INTO "blanks" VALUES(12,'B00000012','in_path',1,NULL,0,'01a20ea5-f9c9-757e-9a94-b91b4fda88ad',NULL,'2026-03-02T08:05:56+00:00');
INSERT INTO "blanks" VALUES(13,'B00000013','in_path',1,NULL,0,'01a20ea5-fb8c-75ca-af63-6d1e75ce287e',NULL,'2026-03-02T08:06:15+00:00');
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
INSERT INTO "migrations" VALUES(3,'0003_indexes_for_ten_years.sql','2026-03-02T08:00:01+00:00');
CREATE TABLE outbox (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
    body       TEXT NOT NULL,            -- Outcome of the contract, as JSON; sent the same every time
    queued_at  TEXT NOT NULL,
    sent_at    TEXT,
    refused_at TEXT,                     -- the Dinas answered what no repeat can change; kept for a person
    refused    TEXT                      -- its problem type
) STRICT;
INSERT INTO "outbox" VALUES(1,'01a20ea5-e63e-743f-9d29-57d31d2f2cd6','{"outcome":"printed","at":"2026-03-02T08:00:31Z","reason":"why-taken","blank":"B00000001"}','2026-03-02T08:00:31+00:00','2026-03-02T08:05:01+00:00',NULL,NULL);
INSERT INTO "outbox" VALUES(2,'01a20ea5-e732-706f-ae46-d28fa91de92a','{"outcome":"printed","at":"2026-03-02T08:00:54Z","reason":"why-taken","blank":"B00000002"}','2026-03-02T08:00:54+00:00',NULL,'2026-03-02T08:05:02+00:00','not-known');
INSERT INTO "outbox" VALUES(3,'01a20ea5-e805-762b-a3fb-4b2067895e29','{"outcome":"printed","at":"2026-03-02T08:01:17Z","reason":"why-taken","blank":"B00000003"}','2026-03-02T08:01:17+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(4,'01a20ea5-e8c3-71de-8e97-d49b36d1a1b4','{"outcome":"not_printed","at":"2026-03-02T08:01:23Z","reason":"why-failed"}','2026-03-02T08:01:23+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(5,'01a20ea5-e90b-764f-9697-b00dc6f1f099','{"outcome":"not_printed","at":"2026-03-02T08:01:40Z","reason":"why-failed"}','2026-03-02T08:01:40+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(6,'01a20ea5-e99c-725e-ab18-538d2bb39d3b','{"outcome":"spoiled","at":"2026-03-02T08:02:05Z","reason":"why-retracted","blank":"B00000004"}','2026-03-02T08:02:05+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(7,'01a20ea5-eb79-72ff-961f-f70444042cc3','{"outcome":"spoiled","at":"2026-03-02T08:02:25Z","reason":"why-spoiled","blank":"B00000005"}','2026-03-02T08:02:25+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(8,'01a20ea5-ec71-7101-9df1-02c088d5295b','{"outcome":"spoiled","at":"2026-03-02T08:02:45Z","reason":"why-spoiled","blank":"B00000006"}','2026-03-02T08:02:45+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(9,'01a20ea5-ec71-7101-9df1-02c088d5295b','{"outcome":"spoiled","at":"2026-03-02T08:02:49Z","reason":"why-spoiled","blank":"B00000006","settled_by":"op-7"}','2026-03-02T08:02:49+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(10,'01a20ea5-ed18-75c0-a2d1-77e7215a45e9','{"outcome":"unknown","at":"2026-03-02T08:03:12Z","reason":"why-unknown","blank":"B00000007"}','2026-03-02T08:03:12+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(11,'01a20ea5-ed18-75c0-a2d1-77e7215a45e9','{"outcome":"printed","at":"2026-03-02T08:03:15Z","reason":"looked","blank":"B00000007","settled_by":"op-7"}','2026-03-02T08:03:15+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(12,'01a20ea5-ee34-71a8-a8a3-dc34736bfb29','{"outcome":"unknown","at":"2026-03-02T08:03:39Z","reason":"why-unknown","blank":"B00000008"}','2026-03-02T08:03:39+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(13,'01a20ea5-ee34-71a8-a8a3-dc34736bfb29','{"outcome":"spoiled","at":"2026-03-02T08:03:42Z","reason":"looked","blank":"B00000008","settled_by":"op-7"}','2026-03-02T08:03:42+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(14,'01a20ea5-ef5a-7472-aae8-76b2cfc511a6','{"outcome":"unknown","at":"2026-03-02T08:04:06Z","reason":"why-unknown","blank":"B00000009"}','2026-03-02T08:04:06+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(15,'01a20ea5-ef5a-7472-aae8-76b2cfc511a6','{"outcome":"spoiled","at":"2026-03-02T08:04:09Z","reason":"looked","blank":"B00000009","settled_by":"op-7"}','2026-03-02T08:04:09+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(16,'01a20ea5-f151-7178-bc26-79ae26745b72','{"outcome":"unknown","at":"2026-03-02T08:04:33Z","reason":"why-unknown","blank":"B00000010"}','2026-03-02T08:04:33+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(17,'01a20ea5-f151-7178-bc26-79ae26745b72','{"outcome":"not_printed","at":"2026-03-02T08:04:36Z","reason":"looked","settled_by":"op-7"}','2026-03-02T08:04:36+00:00',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(18,'01a20ea5-f345-742b-90db-e7eaa1def51f','{"outcome":"unknown","at":"2026-03-02T08:04:58Z","reason":"why-unknown"}','2026-03-02T08:04:58+00:00',NULL,NULL,NULL);
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
CREATE INDEX attempts_given_back ON attempts (permit_id, attempt_id) WHERE phase IN ('failed', 'spoiled', 'retracted');
CREATE INDEX attempts_of_device ON attempts (device, attempt_id);
CREATE INDEX attempts_unaccounted ON attempts (attempt_id) WHERE outcome = 'spoiled' AND accounted_by IS NULL;
CREATE INDEX outbox_refused ON outbox (number) WHERE refused_at IS NOT NULL;
CREATE INDEX outbox_of_attempt ON outbox (attempt_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',18);
COMMIT;
PRAGMA application_id=1094995276;
PRAGMA user_version=3;
