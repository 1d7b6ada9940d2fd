/** In which order `npm test` runs files. A file that is in no list comes after those that are. */

/** The longest, first to begin: none of them is to run alone at the end. */
export const long_files: readonly string[] = [
  'tests/end-to-end/again.test.ts',
  'tests/end-to-end/import-tpot.test.ts',
  'tests/browser/pages.test.ts',
  'tests/browser/demonstration.test.ts',
];

/** Those that mostly wait: they run in a lane of their own, beside the others. */
export const waiting_files: readonly string[] = [
  'tests/faults/faults.test.ts',
  'tests/end-to-end/flood.test.ts',
  'server/analysis/analysis-keeper.test.ts',
];
