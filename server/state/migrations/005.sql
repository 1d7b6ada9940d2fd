-- Each batch asks which sensors its collector may write, and each enrolment whether a token is open.
CREATE INDEX sensor_collector_of ON sensor_collector (collector_id) WHERE valid_to_ms IS NULL;
CREATE INDEX enrolment_token_open ON enrolment_token (ends_ms) WHERE used_ms IS NULL;
