import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Readings of a container, by a collector on its host (docs/guide/lxc.md). */
export const streams: SubmoduleStreams = {
  name: 'host_resources',
  title: 'Resources of a container',
  sources: [{ kind: 'host', stream: 'readings', usual_paths: [], reads: 'resources' }],
};
