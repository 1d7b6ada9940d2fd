import type { Submodule } from '@apiary/model/submodule.ts';
import { streams } from './streams.ts';

export const submodule: Submodule = {
  ...streams,
  interaction: 'low',
  role: 'server',
  homepage: 'https://www.rfc-editor.org/rfc/rfc4765',
  versions: 'RFC 4765, and the drafts before it as far as their elements have the same names',
  folder: new URL('./', import.meta.url),
};
