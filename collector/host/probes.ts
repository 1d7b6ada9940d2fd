/** The probe of each kind of sensor of a container. */
import type { HostStream } from '@apiary/model/submodule.ts';
import { CaptureProbe } from './capture.ts';
import type { ContainerChoice } from './containers.ts';
import { type FilesOptions, FilesProbe } from './files.ts';
import { KeystrokesProbe } from './keystrokes.ts';
import { NetworkProbe } from './network.ts';
import { ProcessesProbe } from './processes.ts';
import type { Probe } from './reading.ts';
import { ResourcesProbe } from './resources.ts';

/** Undefined for what was not asked for. `every_seconds` of the configuration is how often each looks; without it each has its own. */
export function makeProbe(
  reads: HostStream['reads'],
  choice: ContainerChoice,
  files: FilesOptions,
): Probe | undefined {
  const { every_seconds, audit_log, capture } = choice;
  const every_ms = every_seconds === undefined ? undefined : every_seconds * 1000;
  const polled = every_ms === undefined ? {} : { poll_ms: every_ms };
  switch (reads) {
    case 'network':
      return new NetworkProbe(polled);
    case 'capture':
      return capture === undefined ? undefined : new CaptureProbe({ ...files, settings: capture });
    case 'resources':
      return new ResourcesProbe(polled);
    case 'processes':
      return new ProcessesProbe({ audit_log, work_folder: files.work_folder, ...polled });
    case 'keystrokes':
      return new KeystrokesProbe({ audit_log, work_folder: files.work_folder, ...polled });
    case 'files':
      return new FilesProbe({ ...files, ...(every_ms === undefined ? {} : { look_ms: every_ms }) });
  }
}
