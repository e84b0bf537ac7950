import { spawn } from 'node:child_process';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '@landbridge/testbed/namespace';
import { patience, poll } from '@landbridge/testbed/poll';

export interface KeepalivedOptions {
  readonly namespace: Namespace;
  readonly directory: string;
  /** Of the two the higher one is master while its tunnel works. */
  readonly priority: number;
  /** With prefix length; the LAN's default gateway. */
  readonly virtualAddress: string;
  /** The mirror check: from this address to that one, through the tunnel. */
  readonly probe: { readonly from: string; readonly to: string };
}

/** VRRP on the LAN of an IDC (keepalived.conf(5)): the device whose tunnel works has the default gateway's address. */
export class Keepalived {
  readonly #options: KeepalivedOptions;
  readonly #pids = new Set<number>();

  constructor(options: KeepalivedOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { directory, probe } = this.#options;
    // After a power failure: a process id in a file there may be somebody else's by now.
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const file = (name: string): string => join(directory, name);
    await writeFile(file('keepalived.conf'), keepalivedConfiguration(this.#options, file('verdict')), { mode: 0o600 });
    // All of its process ids in files of its own, also of parts that do not run: it does not start where another has one of them.
    const pidFiles = ['pid', 'vrrp_pid', 'checkers_pid', 'bfd_pid'].flatMap((kind) => [`--${kind}`, file(kind)]);
    const configuration = ['--use-file', file('keepalived.conf')];
    await this.#spawn(['keepalived', '--dont-fork', '--vrrp', ...configuration, ...pidFiles, '--log-console']);
    await this.#spawn(['bash', mirrorCheck, probe.from, probe.to, file('verdict'), String(interval)]);
  }

  async stop(): Promise<void> {
    for (const pid of this.#pids) process.kill(pid, 'SIGTERM');
    await poll(
      `keepalived of ${this.#options.namespace.name} ends`,
      () => this.#pids.size,
      (count) => count === 0,
      { within: 15_000 },
    );
  }

  async #spawn(command: readonly string[]): Promise<void> {
    const [program = '', ...argv] = this.#options.namespace.enter(command);
    await using log = await open(join(this.#options.directory, `${command[0]}.log`), 'a');
    const env = { ...process.env, LC_ALL: 'C' };
    const child = spawn(program, argv, { env, stdio: ['ignore', log.fd, log.fd], detached: true });
    child.unref();
    const { pid } = child;
    if (pid === undefined) throw new Error(`${command[0]} does not start`);
    this.#pids.add(pid);
    child.once('exit', () => this.#pids.delete(pid));
  }
}

/** Seconds between two adverts, and between two looks at the tunnel. */
const interval = patience / 10;

const mirrorCheck = fileURLToPath(new URL('mirror-check.sh', import.meta.url));

/** Tenths of a second between adverts need VRRP version 3 (RFC 5798). */
function keepalivedConfiguration({ priority, virtualAddress }: KeepalivedOptions, verdict: string): string {
  return `global_defs {
  vrrp_version 3
  vrrp_garp_master_repeat 2
}
track_file tunnel {
  file "${verdict}"
  weight 1
  init_file -100 overwrite
}
vrrp_instance lan {
  state BACKUP
  interface lan
  virtual_router_id 51
  priority ${priority}
  advert_int ${interval}
  virtual_ipaddress {
    ${virtualAddress} dev lan
  }
  track_file {
    tunnel
  }
}
`;
}
