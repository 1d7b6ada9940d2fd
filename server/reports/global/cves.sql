-- title: CVEs
-- question: Which vulnerabilities were named by a sensor or stand in what was sent?
-- group: Targets
-- column: cve = number of the vulnerability
-- column: events = events that name it
-- column: sources = different addresses
-- column: first = first seen in the period
-- chart: bar cve events
-- vantage: any
SELECT upper(cve) AS cve, count() AS events, uniqExact(attacker_ip) AS sources, min(detect_ts) AS first
FROM (
  SELECT
    attacker_ip, detect_ts,
    arrayJoin(arrayDistinct(extractAll(concat(signature, ' ', extra['cve'], ' ', url, ' ', command), '(?i)CVE-[0-9]{4}-[0-9]{4,7}'))) AS cve
  FROM event
  WHERE {{events}} AND (positionCaseInsensitive(signature, 'cve-') > 0 OR positionCaseInsensitive(url, 'cve-') > 0 OR positionCaseInsensitive(command, 'cve-') > 0 OR extra['cve'] != '')
)
GROUP BY cve
ORDER BY events DESC, cve
LIMIT 200
