import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { IpAddress } from '@landbridge/net';
import type { Arrival } from '@landbridge/server/simulation/world';
import type { Namespace } from '@landbridge/testbed/namespace';
import type { NodeRequest } from './packet-node.ts';

export interface ProbeNodeOptions {
  /** What the model calls it. */
  readonly place: Arrival;
  readonly namespace: Namespace;
  /** Addresses that it sends from. */
  readonly sources: readonly IpAddress[];
  /** Destinations that are its own: a packet for them would not leave. */
  readonly isOwn: (destination: IpAddress) => boolean;
}

/** A place in the network that sends probes and knows which ones arrived. */
export class ProbeNode {
  readonly options: ProbeNodeOptions;
  readonly #child: ChildProcess;
  readonly #ended = new AbortController();

  private constructor(options: ProbeNodeOptions, child: ChildProcess) {
    this.options = options;
    this.#child = child;
    child.once('exit', () => this.#ended.abort(new Error(`the node at ${options.place} ended`)));
  }

  static async start(options: ProbeNodeOptions): Promise<ProbeNode> {
    // Ranges overlap: the sender may have an address that a host here has as well.
    await options.namespace.sysctl({ 'net.ipv4.conf.all.accept_local': '1' });
    const script = fileURLToPath(new URL('packet-node.ts', import.meta.url));
    const [file = '', ...argv] = options.namespace.enter([process.execPath, script]);
    const child = spawn(file, argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const node = new ProbeNode(options, child);
    await node.#answer();
    return node;
  }

  /** Texts of the probes that arrived here; empty for other requests. */
  async ask(request: NodeRequest): Promise<readonly string[]> {
    const answer = this.#answer();
    this.#child.send(request);
    return answer;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
    await this.options.namespace.delete();
  }

  async #answer(): Promise<readonly string[]> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(60_000)]);
    const [texts] = (await once(this.#child, 'message', { signal })) as [readonly string[]];
    return texts;
  }
}
