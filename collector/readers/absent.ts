/** What a reader says of the places where it finds nothing to read. */
import { lstatSync, type Stats, statSync } from 'node:fs';
import { isInContainer } from './artifact-files.ts';

function nameKind(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isFile() ? undefined : 'a device';
}

/** What stands in the way at a path of the host's own, or undefined where there is nothing. */
function describeObstacle(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isSymbolicLink()) {
    const kind = nameKind(found);
    return kind === undefined ? `${path} may not be read` : `${path} is ${kind}, no file`;
  }
  const target = statSync(path, { throwIfNoEntry: false });
  return target === undefined
    ? `${path} is a link to nothing`
    : `${path} is a link${target.isFile() ? ', which is not followed here' : `, and not to a file`}`;
}

/** @param patterns paths, of which those with wildcards and those inside containers are not looked at */
export function describeAbsent(patterns: readonly string[]): string {
  const obstacles: string[] = [];
  const absent: string[] = [];
  for (const pattern of patterns) {
    let obstacle: string | undefined;
    try {
      obstacle = /[*?[]/.test(pattern) || isInContainer(pattern) ? undefined : describeObstacle(pattern);
    } catch (error) {
      obstacle = (error as Error).message;
    }
    if (obstacle === undefined) absent.push(pattern);
    else obstacles.push(obstacle);
  }
  const unknown = absent.some(isInContainer) ? 'not there yet, or no regular file' : 'not there yet';
  if (absent.length > 0) obstacles.push(`${unknown}: ${absent.join(', ')}`);
  return obstacles.join('; ');
}
