import { runChecked, runCommand, type CommandOptions, type CommandResult } from './run-command.ts';

/** One network namespace, by its name below /run/netns. */
export class Namespace implements AsyncDisposable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Makes it with the loopback up, IPv4 only, and nothing inherited from the machine's own settings. */
  static async create(name: string, options: { readonly forwards?: boolean } = {}): Promise<Namespace> {
    await runChecked(['ip', 'netns', 'add', name]);
    const namespace = new Namespace(name);
    await namespace.ip('link set lo up');
    await namespace.sysctl({
      'net.ipv4.ip_forward': options.forwards === true ? '1' : '0',
      'net.ipv4.conf.all.rp_filter': '0',
      'net.ipv4.conf.default.rp_filter': '0',
      'net.ipv6.conf.all.disable_ipv6': '1',
      'net.ipv6.conf.default.disable_ipv6': '1',
    });
    return namespace;
  }

  /** The same command, run inside. Mounts stay the caller's, unlike with `ip netns exec`. */
  enter(argv: readonly string[]): string[] {
    return ['nsenter', `--net=/run/netns/${this.name}`, '--', ...argv];
  }

  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return runCommand(this.enter(argv), options);
  }

  runChecked(argv: readonly string[], options?: CommandOptions): Promise<string> {
    return runChecked(this.enter(argv), options);
  }

  /** Runs lines of ip(8) in one batch. */
  async ip(...lines: readonly string[]): Promise<void> {
    await runChecked(['ip', '-n', this.name, '-batch', '-'], { input: lines.join('\n') + '\n' });
  }

  /** Parsed answer of `ip -json …`. */
  async ipJson(...parameters: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const text = await runChecked(['ip', '-n', this.name, '-json', '-details', '-statistics', ...parameters]);
    return JSON.parse(text.trim() || '[]') as Readonly<Record<string, unknown>>[];
  }

  async sysctl(values: Readonly<Record<string, string>>): Promise<void> {
    await this.runChecked(['sysctl', '-q', ...Object.entries(values).map(([name, value]) => `${name}=${value}`)]);
  }

  /** Ids of the processes inside. */
  async pids(): Promise<number[]> {
    const { stdout } = await runCommand(['ip', 'netns', 'pids', this.name]);
    return stdout.split('\n').filter(Boolean).map(Number);
  }

  async exists(): Promise<boolean> {
    return (await namespaceNames()).includes(this.name);
  }

  async delete(): Promise<void> {
    await runChecked(['ip', 'netns', 'delete', this.name]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.delete();
  }
}

/** Names of all namespaces of the machine. */
export async function namespaceNames(): Promise<string[]> {
  const text = await runChecked(['ip', '-json', 'netns', 'list']);
  return (JSON.parse(text.trim() || '[]') as { readonly name: string }[]).map(({ name }) => name);
}
