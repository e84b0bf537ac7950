/**
 * Test support: the distribution's charon in a network and mount namespace of its own, with its own vici socket,
 * configuration and log in a temporary folder. Needs root. Everything is gone with the process.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectCharon } from './charon.ts';
import type { Charon } from './charon.ts';
import { ViciClosedError } from './errors.ts';

/** Debian's path; kernel-libipsec moves ESP in user space, so that no kernel XFRM is needed. */
const CHARON = '/usr/lib/ipsec/charon';
const PLUGINS =
  'random nonce openssl kdf gmp curve25519 drbg aes sha1 sha2 md5 hmac gcm vici kernel-libipsec kernel-netlink socket-default updown';

export class RealCharon implements AsyncDisposable {
  readonly pid: number;
  readonly socketPath: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, process: ChildProcess, pid: number) {
    this.#folder = folder;
    this.#process = process;
    this.pid = pid;
    this.socketPath = join(folder, 'v');
  }

  /** Starts charon and gives it back when its vici socket answers. */
  static async start(): Promise<RealCharon> {
    const folder = mkdtempSync('/tmp/vici-');
    const configuration = join(folder, 'strongswan.conf');
    writeFileSync(
      configuration,
      `charon {
        load_modular = no
        load = ${PLUGINS}
        install_routes = no
        retransmit_timeout = 0.5
        delete_rekeyed_delay = 1
        plugins { vici { socket = unix://${folder}/v } }
        filelog { log { path = ${folder}/log
            default = 1
            flush_line = yes } }
      }`,
    );
    // unshare, sh and setpriv become charon by exec, so the pid is charon's from the start; it dies with the test.
    const script = `mount -t tmpfs tmpfs /run && ip link set lo up && exec setpriv --pdeathsig KILL ${CHARON}`;
    const child = spawn('unshare', ['--net', '--mount', 'sh', '-c', script], {
      env: { PATH: process.env['PATH'], STRONGSWAN_CONF: configuration },
      stdio: 'ignore',
    });
    await once(child, 'spawn');
    if (child.pid === undefined) throw new Error('charon has no pid');
    const charon = new RealCharon(folder, child, child.pid);
    try {
      (await charon.connect()).close();
    } catch (error) {
      const log = charon.readLog();
      await charon[Symbol.asyncDispose]();
      throw new Error(`charon did not start:\n${log}`, { cause: error });
    }
    return charon;
  }

  /** Connects, trying again while charon is still starting. */
  async connect(): Promise<Charon> {
    return poll('the vici socket', () =>
      connectCharon(this.socketPath).catch((error: unknown) => {
        if (error instanceof ViciClosedError && this.#process.exitCode === null) return undefined;
        throw error;
      }),
    );
  }

  readLog(): string {
    try {
      return readFileSync(join(this.#folder, 'log'), 'utf8');
    } catch {
      return '(no log)';
    }
  }

  /** Runs a command in charon's network namespace. */
  run(command: string, ...args: readonly string[]): string {
    return execFileSync('nsenter', ['-t', this.pid.toString(), '-n', command, ...args], { encoding: 'utf8' });
  }

  /** Joins the namespaces of two charons by a cable with an address at each end. */
  static connectCable(a: RealCharon, addressA: string, b: RealCharon, addressB: string): void {
    const [netnsA, netnsB] = [a.pid.toString(), b.pid.toString()];
    const cable = ['link', 'add', 'cable', 'netns', netnsA, 'type', 'veth', 'peer', 'name', 'cable', 'netns', netnsB];
    execFileSync('ip', cable);
    for (const [end, address] of [[a, addressA] as const, [b, addressB] as const]) {
      end.run('ip', 'address', 'add', address, 'dev', 'cable');
      end.run('ip', 'link', 'set', 'cable', 'up');
    }
  }

  /** Ends the process this object started, and waits for its end. */
  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Asks again every 10 ms until the answer is not undefined; gives up after 10 s. */
export async function poll<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`still waiting for ${what}`);
    await pause(10);
  }
}
