import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import { previewActions } from '@landbridge/catalogue/operator/previews';
import { allActions } from '@landbridge/catalogue/services';
import { problemOfReply } from '@landbridge/catalogue/reply-check';
import { serviceVersions, type ServiceName } from '@landbridge/catalogue/service-versions';
import { sha256Hex, tc3Signature, utcDate } from '@landbridge/client';
import { parseCidr } from '@landbridge/net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client.js';
import { ObservedState } from '../src/domain/operator/observed-state.ts';
import { defaultQuotas } from '../src/domain/operator/quotas.ts';
import type { SystemFacts } from '../src/domain/operator/system-facts.ts';
import { RegionNames } from '../src/domain/operator/region-names.ts';
import { noSas } from '../src/domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../src/domain/resource-id.ts';
import type { Uplink } from '../src/domain/operator/uplink.ts';
import type { Clock } from '../src/platform/clock.ts';
import { randomIds } from '../src/platform/ids.ts';
import type { Logger } from '../src/platform/logger.ts';
import type { PlanKey } from '../src/plan/plan.ts';
import { createWebhooks } from '../src/notify/create-webhooks.ts';
import type { WebhookDeliveries } from '../src/notify/webhook-deliveries.ts';
import { decisionsOf } from '../src/services/decisions.ts';
import { RefusedCalls } from '../src/services/operator/refused-calls.ts';
import { knownFindings } from '../src/services/operator/known-findings.ts';
import { TunnelStates } from '../src/services/operator/tunnel-states.ts';
import { createServices, type Services } from '../src/services/create-services.ts';
import type { ServiceDependencies } from '../src/services/dependencies.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { Secrets } from '../src/store/secrets.ts';
import { Writer } from '../src/writer/writer.ts';
import { Image } from '../src/image/image.ts';
import type { Rows } from '../src/image/rows.ts';
import { IssuedPlans } from '../src/planning/issued-plans.ts';
import { PlanBook } from '../src/planning/plan-book.ts';
import { Registry } from 'prom-client';
import type { AnsweredCall } from '../src/api/protocol/call-log.ts';
import { CallMetrics } from '../src/http/metrics/call-metrics.ts';
import type { Console } from '../src/console/create-console.ts';
import { News } from '../src/console/news.ts';
import type { ConsoleFiles } from '../src/console/console-files.ts';
import { callDoors } from '../src/processes/call-doors.ts';
import { buildApp } from '../src/http/build-app.ts';
import { FakeCaptures } from './fake-captures.ts';
import { FakeDrilling } from './fake-drilling.ts';
import { FakePathProving } from './fake-path-proving.ts';
import { FakePeerAsking } from './fake-peer-asking.ts';
import { recordProvokedErrors } from './provoked-errors.ts';

/** For tests only: the whole deciding side on a real database in a temporary directory, without a data plane. */

export interface TestCredential {
  readonly secretId: string;
  readonly secretKey: string;
  /** Of temporary ones. */
  readonly token?: string;
}

export interface CallOptions {
  readonly credential?: TestCredential;
  readonly region?: string;
  readonly language?: string;
  readonly service?: ServiceName;
  /** Sent instead of the JSON of the parameters. */
  readonly body?: string | Buffer;
}

/** What `Response` holds. */
export type Reply = Record<string, unknown>;

/** Replies as the vendor's SDK describes them, but with every field there: so does this service promise. */
export type VendorAction = {
  [Name in keyof Client]: Client[Name] extends (request: never, ...rest: never[]) => Promise<object> ? Name : never;
}[keyof Client];
export type EveryField<T> = T extends (infer Item)[]
  ? EveryField<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: EveryField<NonNullable<T[Key]>> }
    : T;
export type VendorReply<Name extends VendorAction> = EveryField<Awaited<ReturnType<Client[Name]>>>;

export interface WireError {
  readonly Code: string;
  readonly Message: string;
}

export type HarnessOptions = Partial<
  Pick<
    ServiceDependencies,
    | 'quotas'
    | 'uplink'
    | 'defaults'
    | 'hostPorts'
    | 'history'
    | 'recorded'
    | 'sas'
    | 'capturing'
    | 'peerAsking'
    | 'pathProving'
    | 'drilling'
    | 'givesCaptureKeys'
  >
> & {
  readonly clock?: Clock;
  readonly regions?: readonly string[];
  readonly mostJsonBytes?: number;
  /** Of a harness that is closed. */
  readonly dataDir?: string;
  readonly rateLimit?: number;
  /** What the web console is made of; nothing unless given. */
  readonly consoleFiles?: ConsoleFiles;
  /** Plain HTTP comes from a proxy that ends TLS. */
  readonly isProxied?: boolean;
  /** Where webhooks may lead beside the internet. */
  readonly allowedNetworks?: readonly string[];
};

export const testUplink: Uplink = {
  mode: 'routed',
  interface: 'eth0',
  addresses: [parseCidr('203.0.113.16/28')],
  pathMtu: 1500,
};

export class ApiHarness {
  readonly dataDir: string;
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly image: Image;
  readonly rows: Rows;
  readonly writer: Writer;
  readonly secrets: Secrets;
  readonly services: Services;
  readonly observed: ObservedState;
  /** Flushed by tests. */
  readonly refusedCalls: RefusedCalls;
  readonly webhooks: Pick<WebhookDeliveries, 'stop'>;
  readonly tunnelStates: TunnelStates;
  /** Its `tick` and `run` are the test's to call. */
  readonly console: Console;
  /** What it hears. */
  readonly news: News;
  /** Whether the console says that it is. */
  readonly agent: { isHeard: boolean };
  /** Of its calls. */
  readonly metrics: Registry;
  readonly admin: TestCredential;
  readonly clock: Clock;
  /** Everything that was logged, as JSON lines. */
  readonly logLines: string[];
  /** Plan keys by commit. */
  readonly commits: PlanKey[][];
  /** By RequestId: why a call was refused. */
  readonly refusals: ReadonlyMap<string, ErrorReason>;
  /** `ACTION REASON` of each error that was answered. */
  readonly #provoked = new Set<string>();

  constructor(
    parts: Omit<ApiHarness, 'call' | 'succeed' | 'operate' | 'fail' | 'apply' | 'applyAll' | 'connect' | 'close'>,
  ) {
    this.dataDir = parts.dataDir;
    this.app = parts.app;
    this.store = parts.store;
    this.image = parts.image;
    this.rows = parts.rows;
    this.writer = parts.writer;
    this.secrets = parts.secrets;
    this.services = parts.services;
    this.observed = parts.observed;
    this.refusedCalls = parts.refusedCalls;
    this.webhooks = parts.webhooks;
    this.tunnelStates = parts.tunnelStates;
    this.console = parts.console;
    this.agent = parts.agent;
    this.news = parts.news;
    this.metrics = parts.metrics;
    this.refusals = parts.refusals;
    this.admin = parts.admin;
    this.clock = parts.clock;
    this.logLines = parts.logLines;
    this.commits = parts.commits;
  }

  /** Sends a signed POST through the whole stack and returns the content of `Response`. */
  async call(action: string, parameters: object = {}, options: CallOptions = {}): Promise<Reply> {
    const { credential = this.admin, region = 'test-1', language, service = 'vpc' } = options;
    const body = options.body ?? JSON.stringify(parameters);
    const reply = await this.app.inject({
      method: 'POST',
      url: '/',
      payload: body,
      headers: {
        ...signedHeaders({ credential, service, action, region, body, now: this.clock.now() }),
        ...(language === undefined ? {} : { 'x-tc-language': language }),
        ...(credential.token === undefined ? {} : { 'x-tc-token': credential.token }),
      },
    });
    if (reply.statusCode !== 200) throw new Error(`HTTP status ${reply.statusCode}: ${reply.body}`);
    if (reply.headers['content-type'] !== 'application/json') throw new Error('wrong content type');
    const { Response: response } = JSON.parse(reply.body) as { Response: Reply };
    const reason = this.refusals.get(String(response['RequestId']));
    if (reason !== undefined) this.#provoked.add(`${action} ${reason}`);
    const problem = problemOfReply(service, action, response, reason);
    if (problem !== undefined) throw new Error(problem);
    return response;
  }

  /** As call, but throws the error that was answered. */
  async succeed<Name extends VendorAction>(
    action: Name,
    parameters: object = {},
    options: CallOptions = {},
  ): Promise<VendorReply<Name>> {
    return (await this.#successOf(action, parameters, options)) as VendorReply<Name>;
  }

  /** As succeed, for the service `landbridge`, whose replies nobody else describes. */
  async operate(action: string, parameters: object = {}, options: CallOptions = {}): Promise<Reply> {
    return this.#successOf(action, parameters, { ...options, service: 'landbridge' });
  }

  /** As call, but expects an error and returns it: one that a preview of the call answers as well. */
  async fail(action: string, parameters: object = {}, options: CallOptions = {}): Promise<WireError> {
    const response = await this.call(action, parameters, options);
    const error = response['Error'] as WireError | undefined;
    if (error === undefined) throw new Error(`${action} succeeded: ${JSON.stringify(response)}`);
    if (/[{}]/.test(error.Message)) throw new Error(`a placeholder is left in "${error.Message}"`);
    const reason = this.refusals.get(String(response['RequestId']));
    if (isPreviewed(action, reason)) await this.#expectPreviewToRefuse(action, parameters, options, error);
    return error;
  }

  async #expectPreviewToRefuse(Action: string, Parameters: object, options: CallOptions, error: WireError) {
    const { service: Service = 'vpc' } = options;
    const preview = { Service, Action, Parameters };
    const refused = await this.call('PreviewChanges', preview, { ...options, service: 'landbridge' });
    // Either may have drawn ids of its own on the way.
    const comparable = (of: unknown) => JSON.stringify(of).replaceAll(/([a-z]+)-[0-9a-z]{8}/g, '$1');
    if (comparable(refused['Error'] ?? refused) !== comparable(error)) {
      throw new Error(`${Action} says ${JSON.stringify(error)}, its preview ${JSON.stringify(refused)}`);
    }
  }

  async #successOf(action: string, parameters: object, options: CallOptions): Promise<Reply> {
    const response = await this.call(action, parameters, options);
    const error = response['Error'] as WireError | undefined;
    if (error !== undefined) throw new Error(`${action}: ${error.Code}: ${error.Message}`);
    return response;
  }

  /** Plays the agent: the plan of this key is applied as of now. */
  apply(key: string): void {
    const appliedGeneration = this.image.generation;
    this.observed.recordOutcome({ key, appliedGeneration, error: null, at: this.clock.now() });
  }

  applyAll(): void {
    const { vpnGateways, ccns } = this.rows;
    for (const { id } of [...vpnGateways.all(), ...ccns.all()]) this.apply(id);
  }

  /** Plays charon: the tunnel is up. */
  connect(id: VpnConnectionId): void {
    const children = { [id]: true };
    const changedAt = this.clock.now();
    this.observed.recordSas(id, { ikeEstablished: true, children, connected: true, lastError: null, changedAt });
  }

  /** A kept directory is another harness's. */
  async close({ keepData = false } = {}): Promise<void> {
    recordProvokedErrors(this.#provoked);
    await this.app.close();
    await this.webhooks.stop();
    await this.store.close();
    if (keepData) return;
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Whether a preview of this call refuses it too: an Action that changes something, and not by what every Action refuses. */
function isPreviewed(action: string, reason: string | undefined): boolean {
  const { PreviewChanges } = previewActions;
  const definition = allActions.find(({ name }) => name === action)?.definition;
  return definition?.effect === 'changes' && PreviewChanges.errors.some((listed) => listed === reason);
}

/** A clock that stands still until a test moves it. */
export class StandingClock implements Clock {
  #now = Date.UTC(2026, 10, 22, 12, 0, 0);
  now = () => this.#now;
  elapsed = () => this.#now;
  missed = () => 0;
  delay = () => Promise.resolve();
  advance(ms: number): void {
    this.#now += ms;
  }
}

export async function startHarness(options: HarnessOptions = {}): Promise<ApiHarness> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'landbridge-test-'));
  const logLines: string[] = [];
  const logger: Logger = pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
  const clock = options.clock ?? new StandingClock();
  const store = await openStore({ dataDir, clock, logger });
  const { generation, rows: stored } = await store.load();
  const image = new Image(generation, stored);
  const { rows } = image;
  const writer = new Writer(store, image, logger);
  const secrets = new Secrets(rows, store.sealer);
  const observed = new ObservedState();
  const uplink = options.uplink === undefined ? testUplink : options.uplink;
  const { plans, commits } = watchPlans(image, uplink, observed, writer);
  const regions = new RegionNames(options.regions ?? null);
  const { allowedNetworks = [] } = options;
  const webhooks = createWebhooks({ rows, secrets, store, uplink, allowedNetworks, clock, logger });
  await webhooks.begin();
  const news = new News(rows);
  writer.onCommit(({ changes }) => news.committed(changes));
  const tunnelStates = statesOf(rows, plans, observed, { clock, logger, news });
  const services = createServices({
    webhooks,
    tunnelStates,
    ...decisionsOf(writer, store.sealer, clock),
    read: (question) => writer.read(question),
    logs: store,
    sealing: store.sealer,
    ...{ observed, uplink, plans, regions },
    ...actingSide(options, clock),
    quotas: options.quotas ?? defaultQuotas,
    defaults: options.defaults ?? 'modern',
    ...{ clock, ids: randomIds, logger },
  });
  const refusedCalls = new RefusedCalls(store.audit, logger);
  const { metrics, refusals, answered } = watchCalls();
  const agent = { isHeard: true };
  const calls = callDoors({
    ...{ services, credentials: secrets, refusedCalls, clock, ids: randomIds, logger, regions },
    metrics: { answered },
    rateLimits: { default: options.rateLimit ?? 100_000, actions: {} },
    mostJsonBytes: options.mostJsonBytes ?? 1_048_576,
    system: systemFacts(clock),
    console: {
      ...{ files: options.consoleFiles ?? new Map(), rows, news, audit: store.audit, version: '0.0.0-test' },
      ...{ isProxied: options.isProxied ?? false, isAgentHeard: () => agent.isHeard },
    },
  });
  if (calls.console === null) throw new Error('there is no console');
  const health = { readConditions: () => [{ name: 'image', ok: writer.isSettled }], clock };
  const app = buildApp({ api: calls.api, health, console: calls.console.plugin, ids: randomIds });
  const admin = JSON.parse(readFileSync(join(dataDir, 'admin.json'), 'utf8')) as TestCredential;
  return new ApiHarness({
    dataDir,
    app,
    store,
    image,
    rows,
    writer,
    secrets,
    services,
    observed,
    webhooks,
    tunnelStates,
    console: calls.console,
    news,
    agent,
    refusedCalls,
    metrics,
    refusals,
    admin,
    clock,
    logLines,
    commits,
  });
}

function systemFacts(clock: Clock): SystemFacts {
  return {
    version: '0.0.0-test',
    startedAt: clock.now(),
    dataPlane: { name: 'none', reason: 'for tests' },
    readLoopLag: () => 7,
    readConditions: () => [],
  };
}

/** Counts calls as the service does, and keeps why each was refused. */
function watchCalls() {
  const metrics = new Registry();
  const calls = new CallMetrics(metrics);
  const refusals = new Map<string, ErrorReason>();
  const answered = (call: AnsweredCall) => {
    if (call.reason !== '') refusals.set(call.requestId, call.reason);
    calls.answered(call);
  };
  return { metrics, refusals, answered };
}

/** Plans that are made anew at once, and which of them each commit changed. */
function watchPlans(image: Image, uplink: Uplink | null, observed: ObservedState, writer: Writer) {
  const commits: PlanKey[][] = [];
  const facts = { isUsable: observed.isUsable, forwarding: () => 'ours' as const };
  const book = new PlanBook({ image, uplink, facts });
  book.refresh();
  const readForwarding = () => Promise.resolve('ours' as const);
  const plans = new IssuedPlans({ image, uplink, observed, readForwarding, onChanged: () => undefined });
  writer.onCommit(({ changes }) => {
    book.committed(changes);
    const changed = book.refresh();
    if (changed.length > 0) commits.push(changed);
    plans.committed(changes);
  });
  return { plans, commits };
}

interface ToSign {
  readonly credential: TestCredential;
  readonly service: ServiceName;
  readonly action: string;
  readonly region: string;
  readonly body: string | Buffer;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** As our own client signs: the whole call. */
function signedHeaders({ credential, service, action, region, body, now }: ToSign): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  const scope = { date: utcDate(timestamp), service };
  const headers = [
    ['content-type', 'application/json'],
    ['host', 'localhost:80'],
    ['x-tc-action', action],
    ['x-tc-region', region],
    ['x-tc-timestamp', String(timestamp)],
    ['x-tc-version', serviceVersions[service]],
  ] as const;
  const payloadHash = sha256Hex(body);
  const signed = { method: 'POST', path: '/', query: '', headers, payloadHash } as const;
  const signature = tc3Signature(signed, timestamp, scope, credential.secretKey);
  return {
    ...Object.fromEntries(headers),
    authorization:
      `TC3-HMAC-SHA256 Credential=${credential.secretId}/${scope.date}/${service}/tc3_request, ` +
      `SignedHeaders=${headers.map(([name]) => name).join(';')}, Signature=${signature}`,
  };
}

function statesOf(
  rows: Rows,
  plans: IssuedPlans,
  observed: ObservedState,
  { clock, logger, news }: { readonly clock: Clock; readonly logger: Logger; readonly news: News },
): TunnelStates {
  return new TunnelStates({
    ...{ observed, clock, logger, record: () => undefined },
    onLook: (id, look) => news.looked(id, look),
    connectionOf: (id) => rows.vpnConnections.get(id),
    findingsOf: knownFindings({ toldByRows: (id) => plans.toldByRows(id), clock }),
  });
}

/** What an agent answers, where there is one. */
function actingSide(options: HarnessOptions, clock: Clock) {
  return {
    capturing: options.capturing ?? new FakeCaptures(clock),
    peerAsking: options.peerAsking ?? new FakePeerAsking(),
    pathProving: options.pathProving ?? new FakePathProving(),
    drilling: options.drilling ?? new FakeDrilling(),
    givesCaptureKeys: options.givesCaptureKeys ?? false,
    hostPorts: options.hostPorts ?? { usesOf: () => Promise.resolve([]) },
    history: options.history ?? { ask: ({ series }) => Promise.resolve(series.map(() => [])) },
    sas: options.sas ?? (() => Promise.resolve({ sas: noSas(clock.now()) })),
    recorded: options.recorded ?? (() => Promise.resolve({ page: nothingRecorded })),
  } satisfies Partial<ServiceDependencies>;
}

const nothingRecorded = { lines: [], next: null, isLast: true, storySince: null };
