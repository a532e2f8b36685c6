import type { JsonValue } from './json.ts';

/** An element of the XML that AWS's query services answer: it has children or text, and no attributes that matter. */
export interface Element {
  name: string;
  text: string;
  children: Element[];
}

/** Reads XML as moto writes it. */
export function parseXml(xml: string): Element {
  const root: Element = { name: '', text: '', children: [] };
  const open = [root];
  for (const [, closing, name = '', empty, text = ''] of xml.matchAll(
    /<(\/?)([\w.-]+)[^>]*?(\/?)>([^<]*)/g,
  )) {
    if (closing) {
      open.pop();
      continue;
    }
    const element: Element = { name, text: plain(text).trim(), children: [] };
    open.at(-1)?.children.push(element);
    if (!empty) open.push(element);
  }
  return root;
}

/** The first element of a name below another one, wherever it is; an empty one if there is none. */
export function find(element: Element, name: string): Element {
  return search(element, name) ?? { name, text: '', children: [] };
}

function search(element: Element, name: string): Element | undefined {
  for (const child of element.children) {
    const found = child.name === name ? child : search(child, name);
    if (found) return found;
  }
  return undefined;
}

/** The text of an element's own child of a name; empty if it has none. */
export function textOf(element: Element, name: string): string {
  return element.children.find((child) => child.name === name)?.text ?? '';
}

/** The members of the list that is an element's own child of a name. */
export function membersOf(element: Element, name: string): Element[] {
  return element.children.find((child) => child.name === name)?.children ?? [];
}

/** Writes a value as query services do: members of objects as elements, items of lists as `member`. */
export function writeXml(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => `<member>${writeXml(item)}</member>`).join('');
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `<${name}>${writeXml(member)}</${name}>`)
    .join('');
}

/** A text as XML writes it. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plain(text: string): string {
  const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replaceAll(/&(\w+);/g, (entity, name: string) => characters[name] ?? entity);
}
