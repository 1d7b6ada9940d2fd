const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of a sensor: no markup of it works, and control characters show as such. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[&<>"']/g, (character) => escapes[character]!)
    .replace(/[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
