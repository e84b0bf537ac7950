import { cidrPrefixLength, type IpAddress } from '@landbridge/net';
import { randomInt } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { runIp, tryIp, type Kernel } from '../drivers/kernel.ts';
import { readDevices } from '../drivers/link.ts';
import { proofPortName } from '../plan/names.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import { startLineProcess } from '../platform/line-process.ts';
import type { Logger } from '../platform/logger.ts';
import { runPing, type PingOrder } from './ping-process.ts';
import { readPingReport, type PingReport } from './ping-report.ts';
import type { ProofPlace } from './proof-place.ts';

/** A host of ours in a subnet, for as long as it takes. */
export interface StandingHost extends AsyncDisposable {
  readonly address: IpAddress;
  ping(order: PingOrder): Promise<PingReport>;
  /** How many echo requests have come to it. */
  echoRequests(): Promise<number>;
}

export type StandHost = (place: ProofPlace, address: IpAddress) => Promise<StandingHost>;

const device = 'eth0';
const commandMs = 5000;

/**
 * Its network namespace has no name: a descriptor of this process holds it. So however this process ends, the kernel removes the
 * namespace, its end of the cable and with it the other one, the port of the bridge.
 */
export function standHostBy(kernel: Kernel, logger: Logger): StandHost {
  return async (place, address) => {
    const port = proofPortName(randomInt(2 ** 40));
    const namespace = await newNamespace();
    const inside = insideOf(namespace);
    const leave = async () => {
      try {
        await tryIp(kernel, [{ netns: place.netns, line: `link delete ${port}` }]);
      } finally {
        await namespace.close();
      }
      await forget(kernel, place, address);
      await kernel.netnsd.expect(place.netns, []);
    };
    try {
      // What becomes of it is no reason to look at the VPC.
      await kernel.netnsd.expect(place.netns, [port]);
      await plugIn(kernel, place, { address, port, inside });
    } catch (error) {
      await leave();
      throw error;
    }
    return {
      address,
      ping: async (order) => readPingReport(await runPing(inside, order), order.destination),
      echoRequests: async () => {
        const argv = inside(['cat', '/proc/net/snmp']);
        return readEchoRequests(await kernel.commands.run(argv, { timeoutMs: commandMs }));
      },
      [Symbol.asyncDispose]: () =>
        leave().catch((error: unknown) => {
          logger.warn({ error: describeError(error), port }, 'a host that proved a path did not leave as it should');
        }),
    };
  };
}

interface Plug {
  readonly address: IpAddress;
  readonly port: string;
  readonly inside: (argv: readonly string[]) => string[];
}

/** A bridge takes the least MTU of its ports: this one has the bridge's, so that nothing changes for others. */
async function plugIn(kernel: Kernel, place: ProofPlace, { address, port, inside }: Plug): Promise<void> {
  const [bridge] = await readDevices(kernel, place.netns, [place.bridge]);
  if (bridge === undefined) throw new Error(`${place.bridge} is not there`);
  const mtu = `mtu ${bridge.mtu}`;
  const lines = [
    `link add ${device} ${mtu} type veth peer name ${port} ${mtu} netns ${place.netns}`,
    `link set ${device} up`,
    `address add ${address}/${cidrPrefixLength(place.range)} dev ${device}`,
    `route add default via ${place.router}`,
  ];
  await kernel.commands.run(inside(['ip', '-batch', '-']), { input: `${lines.join('\n')}\n`, timeoutMs: commandMs });
  await runIp(kernel, [{ netns: place.netns, line: `link set ${port} master ${place.bridge} up` }]);
}

/** What the VPC has heard of it: whoever gets the address next is met as a stranger. What is not there need not be forgotten. */
async function forget(kernel: Kernel, { netns, bridge }: ProofPlace, address: IpAddress): Promise<void> {
  await tryIp(kernel, [{ netns, line: `neighbour delete ${address} dev ${bridge}` }]);
  const element = `element inet landbridge-neighbours heard { "${bridge}" . ${address} }`;
  await kernel.netnsd.runNft(netns, `delete ${element}`).catch(() => undefined);
}

/** There is no IPv6 in our networks, from before the first device comes. */
const script = 'setting=/proc/sys/net/ipv6/conf/default/disable_ipv6; [ ! -e $setting ] || echo 1 > $setting; exec cat';

async function newNamespace(): Promise<FileHandle> {
  const made = Promise.withResolvers<undefined>();
  const maker = startLineProcess(['unshare', '--net', '--', 'sh', '-c', script], {
    onLine: () => made.resolve(undefined),
  });
  void maker.ended.then((why) => made.reject(new Error(`a network namespace could not be made: ${why}`)));
  const late = new Later(() => maker.kill());
  late.in(commandMs);
  // It comes back once the namespace is there.
  maker.writeLine('made');
  try {
    await made.promise;
    return await open(`/proc/${maker.pid ?? 0}/ns/net`);
  } finally {
    late.cancel();
    maker.kill();
  }
}

function insideOf({ fd }: FileHandle): (argv: readonly string[]) => string[] {
  return (argv) => ['nsenter', `--net=/proc/${process.pid}/fd/${fd}`, '--', ...argv];
}

/** @param text of /proc/net/snmp: a line of names, and a line of numbers below. */
export function readEchoRequests(text: string): number {
  const [names = [], numbers = []] = text
    .split('\n')
    .filter((line) => line.startsWith('IcmpMsg: '))
    .map((line) => line.split(' '));
  const at = names.indexOf('InType8');
  return at < 0 ? 0 : Number(numbers[at]);
}
