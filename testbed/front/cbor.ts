/** Encodes a map of short strings as CBOR (RFC 8949), the form in which smithy-rpc-v2-cbor clients expect errors. */
export function encodeStringMap(map: Record<string, string>): Buffer {
  const entries = Object.entries(map);
  const parts = [head(5, entries.length)];
  for (const [key, value] of entries) {
    parts.push(encodeString(key), encodeString(value));
  }
  return Buffer.concat(parts);
}

function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([head(3, bytes.length), bytes]);
}

/** The initial byte of an item and its length: within the byte up to 23, in one more up to 255, else in two. */
function head(majorType: number, length: number): Buffer {
  const type = majorType << 5;
  if (length < 24) {
    return Buffer.from([type | length]);
  }
  return length < 256
    ? Buffer.from([type | 24, length])
    : Buffer.from([type | 25, length >> 8, length & 255]);
}
