import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';
import { poll } from './poll.ts';

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

/**
 * VRRP on the LAN of an IDC (keepalived.conf(5)): the device whose tunnel works has the default gateway's address. A loop
 * of fping(8) looks after the tunnel ten times a second, which keepalived's own scripts cannot.
 */
export class Keepalived {
  readonly #options: KeepalivedOptions;
  readonly #children = new Set<ChildProcess>();

  constructor(options: KeepalivedOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { directory, probe } = this.#options;
    await mkdir(directory, { recursive: true });
    const file = (name: string): string => join(directory, name);
    // Of one that was killed: keepalived takes whoever has that process id now for itself.
    for (const name of ['keepalived.pid', 'vrrp.pid']) await rm(file(name), { force: true });
    await writeFile(file('tunnel'), failed);
    await writeFile(file('keepalived.conf'), keepalivedConfiguration(this.#options), { mode: 0o600 });
    this.#spawn(['sh', '-c', probeLoop, 'probe', file('tunnel'), probe.from, probe.to]);
    this.#spawn([
      'keepalived', '--dont-fork', '--vrrp', '--use-file', file('keepalived.conf'), '--pid', file('keepalived.pid'),
      '--vrrp_pid', file('vrrp.pid'), '--log-console',
    ]); // prettier-ignore
  }

  async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGTERM');
    await poll(
      `keepalived of ${this.#options.namespace.name} ends`,
      () => this.#children.size,
      (running) => running === 0,
      { within: 15_000 },
    );
  }

  #spawn(argv: readonly string[]): void {
    const [program = '', ...parameters] = this.#options.namespace.enter(argv);
    const child = spawn(program, parameters, { env: { ...process.env, LC_ALL: 'C' }, stdio: 'ignore', detached: true });
    child.unref();
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
  }
}

/** What the tracked file says: it is added to the priority. */
const failed = '-100';

/** Three answers missing in a row: failed; five in a row: works. */
const probeLoop = `said=${failed}; good=0; bad=0
while :; do
  if fping -q -c 1 -t 150 -S "$2" "$3" >&- 2>&-; then good=$((good + 1)); bad=0; else bad=$((bad + 1)); good=0; fi
  now=$said; [ $good -ge 5 ] && now=0; [ $bad -ge 3 ] && now=${failed}
  [ "$now" = "$said" ] || { said=$now; echo $said > "$1"; }
  sleep 0.1
done`;

/** Tenths of a second between adverts need VRRP version 3 (RFC 5798). */
function keepalivedConfiguration({ priority, virtualAddress, directory }: KeepalivedOptions): string {
  return `global_defs {
  vrrp_version 3
  script_user root
  vrrp_garp_master_repeat 2
}
vrrp_track_file tunnel {
  file "${join(directory, 'tunnel')}"
  weight 1
}
vrrp_instance lan {
  state BACKUP
  interface lan
  virtual_router_id 51
  priority ${priority}
  advert_int 0.1
  virtual_ipaddress {
    ${virtualAddress} dev lan
  }
  track_file {
    tunnel weight 1
  }
}
`;
}
