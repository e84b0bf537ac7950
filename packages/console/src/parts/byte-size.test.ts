import { expect, it } from 'vitest';
import { sizeOf } from './byte-size.ts';

it('sizes are told as people read them', () => {
  const sizes = [0, 1023, 1536, 1_048_576, 67_108_864, 400 * 1_048_576, 3 * 2 ** 30, 5000 * 2 ** 40];
  expect(sizes.map(sizeOf)).toEqual([
    ...['0 B', '1023 B', '1.5 KiB', '1.0 MiB', '64.0 MiB', '400 MiB', '3.0 GiB', '5000 TiB'],
  ]);
});
