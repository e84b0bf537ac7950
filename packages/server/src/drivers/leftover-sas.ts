import { readFile, rm, writeFile } from 'node:fs/promises';
import { outlivingMs } from '../domain/vpn/tunnel-usability.ts';
import type { Clock } from '../platform/clock.ts';
import { runXfrm, type Kernel } from './kernel.ts';

/** What names a security association in the kernel: destination and SPI; ip-xfrm(8) wants the source as well. */
export interface KernelSa {
  readonly source: string;
  readonly destination: string;
  /** As ip writes it, such as `0xc1a7388a`. */
  readonly spi: string;
}

/** A policy that sends packets into one SA. Those of the other direction have the selectors swapped. */
export interface OutPolicy {
  readonly source: string;
  readonly destination: string;
  readonly ifId: string;
  readonly spi: string;
}

interface Notes {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly sas: readonly KernelSa[];
}

/**
 * SAs and policies in the kernel that outlive their charon. They go on carrying packets, in both directions, until the
 * next charon has negotiated their successors; what is left of them after a minute is removed. Which they are is noted in
 * a file while no charon runs, for then everything in the kernel is left over.
 */
export class LeftoverSas {
  readonly #kernel: Kernel;
  readonly #netns: string;
  readonly #file: string;
  readonly #clock: Clock;
  /** Undefined until the file was looked for. */
  #notes: Notes | null | undefined;

  constructor(kernel: Kernel, netns: string, file: string, clock: Clock) {
    this.#kernel = kernel;
    this.#netns = netns;
    this.#file = file;
    this.#clock = clock;
  }

  /** To be called while no charon runs. */
  async note(): Promise<void> {
    const sas = parseSas(await this.#list('state', 'nokeys'));
    this.#notes = sas.length === 0 ? null : { until: this.#clock.now() + outlivingMs, sas };
    if (this.#notes === null) await rm(this.#file, { force: true });
    else await writeFile(this.#file, JSON.stringify(this.#notes), { mode: 0o600 });
  }

  /** Removes what was noted once its time is up. */
  async removeExpired(signal: AbortSignal): Promise<void> {
    if (this.#notes === undefined) this.#notes = await this.#read();
    if (this.#notes === null || this.#clock.now() < this.#notes.until) return;
    const { sas } = this.#notes;
    const policies = parseOutPolicies(await this.#list('policy'));
    const there = new Set(parseSas(await this.#list('state', 'nokeys')).map(nameOf));
    const left = sas.filter((sa) => there.has(nameOf(sa)));
    await runXfrm(this.#kernel, this.#netns, removals(left, policies), signal);
    this.#notes = null;
    await rm(this.#file, { force: true });
  }

  #list(what: 'state' | 'policy', ...more: readonly string[]): Promise<string> {
    return this.#kernel.commands.run(['ip', '-n', this.#netns, 'xfrm', what, 'list', ...more]);
  }

  async #read(): Promise<Notes | null> {
    try {
      return JSON.parse(await readFile(this.#file, 'utf8')) as Notes;
    } catch {
      return null;
    }
  }
}

function nameOf({ destination, spi }: KernelSa): string {
  return `${destination} ${spi}`;
}

/** Pure. Policies first: what they covered stays covered by the filter and the tunnel device, which sends nothing in clear. */
export function removals(sas: readonly KernelSa[], policies: readonly OutPolicy[]): string[] {
  const spis = new Set(sas.map(({ spi }) => spi));
  const dead = policies.filter(({ spi }) => spis.has(spi));
  const policyLines = dead.flatMap(({ source, destination, ifId }) => [
    `xfrm policy delete src ${source} dst ${destination} dir out if_id ${ifId}`,
    `xfrm policy delete src ${destination} dst ${source} dir in if_id ${ifId}`,
    `xfrm policy delete src ${destination} dst ${source} dir fwd if_id ${ifId}`,
  ]);
  const stateLines = sas.map(
    ({ source, destination, spi }) => `xfrm state delete src ${source} dst ${destination} proto esp spi ${spi}`,
  );
  return [...policyLines, ...stateLines];
}

/** Reads `ip xfrm state list`. */
export function parseSas(text: string): KernelSa[] {
  return xfrmEntries(text).flatMap(({ source, destination, rest }) => {
    const spi = /^\s+proto esp spi (0x[0-9a-f]+)/m.exec(rest)?.[1];
    return spi === undefined ? [] : [{ source, destination, spi }];
  });
}

/** Reads `ip xfrm policy list`. Traps name no SPI. */
export function parseOutPolicies(text: string): OutPolicy[] {
  return xfrmEntries(text).flatMap(({ source, destination, rest }) => {
    const spi = /^\s+proto esp spi (0x[0-9a-f]+)/m.exec(rest)?.[1];
    const ifId = /^\s+if_id (0x[0-9a-f]+)/m.exec(rest)?.[1];
    if (!/^\s+dir out /m.test(rest) || spi === undefined || ifId === undefined) return [];
    return [{ source, destination, ifId, spi }];
  });
}

/** Of what `ip xfrm` lists: an entry begins with `src … dst …` at the margin. */
export function xfrmEntries(text: string): { source: string; destination: string; rest: string }[] {
  return [...text.matchAll(/^src (\S+) dst (\S+)(.*\n(?:\s.*\n?)*)/gm)].map(
    ([, source = '', destination = '', rest = '']) => ({ source, destination, rest }),
  );
}
