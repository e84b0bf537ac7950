import { useEffect, useRef } from 'preact/hooks';
import { Link, useSearchParams } from 'wouter-preact';
import { Fact } from '../parts/fact.tsx';
import type { Gateway } from '../tunnels/gateway-book.ts';
import { say } from '../words/said.ts';
import type { WordKey } from '../words/words.ts';
import { hrefOf } from './addresses.ts';
import { JoinedLine } from './graph-list.tsx';
import { lineIdOf, type Graph, type NodeRow } from './graph-model.ts';
import type { NetworkAnswers } from './network-answers.ts';
import { searchWith } from './path-ends.ts';

interface ObjectPanelProps {
  readonly id: string;
  readonly graph: Graph;
  readonly answers: NetworkAnswers;
  readonly gateways: ReadonlyMap<string, Gateway>;
}

const mostJoined = 40;

/** One object beside the graph: how it is set, and what it is joined to. */
export function ObjectPanel({ id, graph, answers, gateways }: ObjectPanelProps) {
  const [search] = useSearchParams();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [id]);
  const shown = shownObject(id, answers, gateways);
  const node = graph.nodes.get(id);
  const kind = shown?.kind ?? node?.kind;
  const isGone = shown === undefined && node === undefined;
  return (
    <aside class="panel object-panel" aria-labelledby="object-name">
      <header class="bar">
        <h2 id="object-name" ref={heading} tabIndex={-1}>
          {kind !== undefined && say(`network.kind.${kind}`)} {node?.name ?? shown?.name ?? id}
        </h2>
        <Link href={`/network?${searchWith(search, { object: null })}`}>{say('close')}</Link>
      </header>
      {isGone && <p class="empty">{say('network.gone', { id })}</p>}
      {node?.isOthers === true && <p class="fine">{say('network.others')}</p>}
      <ObjectFacts {...{ id, shown, graph, search }} />
      {node !== undefined && node.rows.length > 0 && <SubnetList rows={node.rows} search={search} />}
      <JoinedList {...{ id, graph, search }} />
    </aside>
  );
}

interface PartProps {
  readonly id: string;
  readonly graph: Graph;
  readonly search: URLSearchParams;
}

function ObjectFacts({ id, shown, graph, search }: PartProps & { readonly shown: ShownObject | undefined }) {
  const { facts = [], within } = shown ?? {};
  return (
    <dl class="facts">
      <Fact name={say('network.id')}>
        <code>{id}</code>
      </Fact>
      {facts
        .filter(([, value]) => value !== '')
        .map(([word, value]) => (
          <Fact key={word} name={say(word)}>
            <code>{value}</code>
          </Fact>
        ))}
      {within !== undefined && (
        <Fact name={say('network.kind.vpc')}>
          <Link href={hrefOf(within, search)}>{graph.nodes.get(within)?.name ?? within}</Link>
        </Fact>
      )}
    </dl>
  );
}

function SubnetList({ rows, search }: { readonly rows: readonly NodeRow[]; readonly search: URLSearchParams }) {
  return (
    <>
      <h3>{say('network.subnets')}</h3>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <Link href={hrefOf(row.id, search)}>{row.name || row.id}</Link> <code class="fine">{row.detail}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

function JoinedList({ id, graph, search }: PartProps) {
  const joined = graph.links.filter(({ from, to }) => from === id || to === id);
  if (joined.length === 0) return null;
  return (
    <>
      <h3>{say('network.joined')}</h3>
      <ul>
        {joined.slice(0, mostJoined).map((link) => (
          <li key={link.id}>
            <JoinedLine {...{ link, graph, search }} from={id} />
          </li>
        ))}
      </ul>
      {joined.length > mostJoined && (
        <Link href={`/tunnels?filter=${encodeURIComponent(id)}`}>
          {say('network.moreRows', { count: joined.length - mostJoined })}
        </Link>
      )}
    </>
  );
}

interface ShownObject {
  readonly kind: 'customer-gateway' | 'vpn-gateway' | 'vpc' | 'ccn' | 'direct-connect-gateway' | 'line' | 'subnet';
  readonly name: string;
  /** Empty ones are left out. */
  readonly facts: readonly (readonly [WordKey, string])[];
  /** The VPC that it is in. */
  readonly within?: string;
}

type Tags = readonly { readonly Key: string; readonly Value: string }[];

function tagsText(tags: Tags): string {
  return tags.map(({ Key, Value }) => `${Key}=${Value}`).join(', ');
}

function shownObject(
  id: string,
  answers: NetworkAnswers,
  gateways: ReadonlyMap<string, Gateway>,
): ShownObject | undefined {
  const gateway = gateways.get(id);
  if (gateway !== undefined) return shownGateway(gateway);
  return shownInside(id, answers) ?? shownOutside(id, answers);
}

function shownGateway(gateway: Gateway): ShownObject {
  const { VpnGatewayName: name, PublicIpAddress, InternetMaxBandwidthOut, Region, TagSet, CreatedTime } = gateway;
  return {
    ...{ kind: 'vpn-gateway', name },
    facts: [
      ['network.address', PublicIpAddress],
      ['network.bandwidth', `${InternetMaxBandwidthOut} Mbit/s`],
      ['network.region', Region],
      ['network.tags', tagsText(TagSet)],
      ['network.created', CreatedTime],
    ],
  };
}

/** Of what is the cloud's. */
function shownInside(id: string, { vpcs, subnets, ccns }: NetworkAnswers): ShownObject | undefined {
  const vpc = vpcs.find(({ VpcId }) => VpcId === id);
  if (vpc !== undefined) {
    const ranges = [vpc.CidrBlock, ...vpc.AssistantCidrSet.map(({ CidrBlock }) => CidrBlock)].join(', ');
    return {
      ...{ kind: 'vpc', name: vpc.VpcName },
      facts: [
        ['network.ranges', ranges],
        ['network.tags', tagsText(vpc.TagSet)],
        ['network.created', vpc.CreatedTime],
      ],
    };
  }
  const subnet = subnets.find(({ SubnetId }) => SubnetId === id);
  if (subnet !== undefined) {
    return {
      ...{ kind: 'subnet', name: subnet.SubnetName, within: subnet.VpcId },
      facts: [
        ['network.ranges', subnet.CidrBlock],
        ['network.zone', subnet.Zone],
        ['network.tags', tagsText(subnet.TagSet)],
        ['network.created', subnet.CreatedTime],
      ],
    };
  }
  const ccn = ccns.find(({ CcnId }) => CcnId === id);
  if (ccn === undefined) return undefined;
  return {
    ...{ kind: 'ccn', name: ccn.CcnName },
    facts: [
      ['network.instances', String(ccn.InstanceCount)],
      ['network.tags', tagsText(ccn.TagSet)],
      ['network.created', ccn.CreateTime],
    ],
  };
}

/** Of what stands before it. */
function shownOutside(id: string, answers: NetworkAnswers): ShownObject | undefined {
  const device = answers.customerGateways.find(({ CustomerGatewayId }) => CustomerGatewayId === id);
  if (device !== undefined) {
    return {
      ...{ kind: 'customer-gateway', name: device.CustomerGatewayName },
      facts: [
        ['network.address', device.IpAddress],
        ['network.created', device.CreatedTime],
      ],
    };
  }
  const gateway = answers.directConnectGateways.find(({ DirectConnectGatewayId }) => DirectConnectGatewayId === id);
  if (gateway !== undefined) {
    return {
      ...{ kind: 'direct-connect-gateway', name: gateway.DirectConnectGatewayName },
      facts: [
        ['network.address', gateway.DirectConnectGatewayIp],
        ['network.created', gateway.CreateTime],
      ],
    };
  }
  const line = answers.lines.find(({ DirectConnectGatewayId }) => lineIdOf(DirectConnectGatewayId) === id);
  if (line === undefined) return undefined;
  const { InterfaceName, VlanId, Vxlan, LocalAddress, PeerAddress, CreatedTime } = line;
  return {
    ...{ kind: 'line', name: Vxlan === null ? InterfaceName : `VXLAN ${Vxlan.Vni}` },
    facts: [
      ['network.interface', [InterfaceName, VlanId].filter((part) => part !== null && part !== '').join('.')],
      ['network.underlay', Vxlan?.RemoteAddress ?? ''],
      ['network.address', LocalAddress],
      ['network.peerAddress', PeerAddress],
      ['network.created', CreatedTime],
    ],
  };
}
