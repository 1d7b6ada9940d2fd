-- title: Actions
-- question: What was done, and did it succeed as the honeypot presents it?
-- group: Targets
-- column: action = what was done
-- column: outcome = as the sensor presented it
-- column: events = events
-- chart: bar action events
SELECT toString(action) AS action, toString(outcome) AS outcome, count() AS events
FROM event
WHERE {{events}}
GROUP BY action, outcome
ORDER BY events DESC, action, outcome
LIMIT 100
