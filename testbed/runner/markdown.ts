import { type Paint, PLAIN } from './terminal.ts';

/**
 * Renders a job summary thinly for a terminal: headings, aligned tables, lists, quotes, code and details.
 * Knows Markdown as GitHub's summaries use it and the HTML that `@actions/core` writes.
 */
export function renderMarkdown(markdown: string, paint: Paint = PLAIN): string {
  const renderer = new Renderer(paint);
  return renderer.render(htmlToMarkdown(markdown).split('\n'));
}

const FENCE = /^\s*(```|~~~)/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const TABLE_RULE = /^\s*\|(\s*:?-+:?\s*\|)+\s*$/;

class Renderer {
  readonly #paint: Paint;
  readonly #lines: string[] = [];
  #depth = 0;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  render(lines: string[]): string {
    let index = 0;
    while (index < lines.length) index += this.#renderBlock(lines, index);
    return this.#lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }

  /** Renders the block that starts at an index and returns how many lines it took. */
  #renderBlock(lines: string[], index: number): number {
    const line = lines[index] ?? '';
    if (FENCE.test(line)) return this.#renderFence(lines, index);
    if (TABLE_ROW.test(line)) return this.#renderTable(lines, index);
    this.#renderLine(line.trim() === '' ? '' : line);
    return 1;
  }

  #renderFence(lines: string[], index: number): number {
    const end = lines.findIndex((line, at) => at > index && FENCE.test(line));
    const last = end < 0 ? lines.length : end;
    for (const line of lines.slice(index + 1, last))
      this.#write(this.#paint.dim(`│ ${decodeEntities(line)}`));
    return last - index + 1;
  }

  #renderTable(lines: string[], index: number): number {
    const after = lines.findIndex((line, at) => at > index && !TABLE_ROW.test(line));
    const rows = lines.slice(index, after < 0 ? lines.length : after);
    const hasHead = TABLE_RULE.test(rows[1] ?? '');
    const cells = rows
      .filter((row) => !TABLE_RULE.test(row))
      .map((row) => splitRow(row).map((cell) => this.#inline(cell)));
    const widths = columnWidths(cells);
    const [head = [], ...body] = cells;
    // Markdown knows no table without a head: an empty one stands for none.
    const isEmpty = head.every((cell) => cell === '');
    if (!isEmpty) this.#write(joinCells(head, widths));
    if (!isEmpty && hasHead) this.#write(widths.map((width) => '─'.repeat(width)).join('  '));
    for (const row of body) this.#write(joinCells(row, widths));
    return rows.length;
  }

  #renderLine(line: string): void {
    const heading = /^\s*(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const details = /^\s*<(\/?)(details|summary)[^>]*>(.*)$/i.exec(line);
    if (heading !== null) this.#renderHeading(heading[1]?.length ?? 1, heading[2] ?? '');
    else if (details !== null) this.#renderDetails(details[1] === '/', details[2] ?? '', details[3] ?? '');
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) this.#write('─'.repeat(40));
    else this.#write(this.#inline(line.replace(/^(\s*)[-*+]\s+/, '$1• ').replace(/^\s*>\s?/, '▏ ')));
  }

  #renderHeading(level: number, text: string): void {
    const title = this.#inline(text);
    this.#write('');
    this.#write(this.#paint.bold(title));
    if (level <= 2) this.#write((level === 1 ? '═' : '─').repeat(visibleWidth(title)));
  }

  #renderDetails(closing: boolean, tag: string, rest: string): void {
    if (tag.toLowerCase() === 'summary')
      this.#write(this.#paint.bold(`▾ ${this.#inline(rest.replace(/<\/summary>/i, ''))}`), -1);
    else this.#depth = Math.max(0, this.#depth + (closing ? -1 : 1));
    if (tag.toLowerCase() === 'details' && rest.trim() !== '') this.#renderLine(rest);
  }

  #inline(text: string): string {
    const marked = text
      .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_, label: string, url: string) =>
        label === url ? url : `${label} (${url})`,
      )
      .replace(/(\*\*|__)(.+?)\1/g, (_, _mark, inner: string) => this.#paint.bold(inner))
      .replace(/(`+)(.+?)\1/g, (_, _mark, inner: string) => this.#paint.cyan(inner.trim()))
      .replace(/<\/?[a-z][^>]*>/gi, '')
      .replace(/\\([\\`*_{}[\]()#+.!|<>~-])/g, '$1');
    return decodeEntities(marked);
  }

  #write(line: string, indentBy = 0): void {
    this.#lines.push(line === '' ? '' : `${'  '.repeat(Math.max(0, this.#depth + indentBy))}${line}`);
  }
}

/** Rewrites the HTML blocks of `@actions/core`'s summary as Markdown, so that one renderer does. */
function htmlToMarkdown(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(/<table[^>]*>(.*?)<\/table>/gis, (_, body: string) => tableToMarkdown(body))
    .replace(
      /<h([1-6])[^>]*>(.*?)<\/h\1>/gis,
      (_, level: string, title: string) => `\n${'#'.repeat(Number(level))} ${title}\n`,
    )
    .replace(
      /<pre[^>]*>\s*(?:<code[^>]*>)?(.*?)(?:<\/code>)?\s*<\/pre>/gis,
      (_, code: string) => `\n\`\`\`\n${code}\n\`\`\`\n`,
    )
    .replace(/<blockquote[^>]*>(.*?)<\/blockquote>/gis, (_, quote: string) => `\n> ${quote.trim()}\n`)
    .replace(/<li[^>]*>(.*?)<\/li>/gis, (_, item: string) => `\n- ${item.trim()}`)
    .replace(/<a\s[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gis, '[$2]($1)')
    .replace(/<(?:b|strong)>(.*?)<\/(?:b|strong)>/gis, '**$1**')
    .replace(/<code>(.*?)<\/code>/gis, '`$1`')
    .replace(/<hr\s*\/?>/gi, '\n---\n')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/(<\/?details[^>]*>|<summary[^>]*>.*?<\/summary>)/gis, '\n$1\n');
}

function tableToMarkdown(body: string): string {
  const rows = [...body.matchAll(/<tr[^>]*>(.*?)<\/tr>/gis)].map(([, row = '']) =>
    [...row.matchAll(/<(?:td|th)[^>]*>(.*?)<\/(?:td|th)>/gis)].map(([, cell = '']) =>
      cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|'),
    ),
  );
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |`);
  const hasHead = /<th[\s>]/i.test(body);
  const rule = `|${' --- |'.repeat(rows[0]?.length ?? 1)}`;
  return `\n${(hasHead ? [lines[0] ?? '', rule, ...lines.slice(1)] : lines).join('\n')}\n`;
}

function splitRow(row: string): string[] {
  return row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function joinCells(row: string[], widths: number[]): string {
  return row
    .map((cell, column) => pad(cell, widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}

function columnWidths(rows: string[][]): number[] {
  const columns = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => visibleWidth(row[column] ?? ''))),
  );
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleWidth(text)));
}

/** Columns that a text takes: escape sequences none, emoji and East Asian wide characters two. */
function visibleWidth(text: string): number {
  const plain = text
    .replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
    .replace(/[\u{200d}\u{fe0f}]/gu, '');
  return [...plain].reduce((width, character) => width + (isWide(character) ? 2 : 1), 0);
}

function isWide(character: string): boolean {
  return /\p{Emoji_Presentation}|[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{ff00}-\u{ff60}]/u.test(
    character,
  );
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&');
}
