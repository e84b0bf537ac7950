import { stringify } from 'yaml';
import type { Answers } from './first-tunnel-questions.ts';

/** The site file with words about it, and the settings of the service as JSON. */
export function firstTunnel(answers: Answers): { readonly site: string; readonly settings: string } {
  const addresses = listOf(answers.gatewayAddresses);
  const settings = { uplink: { mode: 'routed', interface: answers.uplink, addresses } };
  return { site: siteText(answers), settings: `${JSON.stringify(settings, null, 2)}\n` };
}

function siteText({ vpc, subnet, interface: cable, peer, peerAddress, peerRanges, mode, key }: Answers): string {
  const behind = listOf(peerRanges);
  const tunnel = `to-${peer}`;
  const policies = mode === 'spd' ? { policies: [{ local: vpc, remote: behind }] } : {};
  const routes = behind.map((to) => ({ to, via: tunnel }));
  return [
    '# Written by `landbridge init`. `landbridge apply -f` this file; it may be done again at any time.',
    '# All fields: docs/site-file.md.',
    block({ site: 'first' }),
    '# Your side. The machines have the first address of the subnet as their default gateway.',
    block({
      vpcs: {
        office: {
          cidr: vpc,
          subnets: { a: { cidr: subnet, interfaces: [{ interface: cable }] } },
          routes: behind.map((to) => ({ to, via: 'gateway' })),
        },
      },
    }),
    '# The device on the other side.',
    block({ customerGateways: { [peer]: { address: peerAddress } } }),
    '# The gateway between them, and its tunnel. Options that are left out get modern values: IKEv2, AES-256-GCM, PRF SHA-256,',
    mode === 'spd'
      ? '# group 19, with PFS. What `policies` name passes, and nothing else.'
      : '# group 19, with PFS. `routes` tell what is behind the tunnel; those of the VPC, above, what is behind the gateway.',
    block({
      vpnGateways: {
        gateway: {
          vpc: 'office',
          bandwidthMbps: 100,
          tunnels: { [tunnel]: { customerGateway: peer, mode, ...policies, preSharedKey: key } },
          ...(mode === 'spd' ? {} : { routes }),
        },
      },
    }).trimEnd(),
    '',
  ].join('\n');
}

function block(value: Readonly<Record<string, unknown>>): string {
  return stringify(value, { lineWidth: 0 });
}

function listOf(text: string): string[] {
  return text.split(',').map((one) => one.trim());
}
