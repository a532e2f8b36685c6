/** A failure that the user can act on: its message names what, where and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
}
