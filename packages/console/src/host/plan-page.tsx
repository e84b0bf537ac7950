import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { call } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { branchesOf, countOf, leafText, type Branch } from './plan-tree.ts';

/** Objects whose rows plans are made of. */
const kinds = [
  ...['vpnGateways', 'vpnConnections', 'vpnGatewayRoutes', 'customerGateways', 'vpcs', 'subnets', 'ccns'],
  ...['vpcRoutes', 'routeTables', 'ccnAttachments', 'directConnectGateways'],
];

/** How the network of one object shall look, to be unfolded. Plans hold no secrets: the agent gets keys apart from them. */
export function PlanPage({ id }: { readonly id: string }) {
  const { gateways } = useWorld();
  const title = say('host.planOf', { name: id === 'host' ? say('nav.host') : gateways.nameOf(id) });
  useTitle(title);
  const plans = useLoaded(id, () => ({
    ...{ kinds, everyMs: 10_000 },
    load: (isBackground: boolean) => call('DescribePlan', { ResourceId: id }, { isBackground }),
  }));
  const plan = plans.value.value?.Plans[0];
  return (
    <section>
      <header class="bar">
        <h1>{title}</h1>
        <code class="fine">{id}</code>
        <ShownAge at={plans.at} />
        <Link href="/host">{say('host.back')}</Link>
      </header>
      <Problem of={plans.problem.value} again={() => void plans.refresh(false)} />
      {plan !== undefined && (
        <ul class="panel tree">
          {branchesOf(plan).map((branch) => (
            <Node key={branch.name} branch={branch} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Node({ branch: { name, value } }: { readonly branch: Branch }) {
  const text = leafText(value);
  return (
    <li>
      {text === undefined ? (
        <Fold name={name} value={value as object} />
      ) : (
        <>
          <span class="fine">{name}</span> <code>{text}</code>
        </>
      )}
    </li>
  );
}

/** What is folded is not in the page. */
function Fold({ name, value }: { readonly name: string; readonly value: object }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {name} <span class="fine number">{countOf(value)}</span>
      </summary>
      {isOpen && (
        <ul>
          {branchesOf(value).map((branch) => (
            <Node key={branch.name} branch={branch} />
          ))}
        </ul>
      )}
    </details>
  );
}
