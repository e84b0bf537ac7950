import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { lookPeriodMs, Looks } from './looks.ts';

const stepMs = 30_000;

type Hear = (changed: readonly string[]) => void;

function build() {
  const clock = new FakeClock();
  const heard: string[] = [];
  const watches = new Map<string | null, Hear>();
  const netnsd = {
    watch: (netns: string | null, onChange: Hear) => {
      watches.set(netns, onChange);
      return Promise.resolve();
    },
  };
  const looks = new Looks<string>({ clock, netnsd, onChange: (key) => heard.push(key) });
  return { clock, looks, heard, watches };
}

describe('whose turn it is', () => {
  const anyCount = fc.integer({ min: 1, max: 400 });

  it(
    'comes to each within the period, and not to all at once',
    () => fc.assert(fc.asyncProperty(anyCount, walk), { numRuns: 10 }),
    30_000,
  );

  async function walk(count: number): Promise<void> {
    const { clock, looks } = build();
    const keys = Array.from({ length: count }, (_, index) => `key-${index}`);
    const last = new Map<string, number>();
    const numbers: number[] = [];
    for (let at = 0; at <= 3 * lookPeriodMs; at += stepMs) {
      const due = looks.due(keys, stepMs);
      numbers.push(due.length);
      for (const key of due) {
        last.set(key, at);
        looks.noteLook(key);
      }
      expect(at - Math.min(...keys.map((key) => last.get(key) ?? -Infinity))).toBeLessThanOrEqual(lookPeriodMs);
      await clock.advance(stepMs);
    }
    const [first, ...others] = numbers;
    expect(first).toBe(count);
    expect(Math.max(...others)).toBeLessThanOrEqual(Math.ceil(count / 10));
    expect(others.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(6.5 * count);
  }
});

describe('who is doubted', () => {
  it('is who was changed since the last look', async () => {
    const { looks, heard, watches } = build();
    await looks.watch('a', 'lb-a', AbortSignal.timeout(1000));
    looks.noteLook('a');
    expect(looks.isDoubted('a')).toBe(false);
    watches.get('lb-a')?.(['routes']);
    expect(looks.isDoubted('a')).toBe(true);
    expect(heard).toEqual(['a']);
    looks.noteLook('a');
    expect(looks.isDoubted('a')).toBe(false);
  });

  it('is nobody who is forgotten', async () => {
    const { looks, heard, watches } = build();
    await looks.watch('a', 'lb-a', AbortSignal.timeout(1000));
    looks.forget('a');
    watches.get('lb-a')?.(['gone']);
    expect(heard).toEqual([]);
    expect(looks.isDoubted('a')).toBe(false);
  });

  it('is watched once, and again when the watch was lost', async () => {
    const { looks, watches } = build();
    const signal = AbortSignal.timeout(1000);
    await looks.watch('a', 'lb-a', signal);
    const first = watches.get('lb-a');
    await looks.watch('a', 'lb-a', signal);
    expect(watches.get('lb-a')).toBe(first);
    first?.(['lost']);
    await looks.watch('a', 'lb-a', signal);
    expect(watches.get('lb-a')).not.toBe(first);
  });
});
