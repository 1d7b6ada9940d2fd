/** Sensors need not name the service of an event: who asks for one does not see what they left open. */
import { type FilterNode, FilterSyntaxError, parseFilter } from '@apiary/model/filter-language.ts';
import { listOf, type Search } from '../search.ts';

/** Whether what fits has a service that is named. */
function asksForName(node: FilterNode): boolean {
  switch (node.kind) {
    case 'and':
      return node.parts.some(asksForName);
    case 'or':
      return node.parts.every(asksForName);
    case 'not':
      return false;
    case 'term':
      return node.field === 'service' && node.value.replaceAll('*', '') !== '';
  }
}

/** Whether a filter leaves out all events whose service is not known. */
export function leavesOutUnnamed({ service, q }: Search): boolean {
  const services = listOf(service);
  if (services.length > 0 && !services.includes('')) return true;
  try {
    const asked = parseFilter(listOf(q)[0] ?? '');
    return asked !== null && asksForName(asked);
  } catch (error) {
    // It is told in its field.
    if (error instanceof FilterSyntaxError) return false;
    throw error;
  }
}
