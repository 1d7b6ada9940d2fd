-- Landing table -> record table. Times are the local ones of the capture. Of a server's half of a handshake the attacker is
-- the receiver.

-- into fatt_log
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible,
  j.tls.ja3s != '' OR j.ssh.hasshServer != '' OR j.http.responseCode != '' OR j.http.serverHeaderHash != '' AS by_server
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.protocol = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.protocol = '' OR attacker_ip = toIPv6('::'), 'partial',
    j.protocol NOT IN ('tls', 'ssh', 'http', 'rdp', 'gquic'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(if(by_server, j.destinationIp, j.sourceIp)) AS attacker_ip,
  {{geo attacker_ip}},
  j.sourceIp AS sourceIp, toUInt16OrZero(j.sourcePort) AS sourcePort, j.destinationIp AS destinationIp,
  toUInt16OrZero(j.destinationPort) AS destinationPort, j.protocol AS protocol, j.tls.ja3 AS tls_ja3,
  j.tls.ja3s AS tls_ja3s, j.tls.serverName AS tls_serverName, j.ssh.hassh AS ssh_hassh,
  j.ssh.hasshServer AS ssh_hasshServer, j.ssh.client AS ssh_client, j.ssh.server AS ssh_server,
  j.http.requestMethod AS http_requestMethod, j.http.requestFullURI AS http_requestFullURI,
  j.http.userAgent AS http_userAgent, j.http.clientHeaderOrder AS http_clientHeaderOrder,
  j.http.clientHeaderHash AS http_clientHeaderHash, j.http.responseCode AS http_responseCode,
  j.http.serverHeaderHash AS http_serverHeaderHash, j.http.server AS http_server, j.rdp.cookie AS rdp_cookie,
  j.rdp.requestedProtocols AS rdp_requestedProtocols, j.rdp.rdfp AS rdp_rdfp, j.rdp.clientName AS rdp_clientName,
  j.gquic.sni AS gquic_sni
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        sourceIp String, sourcePort String, destinationIp String, destinationPort String, protocol String,
        timestamp String, tls Tuple(ja3 String, ja3s String, serverName String),
        ssh Tuple(hassh String, hasshServer String, client String, server String),
        http Tuple(requestMethod String, requestFullURI String, userAgent String, clientHeaderOrder String, clientHeaderHash String, responseCode String, serverHeaderHash String, server String),
        rdp Tuple(cookie String, requestedProtocols String, rdfp String, clientName String), gquic Tuple(sni String)
      )'
    )) AS j
  FROM {{landing fatt}}
)
