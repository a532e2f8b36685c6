const STREAM_LIMIT = 24_000;
const LIST_LIMIT = 2_500;
const STREAM_MARK = '--output truncated--';
const OUTPUT_MARK = '\n---Output truncated---';
const ERROR_MARK = '\n---Error truncated----';
const ERROR_TITLE = '\n----------ERROR-------\n';

/** A stream as the agent sends it: the first 24,000 bytes, ending in its mark when something was cut. */
export function truncateStream(stream: Buffer): string {
  return stream.length <= STREAM_LIMIT
    ? stream.toString('utf8')
    : stream.subarray(0, STREAM_LIMIT - STREAM_MARK.length).toString('utf8') + STREAM_MARK;
}

/** Both streams as the list of invocations shows them: 2,500 bytes, the error under a title, each cut with its mark. */
export function combineStreams(output: Buffer, error: Buffer): string {
  const title = error.length > 0 ? ERROR_TITLE : '';
  const space = LIST_LIMIT - title.length;
  const half = space / 2;
  if (output.length + error.length < space) {
    return `${output}${title}${error}`;
  }
  if (output.length > half && error.length > half) {
    const each = Math.floor((space - ERROR_MARK.length - OUTPUT_MARK.length) / 2);
    return `${cut(output, each)}${OUTPUT_MARK}${title}${cut(error, each)}${ERROR_MARK}`;
  }
  if (output.length <= half) {
    return `${output}${title}${cut(error, space - ERROR_MARK.length - output.length)}${ERROR_MARK}`;
  }
  return `${cut(output, space - OUTPUT_MARK.length - error.length)}${OUTPUT_MARK}${title}${error}`;
}

function cut(stream: Buffer, length: number): string {
  return stream.subarray(0, length).toString('utf8');
}
