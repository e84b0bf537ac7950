import { mkdir, open, readFile } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiEndpoint } from '@landbridge/client';
import type { Namespace } from '@landbridge/testbed/namespace';
import { Hopeless, poll } from '@landbridge/testbed/poll';
import { runChecked, runCommand, type CommandResult } from '@landbridge/testbed/run-command';
import { PrivateFiles } from './private-files.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const url = 'http://127.0.0.1:9700';

/** The lab's host with files of its own, on which the service can be installed as `make install` does, run and taken off again. */
export class InstalledMachine {
  readonly #files: PrivateFiles;
  readonly #directory: string;
  #server: ChildProcess | null = null;

  private constructor(files: PrivateFiles, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  /** @param directory for what is said. */
  static async start(host: Namespace, directory: string): Promise<InstalledMachine> {
    const nothing = join(directory, 'no-packages');
    for (const folder of ['usr', 'etc']) await mkdir(join(nothing, folder), { recursive: true });
    const machine = new InstalledMachine(await PrivateFiles.mount(host, nothing), directory);
    await machine.run(['mount', '-t', 'tmpfs', 'tmpfs', '/usr/local']);
    await machine.run(['mount', '-t', 'tmpfs', 'tmpfs', '/var/cache']);
    await machine.run(['mkdir', '/usr/local/bin', '/usr/local/lib']);
    return machine;
  }

  run(argv: readonly string[], within = 60_000): Promise<string> {
    return runChecked(this.#files.enter(argv), { within });
  }

  /** `landbridge …` as it is installed. */
  command(...parameters: readonly string[]): Promise<CommandResult> {
    return runCommand(this.#files.enter(['/usr/local/bin/landbridge', ...parameters]), { within: 120_000 });
  }

  async install(configuration: object): Promise<void> {
    await this.run([join(checkout, 'scripts/install-files'), '', '/usr/local'], 120_000);
    await this.#files.write({ '/etc/landbridge/landbridge.json': JSON.stringify(configuration) });
  }

  /** Returns when the API listens. */
  async serve(): Promise<ApiEndpoint> {
    const path = join(this.#directory, 'installed.log');
    const log = await open(path, 'w');
    const argv = ['/usr/local/bin/landbridge', 'serve', '--config', '/etc/landbridge/landbridge.json'];
    const [file = '', ...parameters] = this.#files.enter(argv);
    const server = spawn(file, parameters, { stdio: ['ignore', log.fd, log.fd] });
    this.#server = server;
    await log.close();
    await poll(
      'the installed service listens',
      async () => {
        const text = await readFile(path, 'utf8');
        if (server.exitCode !== null) throw new Hopeless(`it ended: ${text.slice(-1500)}`);
        return text;
      },
      (text) => text.includes('listening on http://'),
      { within: 60_000 },
    );
    const key = JSON.parse(await this.run(['cat', '/var/lib/landbridge/admin.json'])) as ApiEndpoint['credential'];
    return { url, credential: key };
  }

  /** Gateways go on. */
  async end(): Promise<void> {
    const server = this.#server;
    if (server?.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    await gone;
  }

  /** What a host is, as far as an installation could change it: one line each. */
  async inventory(): Promise<string[]> {
    const text = await this.run(['bash', '-c', inventoryScript]);
    return text.split('\n').filter(Boolean);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.#files.unmount();
  }
}

/** /run/netns is iproute2's as much as ours: whoever makes the first namespace makes it, and nobody removes it. */
const inventoryScript = `set -e
find /etc /usr/local /var/lib /var/cache /run -path /run/etc -prune -o ! -path /run/netns -printf 'file %p %y %m %u:%g\\n' | sort
sed 's/^/passwd /' /etc/passwd /etc/group
ip -brief link show | awk '{ print "link", $1, $2 }'
ip -brief address show | sed 's/^/address /'
ip route show table all | sed 's/^/route /'
ip -6 route show table all | sed 's/^/route6 /'
ip rule show | sed 's/^/rule /'
ip neighbour show proxy | sed 's/^/proxy /'
ip neighbour show nud permanent | sed 's/^/neighbour /'
tc qdisc show | sed 's/^/qdisc /'
nft list ruleset | sed 's/^/nft /'
ls /run/netns 2> /dev/null | sed 's/^/namespace /'
sysctl --all 2> /dev/null | grep -E '^net\\.(ipv4|ipv6|bridge|core)\\.' | sed 's/^/sysctl /'
ps -eo comm=,args= | grep -E '^(uxfrm|uxprobe|netnsd|tcpdump) |/usr/local/lib/landbridge' | grep -v grep | sed 's/^/process /' || true
grep -lsz ^LANDBRIDGE_DAEMON= /proc/[0-9]*/environ | sed 's/^/daemon /' || true
`;
