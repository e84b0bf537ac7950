import { Daemon } from './daemon.ts';
import type { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';
import type { PrivateFiles } from './private-files.ts';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import type { StockDevice, StockFiles } from './stock-device.ts';

/** Debian's Libreswan, started as its systemd unit does it. Needs a kernel with ESP. */
export class Libreswan implements StockDevice {
  readonly #namespace: Namespace;
  readonly #files: PrivateFiles;
  readonly #pluto: Daemon;

  constructor(namespace: Namespace, files: PrivateFiles, directory: string) {
    this.#namespace = namespace;
    this.#files = files;
    this.#pluto = new Daemon(`pluto of ${namespace.name}`, `${directory}/${namespace.name}-pluto.log`);
  }

  configure(files: StockFiles): Promise<void> {
    return this.#files.write(files);
  }

  async start(): Promise<void> {
    await this.#run('mkdir', '-p', '/run/pluto', '/var/lib/ipsec/nss');
    await this.#run('/usr/libexec/ipsec/addconn', '--config', '/etc/ipsec.conf', '--checkconfig');
    await this.#run('ipsec', '--checknss');
    await this.#pluto.start(
      this.#files.enter(['/usr/libexec/ipsec/pluto', '--config', '/etc/ipsec.conf', '--nofork', '--stderrlog']),
    );
    await poll(
      `pluto of ${this.#namespace.name} has read its configuration`,
      () => this.#pluto.log(),
      (log) => log.includes('loading secrets from "/etc/ipsec.d'),
      { within: 30_000 },
    );
  }

  /** Renews its IKE_SA or the CHILD_SAs at once. By IKEv2 only: by IKEv1 it cannot be forced. */
  async rekey(what: 'ike' | 'child'): Promise<void> {
    const flag = what === 'ike' ? '--rekey-ike' : '--rekey-ipsec';
    // The IKE_SA belongs to one of them; asked of another, it says that there is none.
    for (const name of await this.#connections()) await this.#run('ipsec', 'whack', flag, '--name', name);
  }

  /** Takes another pre-shared key for all connections; SAs that there are stay. */
  async changeKey(preSharedKey: string): Promise<void> {
    await this.#files.write({ '/etc/ipsec.d/cloud.secrets': `: PSK "${preSharedKey}"\n` });
    await this.#run('ipsec', 'whack', '--rereadsecrets');
  }

  log(): Promise<string> {
    return this.#pluto.log();
  }

  /** Ends it politely: the peer is told. */
  async stop(): Promise<void> {
    if (this.#pluto.runs) await this.#run('ipsec', 'whack', '--shutdown');
    await this.#pluto.ended();
    await this.#flush();
  }

  /** Ends it without a word to anybody. */
  async kill(): Promise<void> {
    // nsenter became pluto, so this ends the daemon itself.
    await this.#pluto.end('SIGKILL');
    await this.#run('rm', '-f', '/run/pluto/pluto.pid', '/run/pluto/pluto.ctl');
    await this.#flush();
  }

  /** As the unit does after every end of the daemon. */
  async #flush(): Promise<void> {
    await this.#namespace.ip('xfrm policy flush', 'xfrm state flush');
  }

  /** The examples' `cloud`; with several ranges `cloud/0x1`, `cloud/0x2`. */
  async #connections(): Promise<string[]> {
    const { stdout } = await runCommand(this.#files.enter(['ipsec', 'trafficstatus']));
    return [...new Set([...stdout.matchAll(/"(cloud[^"]*)"/g)].map(([, name = '']) => name))].sort();
  }

  #run(...argv: readonly string[]): Promise<string> {
    return runChecked(this.#files.enter(argv));
  }
}
