import { Cloud } from './cloud.ts';
import { Lab } from './lab.ts';
import { expectNothingLeft, takeInventory, type Inventory } from './leak-check.ts';
import { sweepInsideHost } from './sweep.ts';
import { LandbridgeServer } from './landbridge-server.ts';
import type { Tenant } from './tenant.ts';
import type { TenantMarks } from './tenant-marks.ts';
import { prepareUplink, removeUplink, type UplinkKind } from './uplink.ts';

export interface WorldOptions {
  readonly uplink?: UplinkKind;
  /** auto, kernel or uxfrm. */
  readonly dataPlane?: string;
  readonly onProgress?: (line: string) => void;
  /** More of the server's configuration file. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A lab with a Landbridge server on its host; itself the first tenant, whose key is the administrator's. */
export class World implements Tenant {
  readonly lab: Lab;
  readonly server: LandbridgeServer;
  readonly cloud: Cloud;
  readonly progress: (line: string) => void;
  readonly #uplink: UplinkKind;
  readonly #beforeResources: Inventory;
  readonly #others: Tenant[] = [];

  private constructor(lab: Lab, server: LandbridgeServer, cloud: Cloud, before: Inventory, options: WorldOptions) {
    this.lab = lab;
    this.server = server;
    this.cloud = cloud;
    this.#uplink = options.uplink ?? 'routed';
    this.#beforeResources = before;
    this.progress = options.onProgress ?? (() => undefined);
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    await sweepInsideHost();
    const { uplink = 'routed', dataPlane = 'auto' } = options;
    const lab = await Lab.start();
    await lab.internet.attach(lab.host, 'uplink', null);
    await prepareUplink(lab.host, uplink);
    const server = await LandbridgeServer.start({
      ...{ directory: lab.directory, uplink, dataPlane },
      settings: options.settings ?? {},
    });
    const cloud = new Cloud(await server.endpoint());
    return new World(lab, server, cloud, await takeInventory(), options);
  }

  /** Another account on the same server, with IDCs and VPC hosts of its own. */
  async addTenant(account: string, marks: TenantMarks): Promise<Tenant> {
    const operator = await this.server.endpoint();
    const credential = await this.cloud.createAccount(account);
    const cloud = new Cloud({ ...operator, credential }, operator);
    const tenant = { lab: this.lab.forTenant(marks), cloud, progress: this.progress };
    this.#others.push(tenant);
    return tenant;
  }

  /** The same account at another place, with IDCs and VPC hosts of its own whose inner addresses are the same. */
  addPlace(marks: TenantMarks): Tenant {
    const place = { lab: this.lab.forTenant(marks), cloud: this.cloud, progress: this.progress };
    this.#others.push(place);
    return place;
  }

  /** Deletes every resource through the API and waits until the server has taken all of it out of the network. */
  async deleteResources(): Promise<void> {
    const tenants: readonly Tenant[] = [this, ...this.#others];
    const clouds = new Set(tenants.map(({ cloud }) => cloud));
    await Promise.all([...clouds].map((cloud) => cloud.deleteAll()));
    const cables = tenants.flatMap(({ lab }) => lab.cables.map((name) => `device ${name} in lab-host`));
    const isOfServer = (item: string): boolean =>
      /(^namespace| in) (lb-|lab-host$)/.test(item) && !cables.includes(item);
    await expectNothingLeft('all resources were deleted', this.#beforeResources, {
      within: 20_000,
      except: (item) => !isOfServer(item),
    });
  }

  /** Everything, in order; throws LeakError when something stays. */
  async stop(): Promise<void> {
    try {
      await this.deleteResources();
      await this.server.stop('SIGTERM');
      await removeUplink(this.lab.host, this.#uplink);
      await this.lab.stop();
    } finally {
      await sweepInsideHost();
    }
  }
}
