import { expect, it } from 'vitest';
import type { SaKeys } from '../drivers/sa-keys.ts';
import { KeyRing } from './key-ring.ts';

const sa = { destination: '192.0.2.1', spi: 7 } as unknown as SaKeys;

it('what is read while it is told to forget is forgotten as well', async () => {
  const read = Promise.withResolvers<readonly SaKeys[]>();
  const ring = new KeyRing({ read: () => read.promise, onError: () => undefined });
  const looking = ring.look();
  ring.forget();
  read.resolve([sa]);
  await looking;
  expect(await ring.keys()).toEqual([]);
});

it('what is there when it is closed is known on, until it is forgotten', async () => {
  const ring = new KeyRing({ read: () => Promise.resolve([sa]), onError: () => undefined });
  await ring.close();
  expect(await ring.keys()).toEqual([sa]);
  ring.forget();
  expect(await ring.keys()).toEqual([]);
});
