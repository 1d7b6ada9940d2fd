-- The layer of events over all record tables (the paper, figure 4). Sorted by time of detection, because
-- people read newest first; partitioned by month of collection, because a segment is then one part.
CREATE TABLE {{table event}} (
{{event_columns}},
  INDEX username_filter username TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX password_filter password TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX session_filter session TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX attacker_ip_filter attacker_ip TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX segment_range segment_id TYPE minmax GRANULARITY 4,
  -- Counts by unit of time, in which server/reports/count-by.ts answers periods. The sensor comes first, so
  -- that one sensor's counts lie together; counts by month are of all sensors, or they would save little.
  PROJECTION hour_action (SELECT sensor_id, toStartOfHour(detect_ts), vantage, service, action, count()
    GROUP BY sensor_id, toStartOfHour(detect_ts), vantage, service, action),
  PROJECTION day_action (SELECT sensor_id, toDate(detect_ts), vantage, service, action, count()
    GROUP BY sensor_id, toDate(detect_ts), vantage, service, action),
  PROJECTION day_country (SELECT sensor_id, toDate(detect_ts), vantage, attacker_country, count()
    GROUP BY sensor_id, toDate(detect_ts), vantage, attacker_country),
  PROJECTION day_attacker_ip (SELECT sensor_id, toDate(detect_ts), vantage, attacker_ip, count()
    GROUP BY sensor_id, toDate(detect_ts), vantage, attacker_ip),
  PROJECTION month_attacker_ip (SELECT toStartOfMonth(detect_ts), vantage, attacker_ip, count()
    GROUP BY toStartOfMonth(detect_ts), vantage, attacker_ip),
  PROJECTION day_username (SELECT sensor_id, toDate(detect_ts), vantage, username, count()
    GROUP BY sensor_id, toDate(detect_ts), vantage, username),
  PROJECTION month_username (SELECT toStartOfMonth(detect_ts), vantage, username, count()
    GROUP BY toStartOfMonth(detect_ts), vantage, username),
  PROJECTION day_password (SELECT sensor_id, toDate(detect_ts), vantage, password, count()
    GROUP BY sensor_id, toDate(detect_ts), vantage, password),
  PROJECTION month_password (SELECT toStartOfMonth(detect_ts), vantage, password, count()
    GROUP BY toStartOfMonth(detect_ts), vantage, password),
  PROJECTION day_command (SELECT sensor_id, toDate(detect_ts), vantage, command, count()
    GROUP BY sensor_id, toDate(detect_ts), vantage, command),
  PROJECTION month_command (SELECT toStartOfMonth(detect_ts), vantage, command, count()
    GROUP BY toStartOfMonth(detect_ts), vantage, command),
  -- One source's or one password's events stand all over the table; what the Overview counts of them lies
  -- together here.
  PROJECTION by_source (SELECT detect_ts, sensor_id, vantage, service, action, attacker_country, attacker_ip, username, password,
    command ORDER BY attacker_ip, detect_ts),
  PROJECTION by_password (SELECT detect_ts, sensor_id, vantage, service, action, attacker_country, attacker_ip, username, password,
    command ORDER BY password, detect_ts)
) ENGINE = {{merge_tree}}
PARTITION BY toYYYYMM(collect_ts)
ORDER BY (detect_ts, event_id)
SETTINGS {{insert_settings}}, deduplicate_merge_projection_mode = 'rebuild';
