-- Up to where a rule was looked at: one that failed is looked at again from there.
ALTER TABLE alert_rule ADD COLUMN looked_until_us TEXT;
