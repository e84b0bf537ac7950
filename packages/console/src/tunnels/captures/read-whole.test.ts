import { expect, it } from 'vitest';
import { readWhole, type Piece, type Progress } from './read-whole.ts';

const file = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

const joined = (parts: readonly Uint8Array[]) => parts.flatMap((part) => [...part]);

function reader(total: (offset: number) => number) {
  const offsets: number[] = [];
  const read = (offset: number): Promise<Piece> => {
    offsets.push(offset);
    const end = Math.min(total(offset), offset + 100);
    return Promise.resolve({
      Content: btoa(String.fromCharCode(...file.subarray(offset, end))),
      TotalBytes: total(offset),
    });
  };
  return { read, offsets };
}

it('a file is read piece by piece, every byte of it', async () => {
  const { read, offsets } = reader(() => 300);
  const told: Progress[] = [];
  const parts = await readWhole(read, (progress) => void told.push(progress));
  expect(joined(parts)).toEqual([...file]);
  expect(offsets).toEqual([0, 100, 200]);
  expect(told.map(({ done, all }) => [done, all])).toEqual([
    ...[
      [100, 300],
      [200, 300],
      [300, 300],
    ],
  ]);
});

it('one that grows meanwhile is read as long as it is then', async () => {
  const { read } = reader((offset) => (offset === 0 ? 150 : 250));
  expect(joined(await readWhole(read, () => undefined))).toEqual([...file.subarray(0, 250)]);
});

it('an empty one, and one that was cut short meanwhile, come to an end', async () => {
  const empty = reader(() => 0);
  expect(await readWhole(empty.read, () => undefined)).toEqual([]);
  const parts = await readWhole(
    (offset) => Promise.resolve({ Content: offset === 0 ? 'AAAA' : '', TotalBytes: 300 }),
    () => undefined,
  );
  expect(parts).toHaveLength(1);
});
