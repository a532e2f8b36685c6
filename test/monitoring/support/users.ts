import { setTimeout as delay } from 'node:timers/promises';

const TEXTS = [
  'A wonderful place with friendly people, and the food was great.',
  'It broke after two days and nobody answered.',
  'The best phone that I ever had.',
  'I was bored to death; a waste of time and money.',
];

/** A few users, who ask each route and make a mistake now and then. Answers of every kind are theirs to get. */
export class Users {
  readonly #address: string;
  #leaving = false;
  #round = 0;
  readonly #gone: Promise<unknown>;

  constructor(address: string, count = 2) {
    this.#address = address;
    this.#gone = Promise.all(Array.from({ length: count }, () => this.#stay()));
  }

  /** Ends the load; returns when the last answer has come. */
  async leave(): Promise<void> {
    this.#leaving = true;
    await this.#gone;
  }

  async #stay(): Promise<void> {
    while (!this.#leaving) {
      await this.#visit(this.#round++);
      await delay(200);
    }
  }

  async #visit(round: number): Promise<void> {
    await this.#get('/items?limit=20');
    await this.#post('/predict', { texts: TEXTS.slice(0, 1 + (round % TEXTS.length)) });
    await this.#post('/items', { name: `item ${round}` });
    await this.#get(`/items/${1 + (round % 50)}`);
    if (round % 10 === 0) await this.#post('/predict', { words: 'not what it expects' });
  }

  async #get(path: string): Promise<void> {
    await this.#request(path, {});
  }

  async #post(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.#request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #request(path: string, init: RequestInit): Promise<void> {
    // While a release changes or nothing runs, requests fail: that is what the alerts are about.
    const answer = await fetch(this.#address + path, init).catch(() => undefined);
    await answer?.arrayBuffer();
  }
}
