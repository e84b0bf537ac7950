import { mkdtemp, rm } from 'node:fs/promises';
import { createHost, type Host } from './host.ts';
import { IdcDevice, type IdcOptions } from './idc-device.ts';
import { Internet } from './internet.ts';
import { expectNothingLeft, takeInventory, type Inventory } from './leak-check.ts';
import { Namespace } from './namespace.ts';
import { hostNamespaceName, temporaryPrefix } from './own-namespaces.ts';
import { requireHostNamespace } from './sweep.ts';
import { WireCapture } from './wire-capture.ts';

export interface VpcHostOptions {
  /** As the scenario matrix calls it, such as `VPC-1 A`. */
  readonly name: string;
  /** Part of its namespace's and its host interface's name, such as `vpc1-a`; at most 11 characters. */
  readonly label: string;
  /** First three bytes of the subnet, such as `10.0.1`; the host is .10 and its gateway .1. */
  readonly subnetPrefix: string;
}

/**
 * The world around a Landbridge server: an internet, IDCs, and computers whose cables end in the host's namespace. Runs inside
 * `lab-host` (enter-host-namespace.ts), which is the server's machine.
 */
export class Lab {
  readonly host: Namespace;
  readonly internet: Internet;
  /** Temporary directory for configuration, sockets and logs. */
  readonly directory: string;
  readonly idcs: IdcDevice[] = [];
  readonly vpcHosts: Host[] = [];
  readonly #strangers: Namespace[] = [];
  /** Router and hosts of data centres on dedicated lines. */
  readonly dcNodes: Namespace[] = [];
  readonly #before: Inventory;
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(internet: Internet, directory: string, before: Inventory) {
    this.host = new Namespace(hostNamespaceName);
    this.internet = internet;
    this.directory = directory;
    this.#before = before;
  }

  static async start(): Promise<Lab> {
    await requireHostNamespace();
    const before = await takeInventory();
    const internet = await Internet.create();
    return new Lab(internet, await mkdtemp(temporaryPrefix), before);
  }

  /** IDC number n of spec/scenarios.md section 0, or one with other addresses. */
  async createIdc(n: number, addresses: Partial<Omit<IdcOptions, 'directory'>> = {}): Promise<IdcDevice> {
    const idc = await IdcDevice.create(this.internet, {
      name: `IDC-${n}`,
      netns: `lab-idc${n}`,
      publicAddress: `203.0.113.${10 + n}`,
      lanPrefix: `192.168.${n}`,
      directory: this.directory,
      ...addresses,
    });
    this.idcs.push(idc);
    return idc;
  }

  /** A computer whose cable ends as interface `label` in the host's namespace, ready for AttachSubnetInterface. */
  async createVpcHost({ name, label, subnetPrefix }: VpcHostOptions): Promise<Host> {
    const host = await createHost({
      name,
      netns: `lab-${label}`,
      address: `${subnetPrefix}.10/24`,
      gateway: `${subnetPrefix}.1`,
      far: { namespace: this.host, device: label },
    });
    this.vpcHosts.push(host);
    return host;
  }

  /** Somebody else on the internet, with addresses of the inner networks for himself. */
  async createStranger(publicAddress: string, ...innerAddresses: readonly string[]): Promise<Namespace> {
    const namespace = await Namespace.create('lab-stranger');
    this.#strangers.push(namespace);
    await this.internet.attach(namespace, 'wan', publicAddress);
    await namespace.ip(...innerAddresses.map((address) => `address add ${address}/32 dev lo`));
    return namespace;
  }

  capture(): Promise<WireCapture> {
    return WireCapture.start(this.internet, this.directory);
  }

  /** Called before the IDCs are stopped. */
  onStop(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  /** Removes all of it, politely, and throws LeakError when anything is left that was not there before `start`. */
  async stop(): Promise<void> {
    for (const end of this.#ends) await end();
    await Promise.all(this.idcs.map((idc) => idc.stop()));
    const others = [...this.vpcHosts.map(({ namespace }) => namespace), ...this.dcNodes, ...this.#strangers];
    await Promise.all(others.map((namespace) => namespace.delete()));
    await this.internet[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
    await expectNothingLeft('the lab was taken down', this.#before);
  }
}
