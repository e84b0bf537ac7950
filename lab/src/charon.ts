import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';
import { patience, poll } from './poll.ts';
import { runChecked, runCommand } from './run-command.ts';
import { swanctlConfiguration, type PeerConnection } from './swanctl-configuration.ts';

/** Who encrypts on the other end: strongSwan's own user-space ESP (kernel-libipsec), which works everywhere, or the kernel. */
export type PeerEsp = 'libipsec' | 'kernel';

/**
 * An unmodified charon, spoken to with swanctl: nothing of the project's own code is on this side. What makes several of
 * them behave beside each other is in DESIGN.md section 2.
 */
export class Charon {
  readonly #namespace: Namespace;
  readonly #directory: string;
  readonly #esp: PeerEsp;
  readonly #environment: NodeJS.ProcessEnv;
  #pid: number | undefined;

  /** @param environment what charon finds in its own beside the usual. */
  constructor(namespace: Namespace, directory: string, esp: PeerEsp, environment: NodeJS.ProcessEnv = {}) {
    this.#namespace = namespace;
    this.#directory = directory;
    this.#esp = esp;
    this.#environment = environment;
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  /** Starts it and waits until it answers. Its connections are empty then. */
  async start(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    await rm(this.#socket, { force: true });
    const configuration = join(this.#directory, 'strongswan.conf');
    await writeFile(configuration, strongswanConfiguration(this.#socket, this.#logFile, this.#esp));
    const start = ['unshare', '-m', 'sh', '-c', startScript, 'sh', deviceRoot, this.#directory];
    const [file = '', ...parameters] = this.#namespace.enter(start);
    const child = spawn(file, parameters, {
      env: { ...process.env, LC_ALL: 'C', STRONGSWAN_CONF: configuration, ...this.#environment },
      stdio: 'ignore',
      // As the server: an interrupted lab ends in the sweep, a kept one goes on.
      detached: true,
    });
    child.unref();
    this.#pid = child.pid;
    child.once('exit', () => (this.#pid = undefined));
    await poll(`charon of ${this.#namespace.name} answers`, () => accepts(this.#socket), Boolean, { within: 15_000 });
  }

  /** Replaces all connections, keys and children by the given ones; SAs of those unchanged stay. */
  async load(connections: readonly PeerConnection[]): Promise<void> {
    const file = join(this.#directory, 'swanctl.conf');
    await writeFile(file, swanctlConfiguration(connections), { mode: 0o600 });
    await this.#swanctl('--load-all', '--clear', '--file', file);
  }

  /** Initiates a CHILD_SA by name; false when the peer refused or stayed silent. */
  async initiate(child: string, withinSeconds = 10): Promise<boolean> {
    const timeout = String(withinSeconds * patience);
    const argv = ['swanctl', '--initiate', '--uri', this.#uri, '--child', child, '--timeout', timeout];
    return (await runCommand(argv)).code === 0;
  }

  /** Closes an IKE_SA with everything in it and tells the peer. */
  async terminate(connection: string): Promise<void> {
    await this.#swanctl('--terminate', '--ike', connection);
  }

  /** Begins to renew an IKE_SA. */
  async rekey(connection: string): Promise<void> {
    await this.#swanctl('--rekey', '--ike', connection);
  }

  /** The SAs as `swanctl --list-sas` prints them: for reading and for matching a line of it. */
  listSas(): Promise<string> {
    return this.#swanctl('--list-sas');
  }

  /** Number of installed CHILD_SAs. */
  async installedChildren(): Promise<number> {
    return (await this.listSas()).match(/, INSTALLED, /g)?.length ?? 0;
  }

  /** Ends it politely: the peers are told that their SAs are gone. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it without a word to anybody. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async log(): Promise<string> {
    return readFile(this.#logFile, 'utf8').catch(() => '');
  }

  get #socket(): string {
    return join(this.#directory, 'vici.sock');
  }

  get #uri(): string {
    return `unix://${this.#socket}`;
  }

  get #logFile(): string {
    return join(this.#directory, 'charon.log');
  }

  #swanctl(...parameters: readonly string[]): Promise<string> {
    return runChecked(['swanctl', ...parameters, '--uri', this.#uri]);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#pid === undefined) return;
    process.kill(this.#pid, signal);
    await poll(
      `charon of ${this.#namespace.name} ends`,
      () => this.#pid,
      (pid) => pid === undefined,
      { within: 15_000 },
    );
  }
}

/** Root file system of the devices' charons: another release of Debian, if need be. */
const deviceRoot = process.env['LANDBRIDGE_DEVICE_ROOT'] ?? '/';

/** With a private /run, because charon insists on one pid file a machine. Another root sees the machine's devices and its own directory. */
const startScript = `set -e
if [ "$1" != / ]; then
  mount -t tmpfs tmpfs "$1/var/lib"
  mkdir -p "$1$2"
  mount --bind "$2" "$1$2"
  mount --rbind /dev "$1/dev"
  mount --rbind /proc "$1/proc"
fi
mount -t tmpfs tmpfs "$1/run"
exec chroot "$1" /usr/lib/ipsec/charon`;

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const plugins = 'random nonce openssl kdf gmp curve25519 drbg aes sha1 sha2 md5 hmac gcm vici';
const kernelPlugins = 'kernel-netlink socket-default updown';

function strongswanConfiguration(socket: string, logFile: string, esp: PeerEsp): string {
  return `charon {
  load_modular = no
  load = ${plugins} ${esp === 'libipsec' ? 'kernel-libipsec ' : ''}${kernelPlugins}
  install_routes = no
  install_virtual_ip = no
  routing_table = 220
  routing_table_prio = 40000
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
  # One may stand for many peers of a gateway, which all negotiate with one address at once.
  dos_protection = no
  retransmit_tries = 3
  retransmit_timeout = 1
  retransmit_base = 1.5
  plugins {
    kernel-libipsec {
      allow_peer_ts = yes
    }
    vici {
      socket = unix://${socket}
    }
  }
  filelog {
    log {
      path = ${logFile}
      default = 1
      # Level 4 has the keys of the CHILD_SAs, for esp-forger.ts.
      chd = 4
      flush_line = yes
    }
  }
}
`;
}
