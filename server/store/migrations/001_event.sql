-- The layer of events over all record tables (the paper, figure 4). Sorted by time of detection, because
-- people read newest first; partitioned by month of collection, because a segment is then one part.
CREATE TABLE {{table event}} (
{{event_columns}},
  INDEX username_filter username TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX password_filter password TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX session_filter session TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX event_id_filter event_id TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX segment_range segment_id TYPE minmax GRANULARITY 4
) ENGINE = {{merge_tree}}
PARTITION BY toYYYYMM(collect_ts)
ORDER BY (detect_ts, event_id)
SETTINGS {{insert_settings}}, deduplicate_merge_projection_mode = 'rebuild';
