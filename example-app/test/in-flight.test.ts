import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Answer } from '../src/util/answer.ts';
import { AnswersInFlight } from '../src/util/in-flight.ts';

function newAnswer(): Answer {
  return new Answer(new IncomingMessage(new Socket()));
}

it('has those that were added and not removed, whatever the order', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (taken) => {
      const answers = new AnswersInFlight();
      const expected: Answer[] = [];
      for (const [adds, which] of taken) {
        const added = newAnswer();
        const [removed] = adds ? [] : expected.splice(which % Math.max(1, expected.length), 1);
        if (removed) answers.remove(removed);
        else {
          answers.add(added);
          expected.push(added);
        }
        expect(answers.size).toBe(expected.length);
        expect(expected.every((answer) => answers.all().includes(answer))).toBe(true);
      }
    }),
  );
});
