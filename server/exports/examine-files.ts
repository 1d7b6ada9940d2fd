/** The files of an incident as rules are made of them. */
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import type { Incident } from '@apiary/model/api/incidents.ts';
import { OperationalError } from '@apiary/model/errors.ts';

/** Files that are looked into; the others are known by their hashes. */
const examined_max = 20;

/**
 * @param examine looks into one; throws `not_found` where it is not here, or not for who asks
 * @returns those that could be looked into, each in turn
 */
export async function examineFiles(
  { attacks }: Incident,
  examine: (sha256: string) => Promise<ArtifactContent>,
): Promise<ArtifactContent[]> {
  const hashes = [...new Set(attacks.flatMap((attack) => attack.files))];
  const contents: ArtifactContent[] = [];
  for (const sha256 of hashes.slice(0, examined_max)) {
    try {
      contents.push(await examine(sha256));
    } catch (error) {
      // Its hash stands for it.
      if (!(error instanceof OperationalError && error.code === 'not_found')) throw error;
    }
  }
  return contents;
}
