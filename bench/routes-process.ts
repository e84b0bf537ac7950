import { connectIdc, type IdcConnection } from '../lab/src/idc-connection.ts';
import { createVpc1 } from '../lab/src/vpc-1.ts';
import { World } from '../lab/src/world.ts';
import { cpuBetween, cpuSeconds, type CpuSeconds } from './cpu-time.ts';
import { createGatewayRoutes, rangeOf, routeBatch, routeTo } from './gateway-routes.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { watchRoutes, type RouteChange, type RouteWatch } from './route-watch.ts';
import { summarise, type Summary } from './statistics.ts';

// A program of its own, started by main.ts in the lab's host namespace: many routes on one gateway.

export interface RoutesResult {
  readonly routes: number;
  /** From the first call of CreateVpnGatewayRoutes to the last route in the kernel. */
  readonly installation: {
    readonly seconds: number;
    readonly routesPerSecond: number;
    /** From the answer to the last call to the last route in the kernel: what the API's part hides no more. */
    readonly afterLastAnswerMs: number;
    readonly serverCpu: CpuSeconds;
  };
  /** With all routes present: milliseconds from the call to the kernel's own word, and what the server spent on one. */
  readonly changes: readonly RouteChangeResult[];
  /** From the one call that deletes them all to the last route gone. */
  readonly removalOfAllMs: number;
}

export interface RouteChangeResult {
  readonly name: string;
  readonly toKernelMs: Summary;
  readonly answerMs: Summary;
  readonly serverCpuSecondsEach: CpuSeconds;
}

/** The quota of a gateway is 1,000; the two left are those that are changed one at a time. */
const routeCount = 998;
const changed = '100.127.0.0/24';

interface Bench {
  readonly world: World;
  readonly gatewayId: string;
  readonly tunnels: readonly [IdcConnection, IdcConnection];
  readonly watch: RouteWatch;
}

/** Returns the ids of the routes as well. */
async function install(bench: Bench): Promise<readonly [RoutesResult['installation'], readonly string[]]> {
  const { world, watch, tunnels } = bench;
  const numbers = Array.from({ length: routeCount }, (_, number) => number);
  const cpuBefore = await cpuSeconds(world.server.pid);
  const started = performance.now();
  const routeIds: string[] = [];
  for (let first = 0; first < routeCount; first += routeBatch) {
    const batch = numbers
      .slice(first, first + routeBatch)
      .map((number) => routeTo(rangeOf(number), tunnels[0].connectionId, 0));
    routeIds.push(...(await createGatewayRoutes(world.cloud, bench.gatewayId, batch)));
  }
  const answered = performance.now();
  const last = await watch.waitFor(({ kind }) => kind === 'added', routeCount);
  await world.cloud.waitUntilApplied(bench.gatewayId);
  const seconds = (last - started) / 1000;
  const installation = {
    seconds,
    routesPerSecond: routeCount / seconds,
    afterLastAnswerMs: Math.max(0, last - answered),
    serverCpu: cpuBetween(cpuBefore, await cpuSeconds(world.server.pid)),
  };
  return [installation, routeIds];
}

/** All of them by one call, as DeleteVpnGatewayRoutes takes them. */
async function removeAll({ world, gatewayId, watch }: Bench, routeIds: readonly string[]): Promise<number> {
  watch.forget();
  const started = performance.now();
  await world.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: routeIds });
  return (await watch.waitFor(({ kind }) => kind === 'deleted', routeIds.length)) - started;
}

/** One kind of change, measured once; what undoes it is another kind. */
interface Change {
  readonly name: string;
  readonly kind: RouteChange['kind'];
  make(): Promise<unknown>;
}

async function measureChanges(bench: Bench, repetitions: number, say: Say): Promise<RouteChangeResult[]> {
  const { world, gatewayId, tunnels } = bench;
  const [standby = ''] = await createGatewayRoutes(world.cloud, gatewayId, [
    routeTo(changed, tunnels[1].connectionId, 100),
  ]);
  await bench.watch.waitFor(({ destination }) => destination === changed);
  let active = '';
  const remove = (routeId: string): Promise<unknown> =>
    world.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: [routeId] });
  const circle: readonly Change[] = [
    {
      name: 'create a route that takes over by its priority',
      kind: 'added',
      make: async () =>
        ([active = ''] = await createGatewayRoutes(world.cloud, gatewayId, [
          routeTo(changed, tunnels[0].connectionId, 0),
        ])),
    },
    {
      name: 'disable it: the standby takes over',
      kind: 'deleted',
      make: () => world.cloud.setGatewayRouteStatus(gatewayId, active, 'DISABLE'),
    },
    {
      name: 'enable it: it takes over again',
      kind: 'added',
      make: () => world.cloud.setGatewayRouteStatus(gatewayId, active, 'ENABLE'),
    },
    { name: 'delete it', kind: 'deleted', make: () => remove(active) },
  ];
  const samples = circle.map((change) => ({ change, kernel: [] as number[], answer: [] as number[], cpu: zero }));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const sample of samples) {
      const once = await measureOnce(bench, sample.change);
      sample.kernel.push(once.kernelMs);
      sample.answer.push(once.answerMs);
      sample.cpu = { own: sample.cpu.own + once.cpu.own, children: sample.cpu.children + once.cpu.children };
    }
    const times = samples.map(({ kernel }) => `${kernel.at(-1)?.toFixed(1)} ms`).join(', ');
    say(`routes, repetition ${repetition}: created, disabled, enabled, deleted after ${times}`);
  }
  await remove(standby);
  return samples.map(({ change, kernel, answer, cpu }) => ({
    name: change.name,
    toKernelMs: summarise(kernel),
    answerMs: summarise(answer),
    serverCpuSecondsEach: { own: cpu.own / repetitions, children: cpu.children / repetitions },
  }));
}

const zero: CpuSeconds = { own: 0, children: 0 };

/** Returns when the gateway has proven the change, so that the next one does not wait for that. */
async function measureOnce({ world, watch, gatewayId }: Bench, wanted: Change) {
  const cpuBefore = await cpuSeconds(world.server.pid);
  watch.forget();
  const started = performance.now();
  await wanted.make();
  const answerMs = performance.now() - started;
  const at = await watch.waitFor((change) => change.destination === changed && change.kind === wanted.kind);
  await world.cloud.waitUntilApplied(gatewayId);
  return { kernelMs: at - started, answerMs, cpu: cpuBetween(cpuBefore, await cpuSeconds(world.server.pid)) };
}

async function measureRoutes({ repetitions }: PartRequest, say: Say): Promise<RoutesResult> {
  const world = await World.start();
  const [vpc1, ...idcs] = await Promise.all([createVpc1(world), world.lab.createIdc(1), world.lab.createIdc(2)]);
  const { gateway, vpcId } = vpc1;
  const cloudRanges = ['10.0.0.0/16'];
  const [one, two] = idcs;
  const tunnels = [
    await connectIdc(world, { gateway, vpcId, idc: one, cloudRanges }),
    await connectIdc(world, { gateway, vpcId, idc: two, cloudRanges }),
  ] as const;
  for (const { connectionId } of tunnels) await world.cloud.waitUntilConnected(connectionId);
  const result = await measureTable({ world, gatewayId: gateway.gatewayId, tunnels }, repetitions, say);
  await world.stop();
  return result;
}

async function measureTable(bench: Omit<Bench, 'watch'>, repetitions: number, say: Say): Promise<RoutesResult> {
  await using watch = await watchRoutes(bench.gatewayId);
  const watched = { ...bench, watch };
  const [installation, routeIds] = await install(watched);
  say(`${routeCount} routes installed in ${installation.seconds.toFixed(2)} s`);
  const changes = await measureChanges(watched, repetitions, say);
  return { routes: routeCount + 2, installation, changes, removalOfAllMs: await removeAll(watched, routeIds) };
}

await reportPart(measureRoutes);
