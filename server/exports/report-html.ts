/** A report as one HTML file to send and print: no script, no request to anywhere, its chart drawn into it. */
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import { makeVisible } from '@apiary/model/hostile-characters.ts';
import { chartOption, showsSilence } from '@apiary/model/report-chart.ts';
import { escapeHtml } from './escape-html.ts';

const colors = { text: '#4b5058', line: '#dfe2e6', low: '#f5e2b4', high: '#a66f06' };
const width = 960;
const heights = { table: 0, map: 0, line: 360, series: 400, heat: 480, bar: 480 };

/** The chart as SVG; '' where the report has none that can be drawn without a map. */
export async function drawReport(
  answer: ReportAnswer,
  show: (cell: Cell, column: number) => string,
): Promise<string> {
  const option = chartOption(answer, colors, show);
  if (option === null) return '';
  // Large, and seldom asked for.
  const { init } = await import('echarts');
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width,
    height: heights[answer.report.chart.kind],
  });
  chart.setOption({ animation: false, backgroundColor: '#fff', ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

const showPeriod = ({ from, to }: { from: string; to: string }): string =>
  `${from.slice(0, 16).replace('T', ' ')} to ${to.slice(0, 16).replace('T', ' ')} UTC`;

/**
 * @param filter what narrowed it, in words; '' where nothing did
 * @param names how a cell is written
 */
export async function writeReportHtml(
  answer: ReportAnswer,
  filter: string,
  show: (cell: Cell, column: number) => string,
): Promise<string> {
  const { report, rows, kinds } = answer;
  const head = report.columns.map(
    ({ name, meaning }) => `<th title="${escapeHtml(meaning)}">${escapeHtml(name)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, column) => {
          const number = kinds[column] === 'count' ? ' class="n"' : '';
          return `<td${number}>${escapeHtml(makeVisible(show(cell, column)))}</td>`;
        })
        .join('')}</tr>`,
  );
  const expired = answer.silences.find(({ kind }) => kind === 'expired');
  const silent = answer.silences.filter(({ kind }) => kind !== 'expired');
  const before =
    expired === undefined
      ? ''
      : ` The period begins before ${expired.to}: single events and records from before have expired.`;
  const silences =
    silent.length === 0
      ? 'No sensor was silent in this period.'
      : `${new Set(silent.map(({ sensor_id }) => sensor_id)).size} sensors were silent or lost something in this period: there zero does not mean that nothing happened.${showsSilence(answer) ? ' The chart shows in grey when.' : ''}`;
  const missing = `${silences}${before}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(report.title)}</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:14px/1.45 system-ui,sans-serif;color:#1d2126;max-width:${width}px;margin:24px auto;padding:0 16px}
h1{font-size:22px;margin:0}p{color:#4b5058}table{border-collapse:collapse;width:100%;font-size:13px}
th,td{text-align:left;padding:3px 8px;border-bottom:1px solid #dfe2e6;overflow-wrap:anywhere;vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}</style></head>
<body><h1>${escapeHtml(report.title)}</h1>
<p>${escapeHtml(report.question)}</p>
<p>${showPeriod(answer.period)}${filter === '' ? '' : ` · ${escapeHtml(makeVisible(filter))}`}${report.any_vantage ? '' : ' · as the honeypots saw it'}<br>${missing}${answer.ignored.length === 0 ? '' : `<br>Not followed by this report: ${escapeHtml(answer.ignored.join(', '))}.`}</p>
${await drawReport(answer, show)}
<table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>
<p>${rows.length} rows${answer.is_cut ? '; there are more' : ''}. Apiary, ${escapeHtml(report.id)}</p></body></html>
`;
}
