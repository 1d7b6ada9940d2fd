import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Readings of a container, by a collector on its host (docs/guide/lxc.md). */
export const streams: SubmoduleStreams = {
  name: 'host_keystrokes',
  title: 'Keystrokes in a container',
  sources: [{ kind: 'host', stream: 'keystrokes', usual_paths: [], reads: 'keystrokes' }],
};
