import type { PeerConfiguration } from './dialect.ts';
import type { PeerModel, PeerTunnel, RouteTraffic } from './peer-model.ts';

/** A Linux device's interface of one tunnel by route. */
export interface RouteInterface {
  readonly tunnel: PeerTunnel;
  readonly name: string;
  /** xfrm if_id, or mark. */
  readonly ifId: number;
  readonly traffic: RouteTraffic;
}

/** None for tunnels by policies. */
export function routeInterfaces({ tunnels }: PeerModel): RouteInterface[] {
  return tunnels.flatMap((tunnel, index) => {
    const { traffic } = tunnel;
    return traffic.mode === 'policy' ? [] : [{ tunnel, name: `ipsec${index + 1}`, ifId: index + 1, traffic }];
  });
}

export function makeXfrmInterface({ name, ifId }: RouteInterface): string[] {
  return [`ip link show ${name} >/dev/null 2>&1 || ip link add ${name} type xfrm if_id ${ifId}`];
}

/** What a Linux device needs beside its IKE daemon: interfaces, addresses, MSS, routes by priority. */
export function tunnelScript(
  model: PeerModel,
  make: (device: RouteInterface) => readonly string[] = makeXfrmInterface,
  { routes = true } = {},
): PeerConfiguration {
  const interfaces = routeInterfaces(model);
  if (interfaces.length === 0) return { files: [], notes: [clampByHand(model)] };
  const lines = [
    '# The tunnel interfaces, and what is sent into them: run it at boot, before the IKE daemon.',
    'set -e',
    ...interfaces.flatMap((device) => [...make(device), ...setUp(device), ...(routes ? routeCommands(device) : [])]),
    '',
  ];
  return {
    files: [{ name: 'route-interface.sh', text: lines.join('\n'), secret: false }],
    notes: [
      'route-interface.sh makes the interfaces and what is routed into them; run it as root with sh.',
      ...(interfaces.length > 1 ? [switching] : []),
    ],
  };
}

const switching =
  'The routes of the second tunnel have a worse metric: they are used when those of the first are gone. Let a check of the first ' +
  'health check address, a routing daemon or an updown script of the IKE daemon take them away.';

function clampByHand({ tunnels: [{ mss }] }: PeerModel): string {
  return `Let connections through the tunnel agree on segments of at most ${mss} bytes (nft: tcp option maxseg size set ${mss}).`;
}

function setUp({ tunnel, name }: RouteInterface): string[] {
  const { healthCheck, mtu, mss } = tunnel;
  const table = `ip landbridge_${name}`;
  const clamp = `tcp flags syn tcp option maxseg size gt ${mss} tcp option maxseg size set ${mss}`;
  return [
    `ip link set ${name} mtu ${mtu} up`,
    `nft add table ${table}`,
    `nft delete table ${table}`,
    `nft add table ${table}`,
    `nft 'add chain ${table} forward { type filter hook forward priority -150; }'`,
    `nft 'add rule ${table} forward iifname ${name} ${clamp}'`,
    `nft 'add rule ${table} forward oifname ${name} ${clamp}'`,
    ...(healthCheck === null
      ? []
      : [
          `ip address replace ${healthCheck.localAddress}/32 dev ${name}`,
          `ip route replace ${healthCheck.remoteAddress}/32 dev ${name} src ${healthCheck.localAddress}`,
        ]),
  ];
}

function routeCommands({ tunnel, name, traffic }: RouteInterface): string[] {
  // A metric of 0 would be the kernel's "none".
  const metric = 100 + tunnel.priority;
  return traffic.remotes.map((remote) => `ip route replace ${remote} dev ${name} metric ${metric}`);
}
