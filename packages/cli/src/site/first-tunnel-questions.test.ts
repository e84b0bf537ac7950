import { expect, it } from 'vitest';
import { questions, type Answers } from './first-tunnel-questions.ts';

function takes(name: keyof Answers, answer: string): boolean {
  return questions.some((question) => question.name === name && question.pattern.test(answer));
}

it.each(['vpc', 'subnet'] as const)('%s takes one range', (name) => {
  expect(takes(name, '10.0.0.0/16')).toBe(true);
  for (const answer of ['10.0.0.0/16, 10.1.0.0/16', '10.0.0.0', '10.0.0.0/16x'])
    expect(takes(name, answer)).toBe(false);
});

it.each(['gatewayAddresses', 'peerRanges'] as const)('%s takes several', (name) => {
  for (const answer of ['10.0.0.0/16', '10.0.0.0/16, 10.1.0.0/16']) expect(takes(name, answer)).toBe(true);
  for (const answer of ['10.0.0.0/16,', '10.0.0.0/16 10.1.0.0/16']) expect(takes(name, answer)).toBe(false);
});

it('takes what it proposes', () => {
  for (const { name, proposal } of questions) expect([name, takes(name, proposal)]).toEqual([name, true]);
});
