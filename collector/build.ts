/** Builds the collector as one file for any Node from 24 on: collector/dist/apiary-collector.mjs. */
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { inside_programs } from './decode/inside-programs.ts';

/**
 * How the built collector is started, for a small resident memory: the allocator gives freed batches back to the
 * system at once. Its first line says the same to a shell.
 */
export const start_environment = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '131072',
} as const;
export const start_options = ['--optimize-for-size'] as const;

const first_line = `#!/usr/bin/env -S ${Object.entries(start_environment)
  .map(([name, value]) => `${name}=${value}`)
  .join(' ')} node ${start_options.join(' ')}`;

export const built_path = fileURLToPath(new URL('./dist/apiary-collector.mjs', import.meta.url));

/** The client of MySQL lies packed in the file: what is not used costs no memory for its source. */
export const packed_client: Plugin = {
  name: 'packed client of MySQL',
  setup({ onResolve, onLoad }) {
    const namespace = 'packed';
    onResolve({ filter: /^mysql2\/promise$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /.*/, namespace }, async ({ path }) => {
      const entry = createRequire(import.meta.url).resolve(path);
      const { outputFiles } = await build({
        ...{ entryPoints: [entry], write: false, bundle: true, minify: true },
        ...{ platform: 'node', format: 'cjs', target: 'node24' },
      });
      const packed = brotliCompressSync(outputFiles[0]!.contents).toString('base64');
      const contents = `import Module from 'node:module';
import { brotliDecompressSync } from 'node:zlib';
const unpacked = new Module('mysql2');
unpacked._compile(brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString(), 'mysql2.cjs');
export const createConnection = unpacked.exports.createConnection;`;
      return { contents, loader: 'js' };
    });
  },
};

/** The programs of the children that are kept in, as text. */
export const inside_code: Plugin = {
  name: 'code of the children',
  setup({ onLoad }) {
    onLoad({ filter: /\/decode\/inside-code\.ts$/ }, async () => {
      const words = await Promise.all(
        Object.entries(inside_programs).map(async ([program, url]) => {
          const contents = `import { serve } from ${JSON.stringify(fileURLToPath(url))}; serve();`;
          const { outputFiles } = await build({
            ...{ stdin: { contents, resolveDir: '/' }, write: false, bundle: true, minify: true },
            ...{ platform: 'node', format: 'esm', target: 'node24' },
          });
          return [program, ['--input-type=module', '--eval', outputFiles[0]!.text]];
        }),
      );
      const contents = `const words = ${JSON.stringify(Object.fromEntries(words))};
export const insideArguments = (program) => words[program];`;
      return { contents, loader: 'js' };
    });
  },
};

export async function buildCollector(outfile = built_path): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    plugins: [packed_client, inside_code],
    // Some of what is bundled asks for modules the old way.
    banner: {
      js: `${first_line}\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`,
    },
  });
  chmodSync(outfile, 0o755);
  return outfile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildCollector());
