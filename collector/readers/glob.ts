/** Paths with `*`, `?`, `[…]` in any part and `**` for any depth. Hidden names match only a pattern that begins with a dot. */
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const depth_max = 8;

export const hasMagic = (pattern: string): boolean => /[*?[]/.test(pattern);

export function segmentMatcher(segment: string): RegExp {
  const source = segment.replace(/\[!?[^\]]+\]|[*?]|[.+^${}()|[\]\\]/g, (found) => {
    if (found === '*') return '.*';
    if (found === '?') return '.';
    if (found.length > 1) return found.startsWith('[!') ? `[^${found.slice(2)}` : found;
    return `\\${found}`;
  });
  return new RegExp(`^${source}$`, 's');
}

export function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/**
 * The folders that the directory part of a pattern names.
 * @throws the file system's error where a folder may not be read.
 */
export function expandFolders(parts: readonly string[]): string[] {
  let folders = ['/'];
  for (const part of parts) {
    if (part === '') continue;
    if (part === '**') folders = folders.flatMap((folder) => descend(folder, depth_max));
    else if (!hasMagic(part)) folders = folders.map((folder) => join(folder, part)).filter(existsSync);
    else {
      const matcher = segmentMatcher(part);
      folders = folders.flatMap((folder) =>
        listFolder(folder)
          .filter((entry) => entry.isDirectory() && !isHidden(entry.name, part) && matcher.test(entry.name))
          .map((entry) => join(folder, entry.name)),
      );
    }
  }
  return folders;
}

export const isHidden = (name: string, pattern: string): boolean =>
  name.startsWith('.') && !pattern.startsWith('.');

function descend(folder: string, depth: number): string[] {
  if (depth === 0) return [folder];
  const below = listFolder(folder).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return [folder, ...below.flatMap((entry) => descend(join(folder, entry.name), depth - 1))];
}
