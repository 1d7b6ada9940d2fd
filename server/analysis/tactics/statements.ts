/** A shell line in statements: what stands between `;`, `|`, `||`, `&&`, `&` and ends of lines, outside of quotes. */

export interface Statement {
  text: string;
  /** What joins it to the one before: '' at the beginning. */
  joined_by: '' | ';' | '|' | '||' | '&&' | '&';
}

type Joint = Statement['joined_by'];
const statements_max = 2000;

/**
 * Text as typed to its statements; an open quote at the end closes nothing (the line is split without quotes then,
 * because some honeypots log lines without them).
 */
export function splitStatements(text: string): Statement[] {
  return split(text, true) ?? split(text, false)!;
}

function split(text: string, with_quotes: boolean): Statement[] | undefined {
  const found: Statement[] = [];
  let quote = '';
  let from = 0;
  let joint: Joint = '';
  const end = (at: number, next: Joint, width: number): void => {
    const part = text.slice(from, at).trim();
    if (part !== '' && found.length < statements_max) found.push({ text: part, joined_by: joint });
    if (part !== '') joint = next;
    from = at + width;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"') i += 1;
      continue;
    }
    if (c === '\\') i += 1;
    else if (with_quotes && (c === "'" || c === '"')) quote = c;
    else if (c === '\n' || c === '\r' || c === ';') end(i, ';', 1);
    else if (c === '|') end(i, text[i + 1] === '|' ? '||' : '|', text[i + 1] === '|' ? 2 : 1);
    else if (c === '&' && isJoint(text, i))
      end(i, text[i + 1] === '&' ? '&&' : '&', text[i + 1] === '&' ? 2 : 1);
    if (from > i) i = from - 1;
  }
  if (quote !== '') return undefined;
  end(text.length, '', 0);
  return found;
}

/** `2>&1` and `&>file` join nothing. */
const isJoint = (text: string, at: number): boolean =>
  text[at + 1] === '&' || !(text[at - 1] === '>' || text[at - 1] === '<' || text[at + 1] === '>');
