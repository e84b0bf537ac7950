import { describe, expect, it } from 'vitest';
import { UnprovenBytes } from './unproven-bytes.ts';

describe('bytes that nobody has signed', () => {
  it('are bounded: the body that began first gives way', () => {
    const gone: string[] = [];
    const bytes = new UnprovenBytes(100);
    const slow = bytes.hold(() => gone.push('slow'));
    const quick = bytes.hold(() => gone.push('quick'));
    slow.add(60);
    quick.add(40);
    expect([bytes.total, gone]).toEqual([100, []]);
    quick.add(1);
    expect([bytes.total, gone]).toEqual([41, ['slow']]);
    slow.add(1000);
    expect(bytes.total).toBe(41);
  });

  it('give way as often as it takes', () => {
    const gone: number[] = [];
    const bytes = new UnprovenBytes(100);
    const small = [0, 1, 2].map((at) => {
      const holding = bytes.hold(() => gone.push(at));
      holding.add(30);
      return holding;
    });
    bytes.hold(() => gone.push(3)).add(50);
    expect([bytes.total, gone]).toEqual([80, [0, 1]]);
    small[2]?.release();
    expect(bytes.total).toBe(50);
  });

  it('count no longer once they are released, and only once', () => {
    const bytes = new UnprovenBytes(100);
    const holding = bytes.hold(() => undefined);
    holding.add(50);
    holding.release();
    holding.release();
    expect(bytes.total).toBe(0);
    holding.add(50);
    expect(bytes.total).toBe(0);
  });
});
