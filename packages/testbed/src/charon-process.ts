import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Hopeless, poll } from './poll.ts';

/** Who encrypts: strongSwan's own user-space ESP (kernel-libipsec), which works everywhere, or the kernel. */
export type CharonEsp = 'libipsec' | 'kernel';

export interface CharonOptions {
  /** For errors. */
  readonly name: string;
  /** Made if need be; has charon's configuration, vici socket and log. Short: a unix socket's path ends at 107 bytes. */
  readonly directory: string;
  readonly esp: CharonEsp;
  /** The same command, run where charon shall live: in its network namespace. */
  readonly enter: (argv: readonly string[]) => readonly string[];
  /** Lines of the section `charon` of strongswan.conf(5), beside those that let several run on one machine. */
  readonly settings?: readonly string[];
  /** What charon finds in its environment beside the usual. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Its root file system: another release of Debian, if need be. */
  readonly root?: string;
  /** Goes on when this process ends; otherwise it dies with it. */
  readonly outlivesUs?: boolean;
}

/** The distribution's charon, unmodified, with a /run of its own. Needs root. Whoever speaks to it brings a vici client or swanctl. */
export class CharonProcess {
  readonly socket: string;
  readonly #options: CharonOptions;
  /** Each line is there at once. */
  readonly logFile: string;
  #pid: number | undefined;

  constructor(options: CharonOptions) {
    this.#options = options;
    this.socket = join(options.directory, 'vici.sock');
    this.logFile = join(options.directory, 'charon.log');
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  /** Starts it and waits until it answers. Its connections are empty then. */
  async start(): Promise<void> {
    const {
      name,
      directory,
      esp,
      enter,
      settings = [],
      environment = {},
      root = '/',
      outlivesUs = false,
    } = this.#options;
    await mkdir(directory, { recursive: true });
    await rm(this.socket, { force: true });
    const configuration = join(directory, 'strongswan.conf');
    await writeFile(configuration, strongswanConfiguration(this.socket, this.logFile, esp, settings));
    const start = ['unshare', '--mount', 'sh', '-c', startScript, 'sh', root, directory, outlivesUs ? '' : dieWithUs];
    const [file = '', ...parameters] = enter(start);
    // Each of these programs becomes the next by exec: the process id is charon's from the start.
    const child = spawn(file, parameters, {
      env: { ...process.env, LC_ALL: 'C', STRONGSWAN_CONF: configuration, ...environment },
      stdio: 'ignore',
      detached: outlivesUs,
    });
    if (outlivesUs) child.unref();
    this.#pid = child.pid;
    let hasEnded = false;
    child.once('error', () => (hasEnded = true));
    child.once('exit', () => {
      hasEnded = true;
      if (this.#pid === child.pid) this.#pid = undefined;
    });
    const answers = async () => {
      if (hasEnded) throw new Hopeless(`charon of ${name} ended:\n${await this.log()}`);
      return accepts(this.socket);
    };
    await poll(`charon of ${name} answers`, answers, Boolean, { within: 15_000 });
  }

  /** SIGTERM: its peers are told that their SAs are gone, in so many milliseconds. SIGKILL: without a word to anybody. */
  async end(signal: 'SIGTERM' | 'SIGKILL', within = 15_000): Promise<void> {
    const pid = this.#pid;
    if (pid === undefined) return;
    process.kill(pid, signal);
    const isGone = (current: number | undefined) => current !== pid;
    await poll(`charon of ${this.#options.name} ends`, () => this.#pid, isGone, { within });
  }

  async log(): Promise<string> {
    return readFile(this.logFile, 'utf8').catch(() => '');
  }
}

const dieWithUs = 'setpriv --pdeathsig KILL';

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
exec $3 chroot "$1" /usr/lib/ipsec/charon`;

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

function strongswanConfiguration(socket: string, logFile: string, esp: CharonEsp, settings: readonly string[]): string {
  return `charon {
  load_modular = no
  load = ${plugins} ${esp === 'libipsec' ? 'kernel-libipsec ' : ''}${kernelPlugins}
  install_routes = no
  install_virtual_ip = no
  routing_table = 220
  routing_table_prio = 40000
${settings.map((line) => `  ${line}\n`).join('')}  plugins {
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
      # Level 4 has the keys of the CHILD_SAs, for forged ESP.
      chd = 4
      flush_line = yes
    }
  }
}
`;
}
