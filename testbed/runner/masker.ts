/** Hides secrets in everything that is printed, as the runner does: the value, its lines and its usual encodings. */
export class Masker {
  readonly #secrets = new Set<string>();

  /** Hides a value from now on, also when it stands alone on a line of a longer secret. */
  add(value: string): void {
    for (const part of [value, ...value.split(/[\r\n]+/)]) {
      if (part.trim() !== '') this.#addEncodings(part);
    }
  }

  /** Replaces every known secret by `***`. */
  mask(text: string): string {
    let masked = text;
    for (const secret of this.#longestFirst()) masked = masked.replaceAll(secret, '***');
    return masked;
  }

  #addEncodings(value: string): void {
    this.#secrets.add(value);
    this.#secrets.add(JSON.stringify(value).slice(1, -1));
    this.#secrets.add(encodeURIComponent(value));
    this.#secrets.add(value.replaceAll("'", "''"));
    for (const encoded of base64Forms(value)) this.#secrets.add(encoded);
  }

  #longestFirst(): string[] {
    return [...this.#secrets].sort((one, other) => other.length - one.length);
  }
}

/** A value inside a longer base64 text looks different at each of the three byte offsets. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [0, 1, 2]
    .map((offset) => bytes.subarray(offset).toString('base64').replace(/=+$/, ''))
    .filter((encoded) => encoded.length >= 6);
}
