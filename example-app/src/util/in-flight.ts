import type { Answer } from './answer.ts';

/**
 * The answers that have not left yet. It is no Set, since V8 copies a Set's table again and again as its values come and go,
 * each table refers to the next one, and so one that has grown old keeps all later answers until the next full collection.
 */
export class AnswersInFlight {
  readonly #answers: Answer[] = [];

  get size(): number {
    return this.#answers.length;
  }

  /** Takes an answer in; one that is not in already. */
  add(answer: Answer): void {
    answer.place = this.#answers.push(answer) - 1;
  }

  /** Gives an answer up, and its place to the last one. */
  remove(answer: Answer): void {
    const last = this.#answers.pop();
    if (last === undefined || last === answer) return;
    this.#answers[answer.place] = last;
    last.place = answer.place;
  }

  /** Returns those that are there now; what is done with them may remove some. */
  all(): Answer[] {
    return [...this.#answers];
  }
}
