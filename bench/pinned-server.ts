import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Credential } from '@landbridge/client';
import { noRateLimits } from './no-rate-limits.ts';

const command = fileURLToPath(new URL('../landbridge', import.meta.url));
const many = 1_000_000;

/** Gateways need public addresses, though no packet flows. */
const configuration = {
  logLevel: 'info',
  rateLimits: noRateLimits,
  uplink: { mode: 'routed', interface: 'bench0', addresses: ['198.18.0.0/16'] },
  quotas: Object.fromEntries(
    [
      'vpcs', 'vpcVpnGateways', 'customerGateways', 'vpnConnectionsPerVpnGateway', 'vpnConnectionsPerCustomerGateway',
      'mappingsPerVpnGateway', 'vpcsPerAccount', 'vpnGatewaysPerAccount', 'customerGatewaysPerAccount',
    ].map((name) => [name, many]),
  ), // prettier-ignore
};

/** `landbridge serve` without a data plane, on one core. */
export class PinnedServer {
  readonly url: string;
  readonly credential: Credential;
  readonly startSeconds: number;
  readonly #child: ChildProcess;

  private constructor(url: string, credential: Credential, startSeconds: number, child: ChildProcess) {
    this.url = url;
    this.credential = credential;
    this.startSeconds = startSeconds;
    this.#child = child;
  }

  /** On the data that the folder has, if it has any. Returns when it listens. */
  static async start(folder: string, core: number): Promise<PinnedServer> {
    const [config, dataDir] = [join(folder, 'landbridge.json'), join(folder, 'data')];
    await writeFile(config, JSON.stringify(configuration));
    const startedAt = performance.now();
    const options = ['--data-dir', dataDir, '--config', config, '--listen', '127.0.0.1:0', '--data-plane', 'none'];
    const child = spawn('taskset', ['-c', String(core), command, 'serve', ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const url = await listeningUrl(child);
    const credential = JSON.parse(await readFile(join(dataDir, 'admin.json'), 'utf8')) as Credential;
    return new PinnedServer(url, credential, (performance.now() - startedAt) / 1000, child);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

/** Reads on after that: the server writes a line for each call, as it does where it is used. */
function listeningUrl({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the server has no output');
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdout });
    const look = (line: string): void => {
      const url = /listening on (http:\S+)/.exec(line)?.[1];
      if (url === undefined) return;
      lines.close();
      stdout.resume();
      resolve(url);
    };
    lines.on('line', look);
    stdout.once('end', () => reject(new Error('landbridge serve ended before it listened')));
  });
}
