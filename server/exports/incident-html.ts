/** An incident as one HTML file to print: no script, no request to anywhere, its timeline drawn into it. */
import { countOf } from '@apiary/model/count-of.ts';
import { stageRank, stages } from '@apiary/model/taxonomy.ts';
import { escapeHtml } from './escape-html.ts';
import type { IncidentFacts, SharedAttack, Tlp } from './incident-facts.ts';

const attacks_max = 200;
const values_max = 100;
const value_length_max = 600;
const plot = { width: 900, row: 18, left: 150, lanes_max: 30 } as const;

/** Letters on black, as the Traffic Light Protocol 2.0 has them (FIRST, 2022). */
const tlp_colors: Record<Tlp, string> = {
  clear: '#fff',
  green: '#33ff00',
  amber: '#ffc000',
  red: '#ff2b2b',
};
/** From pale to dark, so that it reads in grey as well. */
const stage_colors = ['#d8cbb0', '#c9a961', '#b3822b', '#8a5a12', '#5e3a08', '#2e1a02'];

const moment = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')}`;
const known = (values: readonly string[]): string =>
  values.filter((value) => value !== 'unknown' && value !== '').join(', ') || 'not known';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((name) => `<th>${name}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('\n')}</tbody></table>`;

const more = (count: number, shown: number): string =>
  count > shown ? `<p>and ${count - shown} more</p>` : '';

function section(title: string, values: readonly string[]): string {
  if (values.length === 0) return '';
  const items = values.slice(0, values_max).map((value) => {
    const cut = value.length > value_length_max ? `${value.slice(0, value_length_max)}…` : value;
    return `<li>${escapeHtml(cut)}</li>`;
  });
  return `<h2>${title} (${values.length})</h2><ol class="values">${items.join('\n')}</ol>${more(values.length, values_max)}`;
}

/** Each attack as a bar over time, in the lane of each sensor that saw it. */
function drawTimeline({ incident, attacks, sensors }: IncidentFacts): string {
  if (attacks.length === 0) return '';
  const begin = Date.parse(incident.first_ts);
  const span = Math.max(Date.parse(incident.last_ts) - begin, 1);
  const { width, row, left } = plot;
  const x = (iso: string): number => left + ((Date.parse(iso) - begin) / span) * (width - left - 10);
  const lanes = sensors.slice(0, plot.lanes_max);
  const marks = (attack: SharedAttack): string[] =>
    attack.sensors.flatMap((sensor) => {
      const lane = lanes.indexOf(sensor);
      if (lane < 0) return [];
      const from = x(attack.first_ts);
      const long = Math.max(x(attack.last_ts) - from, 2);
      const color = stage_colors[stageRank(attack.stage)] ?? stage_colors[0];
      return [
        `<rect x="${from.toFixed(1)}" y="${lane * row + 3}" width="${long.toFixed(1)}" height="${row - 6}" fill="${color}"/>`,
      ];
    });
  const labels = lanes.map(
    (sensor, lane) => `<text x="0" y="${lane * row + 13}" font-size="11">${escapeHtml(sensor)}</text>`,
  );
  const height = lanes.length * row + 18;
  const legend = stages.map(
    ({ name }, index) => `<span class="key" style="background:${stage_colors[index]}"></span>${name}`,
  );
  return `<h2>Over time</h2>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="attacks over time by sensor">${labels.join('')}${attacks.flatMap(marks).join('')}
<text x="${left}" y="${height - 2}" font-size="11">${moment(incident.first_ts)}</text><text x="${width - 10}" y="${height - 2}" font-size="11" text-anchor="end">${moment(incident.last_ts)}</text></svg>
<p>${legend.join(' &nbsp; ')}</p>${more(sensors.length, plot.lanes_max)}`;
}

function writeFacts({ incident, sources, sensors, rsit }: IncidentFacts): string {
  const rows: [string, string][] = [
    ['Attacker', known([incident.attacker])],
    ['Objectives', known(incident.objectives)],
    ['How far', incident.stage],
    ['Tools', known(incident.tools)],
    ['Families', known(incident.families)],
    ['RSIT', rsit.map(({ title }) => title).join('; ')],
    ['Services', known(incident.services)],
    ['From', `${moment(incident.first_ts)} UTC`],
    ['To', `${moment(incident.last_ts)} UTC`],
    [
      'Attacks',
      `${incident.attacks} by ${countOf(incident.sources, 'source')}, ${countOf(incident.events, 'event')}; ${countOf(sources.length, 'address', 'addresses')} in this report`,
    ],
    ['Sensors', sensors.join(', ')],
    ['Countries', known(incident.countries)],
  ];
  return `<table class="facts"><tbody>${rows
    .map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escapeHtml(value)}</td></tr>`)
    .join('\n')}</tbody></table>`;
}

function writeAttacks({ attacks, cut }: IncidentFacts): string {
  const rows = attacks
    .slice(0, attacks_max)
    .map((attack) => [
      moment(attack.first_ts),
      attack.attacker_ip,
      [attack.attacker_country, attack.attacker_asn === 0 ? '' : `AS${attack.attacker_asn}`]
        .filter((text) => text !== '')
        .join(' '),
      [attack.service, attack.cve].filter((text) => text !== '').join(' '),
      attack.stage,
      attack.tool,
      attack.techniques.join(' '),
    ]);
  const rest =
    cut === ''
      ? more(attacks.length, attacks_max)
      : `<p>Only the first ${Math.min(attacks.length, attacks_max)} attacks are listed.</p>`;
  const head = ['Began (UTC)', 'Source', 'Where', 'Service', 'How far', 'Tool', 'ATT&amp;CK'];
  return `<h2>Attacks</h2>${table(head, rows)}${rest}`;
}

const style = `body{font:13px/1.45 system-ui,sans-serif;color:#1d2126;max-width:900px;margin:24px auto;padding:0 16px}
h1{font-size:22px;margin:0 0 8px}h2{font-size:15px;margin:20px 0 6px;break-after:avoid}
table{border-collapse:collapse;width:100%;font-size:12px}thead{display:table-header-group}tr,li{break-inside:avoid}
th,td{text-align:left;padding:3px 6px;border-bottom:1px solid #dfe2e6;overflow-wrap:anywhere;vertical-align:top}
.facts th{width:110px;font-weight:600}.values{font:11px/1.4 ui-monospace,monospace;overflow-wrap:anywhere;padding-left:28px}
.tlp{background:#000;font-weight:700;padding:2px 8px;display:inline-block;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.key{display:inline-block;width:10px;height:10px;margin-right:4px}svg,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}
svg{width:100%;height:auto}p{margin:4px 0}
@page{size:A4;margin:16mm 14mm}
@media print{body{margin:0;max-width:none;padding:0}}`;

export function writeIncidentHtml(facts: IncidentFacts): string {
  const { incident, narrative, reasons, tlp, created, exact, urls, commands, files, sources } = facts;
  const name = incident.name === '' ? '' : `: ${incident.name}`;
  const marking = `<span class="tlp" style="color:${tlp_colors[tlp]}">TLP:${tlp.toUpperCase()}</span>`;
  const changed =
    exact.urls.length < urls.length || exact.commands.length < commands.length
      ? ' Where a text had a name or an address of a honeypot in it, the pseudonym stands there.'
      : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(`Incident ${incident.number}${name}`)}</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${style}
@page{@top-right{content:"TLP:${tlp.toUpperCase()}";font:700 9px sans-serif}@bottom-right{content:counter(page) " / " counter(pages);font:9px sans-serif}}</style></head>
<body>${marking}
<h1>${escapeHtml(`Incident ${incident.number}${name}`)}</h1>
${narrative.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
<h2>Summary</h2>
${writeFacts(facts)}
${drawTimeline(facts)}
${section('Attacker and objectives: why', reasons)}
${writeAttacks(facts)}
${section(
  'Sources',
  sources.map(({ address, first, last }) => `${address}  ${moment(first)} to ${moment(last)}`),
)}
${section('Commands', commands)}
${section('Fetched from', urls)}
${section('Files (SHA-256)', files)}
<p>${marking} Apiary, made ${moment(created)} UTC. Sensors stand under pseudonyms; times are UTC.${changed}</p></body></html>
`;
}
