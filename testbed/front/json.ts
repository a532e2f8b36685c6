/** What JSON can hold; bodies of requests are read as this, never as a type they merely claim to be. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Tells an object from the other JSON values. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parses text that must hold a JSON object; an empty text counts as an empty object, as AWS services take it.
 *
 * @throws SyntaxError if the text is no JSON or no object
 */
export function parseJsonObject(text: string): JsonObject {
  if (text.trim() === '') {
    return {};
  }
  const value = JSON.parse(text) as JsonValue;
  if (!isJsonObject(value)) {
    throw new SyntaxError('a JSON object is expected');
  }
  return value;
}

/** The string under a key, or undefined when it is absent or something else. */
export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

/** The number under a key, or undefined when it is absent or something else. */
export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' ? value : undefined;
}

/** The strings of the list under a key; empty when it is absent. */
export function stringsAt(object: JsonObject, key: string): string[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The objects of the list under a key; empty when it is absent. */
export function objectsAt(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The object under a key; empty when it is absent. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}
