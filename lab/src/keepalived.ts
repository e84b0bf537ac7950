import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';
import { patience, poll } from './poll.ts';

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
  #pid: number | undefined;

  constructor(options: KeepalivedOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { namespace, directory } = this.#options;
    await mkdir(directory, { recursive: true });
    const file = (name: string): string => join(directory, name);
    await writeFile(file('keepalived.conf'), keepalivedConfiguration(this.#options), { mode: 0o600 });
    const [program = '', ...argv] = namespace.enter([
      'keepalived', '--dont-fork', '--vrrp', '--use-file', file('keepalived.conf'), '--pid', file('keepalived.pid'),
      '--vrrp_pid', file('vrrp.pid'), '--log-console',
    ]); // prettier-ignore
    const child = spawn(program, argv, { env: { ...process.env, LC_ALL: 'C' }, stdio: 'ignore', detached: true });
    child.unref();
    this.#pid = child.pid;
    child.once('exit', () => (this.#pid = undefined));
  }

  async stop(): Promise<void> {
    if (this.#pid === undefined) return;
    process.kill(this.#pid, 'SIGTERM');
    await poll(
      `keepalived of ${this.#options.namespace.name} ends`,
      () => this.#pid,
      (pid) => pid === undefined,
      { within: 15_000 },
    );
  }
}

/** Seconds between two looks at the tunnel. */
const interval = Math.ceil(patience / 4);

/** Tenths of a second between adverts need VRRP version 3 (RFC 5798). */
function keepalivedConfiguration({ priority, virtualAddress, probe }: KeepalivedOptions): string {
  return `global_defs {
  vrrp_version 3
  script_user root
  vrrp_garp_master_repeat 2
}
vrrp_script tunnel {
  script "/usr/bin/fping -q -c 1 -t ${300 * interval} -S ${probe.from} ${probe.to}"
  interval ${interval}
  timeout ${interval}
  fall 2
  rise 2
  weight -100
  init_fail
}
vrrp_instance lan {
  state BACKUP
  interface lan
  virtual_router_id 51
  priority ${priority}
  advert_int ${0.1 * interval}
  virtual_ipaddress {
    ${virtualAddress} dev lan
  }
  track_script {
    tunnel
  }
}
`;
}
