import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { namespaceNames, type Namespace } from '@landbridge/testbed/namespace';
import { Hopeless, poll } from '@landbridge/testbed/poll';
import { runChecked, runCommand, type CommandResult } from '@landbridge/testbed/run-command';
import type { IdcDevice } from '../idc-device.ts';
import { Lab } from '../lab.ts';
import { ownCommand } from '../own-command.ts';
import { sweepInsideHost } from '../sweep.ts';
import { gatewayAddresses, hostAddress } from '../uplink.ts';
import { connectNamespaces } from '../veth.ts';
import { fitsOutput } from './output-pattern.ts';
import type { Step } from './page-steps.ts';

const dataDirectory = '/var/lib/landbridge';
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** How long a command may take, and what is shown may take to become true. */
const within = 90_000;

/** What a reader does not read. */
const unseen = { kind: 'run', line: 0, on: null, input: '' } as const;

type Typed = Extract<Step, { readonly kind: 'run' | 'compare' | 'start' }>;

interface Service {
  readonly process: ChildProcess;
  readonly command: Extract<Step, { readonly kind: 'start' }>;
}

/**
 * The host that pages speak of, on which nothing is yet: `eth0` leads to the internet, `eth1` to a machine 10.0.1.10 of a VPC, `eth2`
 * to 10.20.1.10 of another one, `eth3` to a router. Devices of data centres come when a page sets them up.
 */
export class NewcomerHost {
  readonly #lab: Lab;
  /** The reader's own, with `landbridge` in the PATH. */
  readonly #directory: string;
  /** Of the reader's files as they were when `keepFiles` was called. */
  readonly #kept: string;
  readonly #machines: Map<string, Namespace>;
  readonly #devices = new Map<number, IdcDevice>();
  readonly #dataDirectoryWasMade: boolean;
  #service: Service | undefined;
  #starts = 0;

  private constructor(lab: Lab, machines: Map<string, Namespace>, dataDirectoryWasMade: boolean) {
    this.#lab = lab;
    this.#directory = join(lab.directory, 'newcomer');
    this.#kept = join(lab.directory, 'kept');
    this.#machines = machines;
    this.#dataDirectoryWasMade = dataDirectoryWasMade;
  }

  static async start(): Promise<NewcomerHost> {
    await sweepInsideHost();
    const lab = await Lab.start();
    await lab.internet.attach(lab.host, 'eth0', hostAddress);
    const machine = await lab.createVpcHost({ name: 'machine', label: 'eth1', subnetPrefix: '10.0.1' });
    const second = await lab.createVpcHost({ name: 'second machine', label: 'eth2', subnetPrefix: '10.20.1' });
    const router = await lab.createNode('router', { forwards: true });
    await connectNamespaces({ namespace: router, device: 'eth0' }, { namespace: lab.host, device: 'eth3' });
    lab.cables.push('eth3');
    const machines = new Map([
      ['machine', machine.namespace],
      ['second-machine', second.namespace],
      ['router', router],
    ]);
    // What an installation of this machine has there is neither seen nor touched.
    const wasMade = (await mkdir(dataDirectory, { recursive: true })) !== undefined;
    await runChecked(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'newcomer', dataDirectory]);
    const host = new NewcomerHost(lab, machines, wasMade);
    await host.#makeDirectory();
    return host;
  }

  async #makeDirectory(): Promise<void> {
    await mkdir(join(this.#directory, 'bin'), { recursive: true });
    await symlink(ownCommand, join(this.#directory, 'bin/landbridge'));
    await symlink(process.execPath, join(this.#directory, 'bin/node'));
    // What `npm install` would bring.
    await symlink(modules, join(this.#directory, 'node_modules'));
  }

  /** Does what the page says, and throws when it does not come out as the page says. */
  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'write':
        return writeFile(join(this.#directory, step.file), step.text);
      case 'run':
        return this.#succeed(step);
      case 'compare':
        return this.#compare(step);
      case 'start':
        return this.#startService(step);
      case 'scene':
        return this.#setScene(step.text);
      case 'not-run':
    }
  }

  /** What the service has written, with all of its starts. */
  async serviceLog(): Promise<string> {
    const names = (await readdir(this.#lab.directory)).filter((name) => name.startsWith('serve-'));
    return (await Promise.all(names.map((name) => readFile(join(this.#lab.directory, name), 'utf8')))).join('');
  }

  /** Pre-shared keys that were made or written. */
  async keys(): Promise<string[]> {
    const folder = join(this.#directory, 'keys');
    const names = await readdir(folder).catch(() => []);
    return Promise.all(names.map(async (name) => (await readFile(join(folder, name), 'utf8')).trim()));
  }

  /** What there is, as a site file with where the gateways are; empty while no service runs. */
  async network(): Promise<string> {
    if (this.#service === undefined) return '';
    const addresses = ['--query', 'VpnGatewaySet[].PublicIpAddress', '--output', 'json'];
    return (
      await Promise.all([
        runChecked([ownCommand, 'export'], { within }),
        runChecked([ownCommand, 'vpn', 'describe-vpn-gateways', ...addresses], { within }),
      ])
    ).join('\n');
  }

  async keepFiles(): Promise<void> {
    await rm(this.#kept, { recursive: true, force: true });
    await runChecked(['cp', '--archive', this.#directory, this.#kept]);
  }

  /** The reader's files are again as they were when they were kept; the directory stays, since the service was started in it. */
  async restoreFiles(): Promise<void> {
    await runChecked(['find', this.#directory, '-mindepth', '1', '-delete']);
    await runChecked(['cp', '--archive', `${this.#kept}/.`, this.#directory]);
  }

  /** All of it goes, and throws when something stays. */
  async stop(): Promise<void> {
    try {
      await this.#endService();
      await runChecked([ownCommand, 'remove-network', '--yes'], { within });
      const left = (await namespaceNames()).filter((name) => name.startsWith('lb-'));
      if (left.length > 0) throw new Error(`remove-network left ${left.join(', ')}`);
    } finally {
      await runChecked(['umount', dataDirectory]);
      if (this.#dataDirectoryWasMade) await rmdir(dataDirectory);
      for (const directory of [this.#directory, this.#kept]) await rm(directory, { recursive: true, force: true });
      await this.#lab.stop();
    }
  }

  #enter({ on, text }: Typed): string[] {
    const script = `cd ${this.#directory} && export PATH=$PWD/bin:$PATH\n${text}`;
    const shell = ['bash', '-e', '-o', 'pipefail', '-c', script];
    if (on === null) return shell;
    const machine = this.#machines.get(on);
    if (machine === undefined) throw new Error(`there is no ${on}: ${[...this.#machines.keys()].join(', ')}`);
    return machine.enter(shell);
  }

  async #succeed(step: Typed): Promise<void> {
    const result = await runCommand(this.#enter(step), { input: step.input, within });
    if (result.code !== 0) throw new Error(`ended with ${result.code}:\n${outputOf(result)}`);
  }

  async #compare(step: Extract<Step, { readonly kind: 'compare' }>): Promise<void> {
    if (step.expected === '') return this.#succeed(step);
    const read = async (): Promise<string> =>
      outputOf(await runCommand(this.#enter(step), { input: step.input, within }));
    const fits = (output: string): boolean => fitsOutput(output, step.expected);
    if (step.isAwaited) {
      await poll('it prints what the page shows', read, fits, { within, every: 500 });
      return;
    }
    const output = await read();
    if (!fits(output)) throw new Error(`printed\n${output}\nnot\n${step.expected}`);
  }

  async #startService(command: Service['command']): Promise<void> {
    if (this.#service !== undefined) throw new Error(`${this.#service.command.text} still runs`);
    const path = join(this.#lab.directory, `serve-${++this.#starts}.log`);
    const log = await open(path, 'a');
    const [file = '', ...parameters] = this.#enter({ ...command, text: `exec ${command.text}` });
    const child = spawn(file, parameters, { stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    this.#service = { process: child, command };
    child.once('exit', () => (this.#service = undefined));
    const read = async (): Promise<string> => {
      const text = await readFile(path, 'utf8');
      if (this.#service === undefined) throw new Hopeless(`it ended: ${text.slice(-1500)}`);
      return text;
    };
    await poll(`"${command.until}"`, read, (text) => text.includes(command.until), { within: 60_000 });
  }

  async #endService(): Promise<void> {
    this.#service?.process.kill('SIGTERM');
    const read = () => this.#service === undefined;
    await poll('the service ends', read, (isOver) => isOver, { within: 20_000 });
  }

  /** What pages say in words, done by the lab. */
  async #setScene(text: string): Promise<void> {
    const device = /^device (\d)(?: beside device (\d))? has the key (\S+) of (\S+)$/.exec(text);
    const command = this.#service?.command;
    if (device !== null) {
      const [, number, beside = number, key = '', gateway = ''] = device;
      return this.#setUpDevice(Number(number), Number(beside), key, gateway);
    }
    if (text.startsWith('$ ')) return this.#succeed({ ...unseen, text: text.slice(2) });
    if (text === 'a service runs') return this.#startService(command ?? (await this.#usualService()));
    if (text === 'the service is ended') return this.#endService();
    if (text !== 'the service is restarted') throw new Error(`the lab does not know how: ${text}`);
    if (command === undefined) throw new Error('no service runs');
    await this.#endService();
    await this.#startService(command);
  }

  /** As the first page has it. */
  async #usualService(): Promise<Service['command']> {
    const path = join(this.#directory, 'landbridge.json');
    const uplink = { mode: 'routed', interface: 'eth0', addresses: [gatewayAddresses] };
    if (!existsSync(path)) await writeFile(path, JSON.stringify({ uplink }));
    return {
      ...unseen,
      kind: 'start',
      text: 'landbridge serve --config landbridge.json',
      until: 'listening on http://',
    };
  }

  /** A strongSwan at 203.0.113.1N with the network 192.168.N.0/24 behind it, or that of the device beside it. */
  async #setUpDevice(number: number, beside: number, key: string, gateway: string): Promise<void> {
    const device = this.#devices.get(number) ?? (await this.#lab.createIdc(number, { lanPrefix: `192.168.${beside}` }));
    this.#devices.set(number, device);
    this.#machines.set(`device-${number}`, device.namespace).set(`behind-device-${number}`, device.host.namespace);
    const preSharedKey = (await readFile(join(this.#directory, key), 'utf8')).trim();
    const everything = '0.0.0.0/0';
    await device.charon.load([
      {
        ...{ name: 'cloud', localAddress: device.publicAddress, remoteAddress: await this.#addressOf(gateway) },
        ...{ preSharedKey, version: 2, aggressive: false },
        ...{ ikeProposals: 'aes256gcm16-prfsha256-ecp256', espProposals: 'aes256gcm16-ecp256' },
        children: [{ name: 'cloud-1', localTs: everything, remoteTs: everything }],
      },
    ]);
    await device.routeIntoTunnel('10.0.0.0/8', '192.168.0.0/16');
  }

  async #addressOf(gateway: string): Promise<string> {
    const query = 'VpnGatewaySet[0].PublicIpAddress';
    const words = ['--filter', `vpn-gateway-name=${gateway}`, '--query', query, '--output', 'id'];
    return (await runChecked([ownCommand, 'vpn', 'describe-vpn-gateways', ...words])).trim();
  }
}

function outputOf({ stdout, stderr }: CommandResult): string {
  return stdout + stderr;
}
