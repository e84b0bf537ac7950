import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectCharon, type Charon } from '@landbridge/vici';
import { poll } from '@landbridge/testbed/poll';
import { renewSas } from './renew-sas.ts';
import { runChecked } from '@landbridge/testbed/run-command';

/** The charon of one of the server's gateways, spoken to beside the agent; what it has is read with another tool. */
export class GatewayCharon {
  readonly #dataDirectory: string;
  readonly #gatewayId: string;

  constructor(dataDirectory: string, gatewayId: string) {
    this.#dataDirectory = dataDirectory;
    this.#gatewayId = gatewayId;
  }

  /** `swanctl --list-conns --raw`: what the agent told it. */
  connections(): Promise<string> {
    return this.#swanctl('--list-conns', '--raw');
  }

  /** The SAs as `swanctl --list-sas` prints them. */
  listSas(): Promise<string> {
    return this.#swanctl('--list-sas');
  }

  /** SPIs of all IKE_SAs that are established, and of the CHILD_SAs that carry packets; sorted. */
  async spis(): Promise<{ readonly ike: readonly string[]; readonly child: readonly string[] }> {
    const text = await this.listSas();
    const ike = [...text.matchAll(/ESTABLISHED, IKEv[12], ([0-9a-f]{16})_i/g)];
    const child = [...text.matchAll(/, INSTALLED,.*\n.*\n\s+in\s+([0-9a-f]{8})/g)];
    return { ike: firstGroups(ike), child: firstGroups(child) };
  }

  /** Begins to renew its IKE_SAs, or their CHILD_SAs. */
  async rekey(what: 'ike' | 'child'): Promise<void> {
    const charon = await this.connect();
    try {
      await renewSas(charon, what);
    } finally {
      charon.close();
    }
  }

  /** Waits until none of the SAs that there were before `renew` is left, and others are; without it, until an end renews them by itself. */
  async expectRenewal(what: 'ike' | 'child', renew?: () => Promise<void>): Promise<void> {
    const before = (await this.spis())[what];
    await renew?.();
    await poll(
      `all SPIs (${what}) of ${this.#gatewayId} are new`,
      async () => (await this.spis())[what],
      (spis) => spis.length >= before.length && !spis.some((spi) => before.includes(spi)),
      { within: 30_000, every: 200 },
    );
  }

  /** A connection of our own, beside the agent's. */
  async connect(): Promise<Charon> {
    return connectCharon(await this.#viciSocket());
  }

  async #swanctl(...parameters: readonly string[]): Promise<string> {
    return runChecked(['swanctl', ...parameters, '--uri', `unix://${await this.#viciSocket()}`]);
  }

  async #viciSocket(): Promise<string> {
    const files = await readdir(this.#dataDirectory, { recursive: true });
    const socket = files.find((path) => path.includes(this.#gatewayId) && /vici[^/]*$/.test(path));
    if (socket === undefined) throw new Error(`no vici socket of ${this.#gatewayId} below ${this.#dataDirectory}`);
    return join(this.#dataDirectory, socket);
  }
}

function firstGroups(matches: readonly RegExpExecArray[]): string[] {
  return [...new Set(matches.map(([, group = '']) => group))].sort();
}
