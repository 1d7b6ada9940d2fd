/**
 * Loaded into each file of tests before it: what a test left open does not hold up the rest. Node's own
 * `--test-force-exit` ends the process while its report is still on the way, so that tests are lost from it and nobody
 * notices.
 */
import { after } from 'node:test';

const report_ms_max = 2000;

after(() => {
  setTimeout(() => process.exit(), report_ms_max).unref();
});
