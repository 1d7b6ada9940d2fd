/**
 * Whether a statement may run, by the tree that the engine's own parser makes of it (EXPLAIN AST). Only what is listed
 * here passes: one SELECT over listed tables, with listed functions, without settings, formats or files.
 */
import { OperationalError } from '@apiary/model/errors.ts';
import { mayCall, membership } from './functions.ts';

/** Nodes that need no look of their own. */
const plain_nodes = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'ExpressionList',
  'Subquery',
  'WithElement',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableJoin',
  'ArrayJoin',
  'Identifier',
  'Literal',
  'Asterisk',
  'QualifiedAsterisk',
  'OrderByElement',
  'StorageOrderByElement',
  'ColumnsTransformerList',
  'ColumnsExceptTransformer',
  'WindowDefinition',
  'WindowListElement',
  'GroupingSet',
]);

interface Line {
  depth: number;
  node: string;
  rest: string;
}

const refuse = (message: string): never => {
  throw new OperationalError('forbidden', `${message}. The page describes what a statement may use`);
};

function readTree(tree: string): Line[] {
  return tree
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, indent = '', node = '', rest = ''] = /^( *)(\S+)(.*)$/.exec(line) ?? [];
      return { depth: indent.length, node, rest: rest.trim() };
    });
}

/** The second argument of a look-up: written out, or a SELECT, never a name, which would be that of a table. */
function checkMembership(lines: readonly Line[], index: number): void {
  const { depth } = lines[index]!;
  const below = lines.slice(index + 1).findIndex((line) => line.depth <= depth);
  const inside = lines.slice(index + 1, below === -1 ? undefined : index + 1 + below);
  const args = inside.filter((line) => line.depth === depth + 2);
  if (['Identifier', 'TableIdentifier'].includes(args[1]?.node ?? ''))
    refuse(`IN ${args[1]!.rest}: write a list, or (SELECT …)`);
}

/**
 * @param tree of EXPLAIN AST
 * @param tables that may be read, and names that the statement gives to its own subqueries
 * @returns the tables that it reads
 * @throws OperationalError `forbidden` with what is not allowed
 */
export function checkTree(tree: string, tables: ReadonlySet<string>): Set<string> {
  const lines = readTree(tree);
  const [root] = lines;
  if (root?.node !== 'SelectWithUnionQuery' || lines.filter(({ depth }) => depth === 0).length !== 1)
    return refuse('only one SELECT is taken');
  // INTO OUTFILE, FORMAT and SETTINGS hang beside the query itself.
  if (root.rest !== '(children 1)') refuse('a statement has no FORMAT, SETTINGS or INTO OUTFILE here');
  const read = new Set<string>();
  for (const [index, { node, rest }] of lines.entries()) {
    if (node === 'Function') {
      const name = rest.split(' ')[0]!;
      if (!mayCall(name)) refuse(`the function ${name} may not be called`);
      if (membership.has(name)) checkMembership(lines, index);
    } else if (node === 'TableIdentifier') {
      const name = rest.split(' ')[0]!;
      if (!tables.has(name)) refuse(`there is no table ${name} for statements`);
      read.add(name);
    } else if (node === 'Set') refuse('a statement has no SETTINGS here');
    else if (!plain_nodes.has(node)) refuse(`${node} is not taken in a statement`);
  }
  return read;
}
