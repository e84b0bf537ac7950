import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProberLine, type ProberState } from './prober-line.ts';

const count = fc.nat();
const pathMtu = fc.record({
  verdict: fc.constantFrom('unknown', 'passes', 'told', 'hole', 'unanswered'),
  largest: fc.option(count),
});
const state: fc.Arbitrary<ProberState> = fc.record({
  ...{ name: fc.string({ maxLength: 64 }), answers: fc.boolean(), run: count },
  ...{ since_loss_ms: fc.option(count), sent: count, lost: count, unsent: count, mean_delay_us: fc.option(count) },
  path_mtu: pathMtu,
});

test('whatever uxprobe may say is read as it is', () => {
  expect(parseProberLine('{"event":"ready"}')).toEqual({ event: 'ready' });
  expect(parseProberLine('{"event":"refused","reason":"name: …"}')).toEqual({ event: 'refused', reason: 'name: …' });
  fc.assert(
    fc.property(fc.array(state, { maxLength: 20 }), (states) => {
      const line = { event: 'states', states };
      expect(parseProberLine(JSON.stringify(line))).toEqual(line);
    }),
  );
});

test('anything else is no line, and throws nothing', () => {
  for (const line of ['', 'null', '[]', '{}', '{"event":"ready","more":1}', '{"event":"states"}', '{"event":"states",'])
    expect(parseProberLine(line)).toBeNull();
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      expect(parseProberLine(line)).toBeNull();
    }),
  );
});

test('a state with a member too many, too few, or of another kind spoils the line', () => {
  const members: readonly (keyof ProberState)[] = [
    'name',
    'answers',
    'run',
    'since_loss_ms',
    'sent',
    'mean_delay_us',
    'path_mtu',
  ];
  fc.assert(
    fc.property(state, fc.constantFrom(...members), fc.constantFrom(undefined, -1, {}), (good, member, value) => {
      const line = { event: 'states', states: [good, { ...good, [member]: value }] };
      expect(parseProberLine(JSON.stringify(line))).toBeNull();
      expect(parseProberLine(JSON.stringify({ event: 'states', states: [{ ...good, extra: 1 }] }))).toBeNull();
    }),
  );
});
