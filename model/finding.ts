/** What a doctor finds: one line for each check, with what to do where something is wrong. */

export interface Finding {
  check: string;
  verdict: 'ok' | 'warn' | 'fail';
  told: string;
  /** '' where nothing is to be done. */
  remedy: string;
}

export const ok = (check: string, told: string): Finding => ({ check, verdict: 'ok', told, remedy: '' });
export const warn = (check: string, told: string, remedy: string): Finding => ({
  check,
  verdict: 'warn',
  told,
  remedy,
});
export const fail = (check: string, told: string, remedy: string): Finding => ({
  check,
  verdict: 'fail',
  told,
  remedy,
});

const day_ms = 86_400_000;

export function judgeCertificate(
  check: string,
  name: string,
  from_ms: number,
  to_ms: number,
  now_ms: number,
  remedy: string,
  soon_days = 14,
): Finding {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  if (now_ms < from_ms) return fail(check, `${name} is valid only from ${day(from_ms)}`, 'Set the clock.');
  if (now_ms >= to_ms) return fail(check, `${name} ran out on ${day(to_ms)}`, remedy);
  const told = `${name} is valid until ${day(to_ms)}`;
  return to_ms - now_ms < soon_days * day_ms ? warn(check, told, remedy) : ok(check, told);
}

const gib = 1024 ** 3;

export function judgeDisk(path: string, free_bytes: number, all_bytes: number): Finding {
  const told = `${(free_bytes / gib).toFixed(1)} of ${(all_bytes / gib).toFixed(1)} GiB are free at ${path}`;
  const remedy = 'Make room, or lower the budgets of the retention and of the spool.';
  if (free_bytes < 0.02 * all_bytes || free_bytes < gib / 4) return fail('disk', told, remedy);
  return free_bytes < 0.1 * all_bytes ? warn('disk', told, remedy) : ok('disk', told);
}

/** Lines for a terminal, the worst of the verdicts as exit code: 0, 1 for warn, 2 for fail. */
export function writeFindings(findings: readonly Finding[]): { text: string; exit_code: number } {
  const lines = findings.flatMap(({ check, verdict, told, remedy }) => [
    `${verdict.padEnd(4)}  ${check}: ${told}`,
    ...(remedy === '' ? [] : [`      ${remedy}`]),
  ]);
  const has = (verdict: Finding['verdict']): boolean => findings.some((one) => one.verdict === verdict);
  return { text: `${lines.join('\n')}\n`, exit_code: has('fail') ? 2 : has('warn') ? 1 : 0 };
}
