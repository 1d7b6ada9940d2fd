import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Readings of a container, by a collector on its host (docs/guide/lxc.md). */
export const streams: SubmoduleStreams = {
  name: 'host_network',
  title: 'Connections of a container',
  sources: [
    { kind: 'host', stream: 'connections', usual_paths: [], reads: 'network' },
    { kind: 'host', stream: 'captures', usual_paths: [], reads: 'capture' },
  ],
};
