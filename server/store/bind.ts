/**
 * Binds `{name:Type}` parameters into SQL as literals. The embedded engine's own binding lets two
 * parameterised queries at the same time on different connections mix their values up, so chDB runs them one
 * after another; literals run side by side.
 */
import { OperationalError } from '@apiary/model/errors.ts';

const type_pattern = /^[A-Za-z][A-Za-z0-9_]*(\([A-Za-z0-9_(), ']*\))?$/;

/** A ClickHouse string literal. */
export function quoteString(value: string): string {
  return `'${value.replace(/[\\'\0\b\f\n\r\t]/g, (character) => escapes[character] as string)}'`;
}

const escapes: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Undoes the escapes of TabSeparated, in which ClickHouse's HTTP interface takes parameters. */
function unescapeTsv(value: string): string {
  return value.replace(/\\(.)/gs, (_, character: string) => tsv_escapes[character] ?? character);
}

const tsv_escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

const token =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|--[^\n]*|\/\*[\s\S]*?\*\/|\{\s*([A-Za-z_]\w*)\s*:\s*([^{}]+?)\s*\}/g;

/**
 * @param sql with placeholders; those inside strings, quoted names and comments are left alone
 * @param values each as the HTTP interface takes it (`param_name`)
 * @throws OperationalError `input_invalid` for a placeholder without a value or with an odd type
 */
export function bindParameters(sql: string, values: ReadonlyMap<string, string>): string {
  return sql.replace(token, (whole, name: string | undefined, type: string | undefined) => {
    if (name === undefined || type === undefined) return whole;
    const value = values.get(name);
    if (value === undefined)
      throw new OperationalError('input_invalid', `the query's parameter ${name} has no value`);
    if (!type_pattern.test(type))
      throw new OperationalError('input_invalid', `the query's parameter ${name} has the type ${type}`);
    if (/^U?Int(8|16|32|64)$/.test(type) && /^-?[0-9]{1,20}$/.test(value)) return value;
    // Strings in an array are quoted, with escapes of their own that the engine undoes.
    const text =
      type.includes('(') && !/^(Nullable|LowCardinality|DateTime|FixedString|Decimal)/.test(type)
        ? value
        : unescapeTsv(value);
    return `CAST(${quoteString(text)}, ${quoteString(type)})`;
  });
}
