import type { AddressInfo } from 'node:net';
import { problemOfReply } from '@landbridge/catalogue/reply-check';
import { serviceVersions } from '@landbridge/catalogue/service-versions';
import { monitor } from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/index.js';
import { sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import { tag } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/index.js';
import { vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/index.js';
import { systemClock } from '../../src/platform/clock.ts';
import {
  startHarness,
  type ApiHarness,
  type EveryField,
  type HarnessOptions,
  type Reply,
  type TestCredential,
} from '../api-harness.ts';

/** For tests only: the vendor's Node SDK, unchanged, against the whole deciding side over real HTTP. */

type VpcClient = InstanceType<(typeof vpc)['v20170312']['Client']>;
type TagClient = InstanceType<(typeof tag)['v20180813']['Client']>;
type StsClient = InstanceType<(typeof sts)['v20180813']['Client']>;
type MonitorClient = InstanceType<(typeof monitor)['v20180724']['Client']>;

/** The SDK's calls as it types them, but with every field of a reply there: so does this service promise. */
export type Calls<Client> = {
  readonly [
    Name in keyof Client as Client[Name] extends (request: never, ...rest: never[]) => Promise<object> ? Name : never
  ]: Client[Name] extends (request: infer Request, ...rest: never[]) => Promise<infer Answer>
    ? (...request: undefined extends Request ? [] : [Request]) => Promise<EveryField<Answer>>
    : never;
};

/** The services that the vendor's SDK knows. */
export type VendorService = Exclude<keyof typeof serviceVersions, 'landbridge'>;

/** An error that was answered, as the SDK throws it. */
export interface SdkError extends Error {
  readonly code: string;
  readonly requestId: string;
}

export const testRegion = 'test-1';

export class VendorClients {
  readonly api: ApiHarness;
  readonly url: URL;
  readonly vpc: Calls<VpcClient>;
  readonly tag: Calls<TagClient>;
  readonly sts: Calls<StsClient>;
  readonly monitor: Calls<MonitorClient>;
  /** `SERVICE ACTION` of each call that was answered without an error. */
  readonly succeeded: Set<string>;

  private constructor(api: ApiHarness, url: URL, credential: TestCredential, region: string, succeeded: Set<string>) {
    this.api = api;
    this.url = url;
    this.succeeded = succeeded;
    const profile = { httpProfile: { endpoint: url.host, protocol: 'http://' as const } };
    const config = { credential, region, profile };
    this.vpc = this.#watched('vpc', new vpc.v20170312.Client(config));
    this.tag = this.#watched('tag', new tag.v20180813.Client(config));
    this.sts = this.#watched('sts', new sts.v20180813.Client(config));
    this.monitor = this.#watched('monitor', new monitor.v20180724.Client(config));
  }

  /** On a harness of their own; `close` ends both. */
  static async start(options: HarnessOptions = {}): Promise<VendorClients> {
    const api = await startHarness({ ...options, clock: systemClock });
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = api.app.server.address() as AddressInfo;
    return new VendorClients(api, new URL(`http://127.0.0.1:${port}`), api.admin, testRegion, new Set());
  }

  /** Others on the same harness. */
  like({ credential = this.api.admin, region = testRegion }: { credential?: TestCredential; region?: string }) {
    return new VendorClients(this.api, this.url, credential, region, this.succeeded);
  }

  /** By name, for callers that have Actions as data; throws SdkError. */
  async call(service: VendorService, action: string, parameters: object): Promise<Reply> {
    const calls = this[service] as unknown as Record<string, (parameters: object) => Promise<Reply>>;
    const call = calls[action];
    if (call === undefined) throw new Error(`the SDK knows no ${service} ${action}`);
    return call(parameters);
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** Everything is applied at once. */
  #playAgent(): void {
    const { vpcs, vpnGateways, ccns, directConnectGateways } = this.api.rows;
    for (const table of [vpcs, vpnGateways, ccns, directConnectGateways]) {
      for (const { id } of table.all()) this.api.apply(id);
    }
  }

  /** Plays the agent before each call, notes what succeeded, and compares each reply with the catalogue. */
  #watched<Client extends object>(service: VendorService, client: Client): Calls<Client> {
    return new Proxy(client, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function' || typeof name !== 'string') return method;
        return (parameters?: object) =>
          this.#send(service, name, () => Reflect.apply(method, target, [parameters]) as Promise<Reply>);
      },
    }) as unknown as Calls<Client>;
  }

  async #send(service: VendorService, action: string, send: () => Promise<Reply>): Promise<Reply> {
    this.#playAgent();
    const reply = await send().catch((thrown: unknown) => {
      const { code, message, requestId } = thrown as SdkError;
      const error = { RequestId: requestId, Error: { Code: code, Message: message } };
      expectNoProblem(problemOfReply(service, action, error), thrown);
      throw thrown;
    });
    expectNoProblem(problemOfReply(service, action, reply));
    this.succeeded.add(`${service} ${action}`);
    return reply;
  }
}

function expectNoProblem(problem: string | undefined, cause?: unknown): void {
  if (problem !== undefined) throw new Error(problem, { cause });
}

/** The code of the error that a call ends with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  const reply = await call.then(
    (answered) => ({ answered }),
    (thrown: unknown) => ({ thrown }),
  );
  if ('answered' in reply) throw new Error(`no error: ${JSON.stringify(reply.answered)}`);
  return (reply.thrown as SdkError).code;
}
