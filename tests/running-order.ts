/** In which order `npm test` runs files. A file that is in no list comes after those that are. */

/** The longest, first to begin: none of them is to run alone at the end. */
export const long_files: readonly string[] = [
  'tests/browser/pages.test.ts',
  'tests/browser/demonstration.test.ts',
  'tests/end-to-end/import-tpot.test.ts',
  'tests/end-to-end/gateways.test.ts',
  'tests/end-to-end/again.test.ts',
  'server/analysis/analysis.test.ts',
  'tests/end-to-end/artifacts.test.ts',
  'tests/end-to-end/import.test.ts',
  'tests/visibility.test.ts',
  'tests/browser/start.test.ts',
  'tests/end-to-end/backup.test.ts',
  'tests/end-to-end/refusals.test.ts',
  'tests/end-to-end/certificates.test.ts',
  'server/evidence/evidence.test.ts',
  'tests/end-to-end/stunnel.test.ts',
  'tests/end-to-end/rollover.test.ts',
];

/**
 * Those that mostly wait: they run one after another beside the others, with their folders on a disk. Those that look into
 * containers must not meet: the kernel has one audit.
 */
export const waiting_files: readonly string[] = [
  'tests/faults/faults.test.ts',
  'tests/end-to-end/flood.test.ts',
  'tests/end-to-end/honeypot.test.ts',
  'tests/end-to-end/container.test.ts',
  'tests/end-to-end/intruders.test.ts',
  'tests/end-to-end/keystrokes.test.ts',
  'collector/host/files.test.ts',
  'collector/crash.test.ts',
  'server/analysis/analysis-keeper.test.ts',
  'collector/readers/artifact.test.ts',
  'collector/readers/mysql-looks.test.ts',
  'collector/collector.test.ts',
  'collector/readers/sqlite.test.ts',
];
