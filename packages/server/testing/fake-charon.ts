import { ViciCommandError, type Charon } from '@landbridge/vici';
import type { Daemons } from '../src/gateway/gateway-daemons.ts';

/** What a gateway's charon has loaded. It knows no peers, so it never has an SA. */
export class FakeCharon {
  readonly connections = new Map<string, number | undefined>();
  readonly #children = new Map<string, readonly string[]>();
  readonly keys = new Map<string, readonly string[]>();
  /** Refuses to load connections whose names match. */
  refuses: RegExp | null = null;

  get daemons(): Daemons {
    const running = { charon: this.#charon, charonVersion: '5.9.8', uxfrm: null };
    return {
      forwards: true,
      ensure: () => Promise.resolve(running),
      readSas: () => Promise.resolve([]),
      stop: () => Promise.resolve(),
      disconnect: () => undefined,
      tidy: () => Promise.resolve(),
    };
  }

  readonly #charon = {
    closed: new Promise<undefined>(() => undefined),
    close: () => undefined,
    on: () => Promise.resolve(() => Promise.resolve()),
    listConns: () =>
      Promise.resolve(
        [...this.#children].map(([name, children]) => ({ name, children: children.map((child) => ({ name: child })) })),
      ),
    getShared: () => Promise.resolve([...this.keys.keys()]),
    listSas: () => Promise.resolve([]),
    initiate: () => Promise.resolve(),
    terminate: () => Promise.reject(new ViciCommandError('terminate', 'no matching SAs to terminate found')),
    loadShared: ({ id, owners }: { readonly id: string; readonly owners: readonly string[] }) => {
      this.keys.set(id, owners);
      return Promise.resolve();
    },
    unloadShared: (id: string) => {
      this.keys.delete(id);
      return Promise.resolve();
    },
    loadConn: (name: string, { children }: Parameters<Charon['loadConn']>[1]) => {
      if (this.refuses?.test(name) === true) return Promise.reject(new ViciCommandError('load-conn', 'it was told to'));
      this.connections.set(name, Object.values(children)[0]?.ifIdIn);
      this.#children.set(name, Object.keys(children));
      return Promise.resolve();
    },
    unloadConn: (name: string) => {
      this.connections.delete(name);
      this.#children.delete(name);
      return Promise.resolve();
    },
  } as unknown as Charon;
}
