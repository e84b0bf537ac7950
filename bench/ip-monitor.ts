import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';

export interface IpMonitorOptions<Change> {
  readonly gatewayId: string;
  /** As ip-monitor(8) calls it. */
  readonly object: 'route' | 'link';
  /** Undefined: a line about something else. */
  readonly parse: (line: string, atMs: number) => Change | undefined;
}

/** Listens to what the kernel says about a gateway's namespace, with ip-monitor(8). */
export class IpMonitor<Change extends { readonly atMs: number }> implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #namespace: Namespace;
  #changes: Change[] = [];
  #hasSpoken = false;

  private constructor({ gatewayId, object, parse }: IpMonitorOptions<Change>) {
    this.#namespace = new Namespace(`lb-${gatewayId}`);
    const child = spawn('ip', ['-n', this.#namespace.name, '-4', '-oneline', 'monitor', object], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#hasSpoken = true;
      const change = parse(line, performance.now());
      if (change !== undefined) this.#changes.push(change);
    });
    this.#child = child;
  }

  static async start<Change extends { readonly atMs: number }>(
    options: IpMonitorOptions<Change>,
  ): Promise<IpMonitor<Change>> {
    const monitor = new IpMonitor(options);
    await poll('ip monitor listens', () => monitor.#provoke(provocations[options.object]), Boolean, { within: 10_000 });
    return monitor;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  forget(): void {
    this.#changes = [];
  }

  /** When the last of `count` changes came that fit, as performance.now() counts. */
  async waitFor(isWanted: (change: Change) => boolean, count = 1): Promise<number> {
    const found = await poll(
      `${count} changes that the kernel announces`,
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

  async #provoke(lines: readonly string[]): Promise<boolean> {
    await this.#namespace.ip(...lines);
    return this.#hasSpoken;
  }
}

/** What comes and goes and is in nobody's way: a route that no packet finds, a device that nothing leads to. */
const provocations = {
  route: ['route replace blackhole 192.0.2.1 table 99', 'route delete blackhole 192.0.2.1 table 99'],
  link: ['link add bench0 type veth peer name bench1', 'link delete bench0'],
} as const;
