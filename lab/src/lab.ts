import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createHost, type Host, type HostOptions } from './host.ts';
import { IdcDevice, type IdcOptions } from './idc-device.ts';
import { createIdcSite, type IdcSite, type IdcSiteOptions } from './idc-site.ts';
import { Internet } from './internet.ts';
import { expectNothingLeft, takeInventory, type Inventory } from './leak-check.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { hostNamespaceName, temporaryPrefix } from './own-namespaces.ts';
import { poll } from '@landbridge/testbed/poll';
import { requireHostNamespace } from './sweep.ts';
import { firstTenant, type TenantMarks } from './tenant-marks.ts';
import { WireCapture } from './wire-capture.ts';

export interface VpcHostOptions {
  /** As the scenario matrix calls it, such as `VPC-1 A`. */
  readonly name: string;
  /** Part of its namespace's and its cable's name, such as `vpc1-a`; at most 9 characters. */
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
  /** Whatever else has a namespace of its own. */
  readonly #nodes: Namespace[] = [];
  /** Devices in the host's namespace that are ends of cables of this tenant. */
  readonly cables: string[] = [];
  readonly #marks: TenantMarks;
  readonly #before: Inventory;
  readonly #ends: (() => Promise<void>)[] = [];
  readonly #tenants: Lab[] = [];

  private constructor(internet: Internet, directory: string, before: Inventory, marks: TenantMarks) {
    this.#marks = marks;
    this.host = new Namespace(hostNamespaceName);
    this.internet = internet;
    this.directory = directory;
    this.#before = before;
  }

  static async start(): Promise<Lab> {
    await requireHostNamespace();
    const before = await takeInventory();
    const internet = await Internet.create();
    const directory = await mkdtemp(temporaryPrefix);
    // The service's user has to get to the data directory.
    await chmod(directory, 0o711);
    return new Lab(internet, directory, before, firstTenant);
  }

  /** The same lab for another tenant, whose nodes go when this one is stopped. */
  forTenant(marks: TenantMarks): Lab {
    const other = new Lab(this.internet, this.directory, this.#before, marks);
    this.#tenants.push(other);
    return other;
  }

  /** Name of a namespace of this tenant. */
  netns(label: string): string {
    return `lab-${this.#marks.prefix}${label}`;
  }

  /** Name of a cable of this tenant, as a device in the host's namespace. */
  cable(label: string): string {
    return `${this.#marks.prefix}${label}`;
  }

  /** Public address number n of this tenant's IDCs. */
  publicAddress(n: number): string {
    return `203.0.113.${this.#marks.publicAddresses + n}`;
  }

  /** IDC number n of docs/spec/scenarios.md section 0, or one with other addresses. */
  async createIdc(n: number, addresses: Partial<Omit<IdcOptions, 'directory'>> = {}): Promise<IdcDevice> {
    const options = { ...this.#siteOptions(n), directory: this.directory, ...addresses };
    const idc = await IdcDevice.create(this.internet, options);
    this.idcs.push(idc);
    return idc;
  }

  /** The place of IDC number n with no device in it; whatever is started there ends by `onStop`. */
  async createSite(n: number): Promise<IdcSite> {
    const site = await createIdcSite(this.internet, this.#siteOptions(n));
    this.#nodes.push(site.namespace, site.host.namespace);
    return site;
  }

  #siteOptions(n: number): IdcSiteOptions {
    return {
      name: `IDC-${n}`,
      netns: this.netns(`idc${n}`),
      publicAddress: this.publicAddress(n),
      lanPrefix: `192.168.${n}`,
      canary: this.#marks.canary,
    };
  }

  /** A computer of the lab; its namespace goes with the lab. */
  async createHost(options: Omit<HostOptions, 'canary'>): Promise<Host> {
    const host = await createHost({ ...options, canary: this.#marks.canary });
    this.#nodes.push(host.namespace);
    return host;
  }

  /** A computer whose cable ends in the host's namespace, ready for AttachSubnetInterface. */
  createVpcHost({ name, label, subnetPrefix }: VpcHostOptions): Promise<Host> {
    const cable = this.cable(label);
    this.cables.push(cable);
    return this.createHost({
      name,
      netns: this.netns(label),
      address: `${subnetPrefix}.10/24`,
      gateway: `${subnetPrefix}.1`,
      far: { namespace: this.host, device: cable },
    });
  }

  /** Somebody else on the internet, with addresses of the inner networks for himself. */
  async createStranger(publicAddress: string, ...innerAddresses: readonly string[]): Promise<Namespace> {
    const namespace = await this.createNode('stranger');
    await this.internet.attach(namespace, 'wan', publicAddress);
    await namespace.ip(...innerAddresses.map((address) => `address add ${address}/32 dev lo`));
    return namespace;
  }

  /** A namespace that goes with the lab. */
  async createNode(label: string, options: { readonly forwards?: boolean } = {}): Promise<Namespace> {
    const namespace = await Namespace.create(this.netns(label), options);
    this.#nodes.push(namespace);
    return namespace;
  }

  capture(): Promise<WireCapture> {
    return WireCapture.start(this.internet, this.directory);
  }

  /** Called once, before the IDCs are stopped. */
  onStop(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  /** Stops and removes whatever tenants have made in the lab. */
  async removeNodes(): Promise<void> {
    await Promise.all(this.#tenants.map((other) => other.removeNodes()));
    for (const end of this.#ends.splice(0)) await end();
    await Promise.all(this.idcs.splice(0).map((idc) => idc.stop()));
    await Promise.all(this.#nodes.splice(0).map((namespace) => namespace.delete()));
    await this.#waitUntilGone(this.cables.splice(0));
    // The next nodes with these addresses have other hardware addresses.
    // A device that goes meanwhile ends the command early.
    await poll(
      'neighbours are forgotten',
      async () => (await this.host.run(['ip', 'neighbour', 'flush', 'all'])).code,
      (code) => code === 0,
      { within: 5000 },
    );
  }

  /** The kernel takes a namespace's devices, and the other ends of its cables, some time after `ip netns delete` has returned. */
  async #waitUntilGone(cables: readonly string[]): Promise<void> {
    const left = async () => (await this.host.ipJson('link', 'show')).map(({ ifname }) => ifname);
    await poll('the cables are gone', left, (devices) => !cables.some((cable) => devices.includes(cable)), { within: 10_000 }); // prettier-ignore
  }

  /** Removes all of it, politely, and throws LeakError when anything is left that was not there before `start`. */
  async stop(): Promise<void> {
    await this.removeNodes();
    await this.internet[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
    await expectNothingLeft('the lab was taken down', this.#before);
  }
}
