/** Whoever copies what an attacker wrote gets no address that another program makes a link of. */
import { defang } from '@apiary/model/defang.ts';

/** Where such text stands: in tables and facts, on a replayed terminal, in records and strings of files. */
const hostile = '.hostile, .terminal, .raw';

function holdsHostile(range: Range): boolean {
  const { commonAncestorContainer: node } = range;
  const element = node instanceof Element ? node : node.parentElement;
  if (element === null) return false;
  return (
    element.closest(hostile) !== null ||
    [...element.querySelectorAll(hostile)].some((one) => range.intersectsNode(one))
  );
}

export function copyDefanged(event: ClipboardEvent): void {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || event.clipboardData === null) return;
  if (!holdsHostile(selection.getRangeAt(0))) return;
  event.clipboardData.setData('text/plain', defang(selection.toString()));
  event.preventDefault();
}
