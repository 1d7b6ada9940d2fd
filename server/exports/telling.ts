/** Whether a text tells one attacker from everybody: what an attacker typed must make no rule that matches anything. */

/** Spaces, padding and a held key have fewer different characters. */
const different_min = 6;

/**
 * @param length_min characters that must stand between its first and its last that is no space
 * @returns false also where it is no longer what was sent: bytes that were no UTF-8 became a sign of their own
 */
export function isTelling(text: string, length_min: number): boolean {
  const inner = text.replace(/^[\s\0]+|[\s\0]+$/g, '');
  return inner.length >= length_min && new Set(inner).size >= different_min && !text.includes('\ufffd');
}
