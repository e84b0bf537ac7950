import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../platform/clock.ts';
import { listenWhenFree } from './listen-when-free.ts';

/** Somebody listens already. */
let other: Server;
let port: number;
beforeEach(async () => {
  other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  ({ port } = other.address() as AddressInfo);
});
afterEach(() => {
  other.close();
});

/** Time passes only by waiting; `onWait` happens each time. */
function clockThat(onWait: (waits: number) => Promise<unknown>): Clock & { readonly waits: () => number } {
  let waits = 0;
  return {
    now: () => waits * 50,
    elapsed: () => waits * 50,
    missed: () => 0,
    waits: () => waits,
    delay: async () => {
      waits++;
      await onWait(waits);
    },
  };
}

describe('an address that is in use', () => {
  it('is had once the other one has left it', async () => {
    const clock = clockThat(async (waits) => {
      if (waits === 3) await new Promise((resolve) => other.close(resolve));
    });
    const server = await listenWhenFree({ host: '127.0.0.1', port }, clock);
    expect((server.address() as AddressInfo).port).toBe(port);
    expect(clock.waits()).toBe(3);
    server.close();
  });

  it('is given up when somebody keeps it', async () => {
    const clock = clockThat(() => Promise.resolve());
    await expect(listenWhenFree({ host: '127.0.0.1', port }, clock)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
    expect(clock.elapsed()).toBe(10_000);
  });

  it('is given up at once when it is not ours to have', async () => {
    const clock = clockThat(() => Promise.reject(new Error('waited')));
    await expect(listenWhenFree({ host: '192.0.2.1', port }, clock)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
