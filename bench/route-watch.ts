import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';

/** A change of a gateway's route table as the kernel announced it. */
export interface RouteChange {
  readonly kind: 'added' | 'deleted';
  readonly destination: string;
  /** As performance.now() counts. */
  readonly atMs: number;
}

/** Of a gateway's routes (docs/ARCHITECTURE.md, "The network"). */
const gatewayTable = '100';

/** Listens to what the kernel says about the route table of a gateway, with ip-monitor(8). */
export class RouteWatch implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #namespace: Namespace;
  #changes: RouteChange[] = [];
  #hasSpoken = false;

  private constructor(gatewayId: string) {
    this.#namespace = new Namespace(`lb-${gatewayId}`);
    const child = spawn('ip', ['-n', this.#namespace.name, '-4', 'monitor', 'route'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#hasSpoken = true;
      const change = parseChange(line, performance.now());
      if (change !== undefined) this.#changes.push(change);
    });
    this.#child = child;
  }

  static async start(gatewayId: string): Promise<RouteWatch> {
    const watch = new RouteWatch(gatewayId);
    await poll('ip monitor listens', () => watch.#provoke(), Boolean, { within: 10_000 });
    return watch;
  }

  get changes(): readonly RouteChange[] {
    return this.#changes;
  }

  forget(): void {
    this.#changes = [];
  }

  /** When the last of `count` changes came that fit. */
  async waitFor(isWanted: (change: RouteChange) => boolean, count = 1): Promise<number> {
    const found = await poll(
      `${count} changes of the route table`,
      () => this.#changes.filter(isWanted),
      (changes) => changes.length >= count,
      { within: 90_000, every: 5 },
    );
    return found[count - 1]?.atMs ?? NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** A route that no packet finds comes and goes. */
  async #provoke(): Promise<boolean> {
    const route = 'blackhole 192.0.2.1 table 99';
    await this.#namespace.ip(`route replace ${route}`, `route delete ${route}`);
    return this.#hasSpoken;
  }
}

/** `Deleted 10.1.0.0/24 dev vpnx-… table 100 proto 76 metric 1`. */
function parseChange(line: string, atMs: number): RouteChange | undefined {
  const words = line.trim().split(/\s+/);
  const kind = words[0] === 'Deleted' ? 'deleted' : 'added';
  if (kind === 'deleted') words.shift();
  const [destination = ''] = words;
  return words[words.indexOf('table') + 1] === gatewayTable ? { kind, destination, atMs } : undefined;
}
