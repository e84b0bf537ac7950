import { SelectField, TextField } from '../forms/fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { choosesRouting, vpcsOf, type Answers, type NetworkKind, type RoutingKind } from './answers.ts';
import { CcnPart, LinePart } from './ccn-parts.tsx';
import type { Existing } from './existing.ts';
import { parts } from './plan-of.ts';
import { existingChoices, Part, StageForm, type NetworkPartProps, type StageProps } from './stage-form.tsx';
import { useExisting } from './use-existing.ts';
import { VpcParts } from './vpc-parts.tsx';

/** The first stage: VPCs, the gateway, and what joins them. */
export function NetworkForm({ wrongs, onNext, ...form }: StageProps) {
  const { answers } = form;
  const existing = useExisting(answers.region);
  const known = existing.value.value;
  return (
    <StageForm wrongs={wrongs} onNext={onNext}>
      {(at) => (
        <>
          <Problem of={existing.problem.value} again={() => void existing.refresh(false)} />
          <ShapePart {...form} />
          {answers.network === 'ccn' && <CcnPart {...{ ...form, known, at }} />}
          {answers.network !== 'none' && <VpcParts {...{ ...form, known, at }} />}
          <GatewayPart {...{ ...form, known, at }} />
          {answers.network === 'ccn' && <LinePart {...{ ...form, at }} />}
        </>
      )}
    </StageForm>
  );
}

const networks: readonly NetworkKind[] = ['vpc', 'ccn', 'none'];
const routings: readonly RoutingKind[] = ['routes', 'policies'];

function ShapePart({ answers, change, isMade }: Omit<NetworkPartProps, 'at' | 'known'>) {
  const { Regions } = useWorld().session;
  const { scenario, region, network, routing } = answers;
  const isScratch = scenario === 'scratch';
  if (!isScratch && !choosesRouting(answers) && Regions.length < 2) return null;
  const { gateway, ccn } = answers;
  // What was chosen is of the other region or kind.
  const choosingAnew = { gateway: { ...gateway, existing: null }, ccn: { ...ccn, existing: null } };
  return (
    <Part title={say('create.shape')} isMade={hasBegun({ answers, isMade })}>
      <div class="fields">
        {Regions.length > 1 && (
          <SelectField
            label={say('create.region')}
            value={region}
            choices={Regions.map((value) => ({ value }))}
            onChange={(chosen) => change({ ...withoutExisting(answers), ...choosingAnew, region: chosen })}
          />
        )}
        {isScratch && (
          <SelectField
            label={say('create.network')}
            value={network}
            choices={networks.map((value) => ({ value, name: say(`create.network.${value}`) }))}
            onChange={(chosen) => change({ ...choosingAnew, network: chosen as NetworkKind })}
          />
        )}
        {choosesRouting(answers) && (
          <SelectField
            label={say('create.routing')}
            value={routing}
            choices={routings.map((value) => ({ value, name: say(`create.routing.${value}`) }))}
            onChange={(chosen) => change({ routing: chosen as RoutingKind, ...withoutStandby(answers, chosen) })}
          />
        )}
      </div>
    </Part>
  );
}

function hasBegun({ answers, isMade }: Pick<NetworkPartProps, 'answers' | 'isMade'>): boolean {
  const { vpcs, sites } = answers;
  return [parts.gateway, parts.ccn, ...vpcs.map(parts.vpc), ...sites.map(parts.site)].some(isMade);
}

/** Two tunnels cannot have the same policies. */
function withoutStandby({ sites }: Answers, routing: string): Partial<Answers> {
  if (routing === 'routes') return {};
  return { sites: sites.map((site) => ({ ...site, devices: site.devices.slice(0, 1) })) };
}

function withoutExisting({ vpcs, sites }: Answers): Pick<Answers, 'vpcs' | 'sites'> {
  return {
    vpcs: vpcs.map((vpc) => ({ ...vpc, existing: null })),
    sites: sites.map((site) => ({
      ...site,
      devices: site.devices.map((device) => ({ ...device, existing: null })),
    })),
  };
}

const bandwidths = ['5', '10', '20', '50', '100', '200', '500', '1000', '3000'];

function GatewayPart({ answers, change, isMade, known, at }: NetworkPartProps) {
  const { gateway } = answers;
  const { existing, name, bandwidth } = gateway;
  const fitting = fittingGateways(answers, known);
  return (
    <Part title={say('create.gateway')} isMade={isMade(parts.gateway)}>
      <div class="fields">
        <SelectField
          label={say('create.which')}
          value={existing?.id ?? ''}
          choices={existingChoices(fitting, existing)}
          onChange={(id) =>
            change({ gateway: { ...gateway, existing: fitting?.find((one) => one.id === id) ?? null } })
          }
        />
        {existing === null && (
          <>
            <TextField
              label={say('create.name')}
              value={name}
              onInput={(text) => change({ gateway: { ...gateway, name: text } })}
              {...at('gateway.name')}
            />
            <SelectField
              label={say('create.bandwidth')}
              hint={say('create.bandwidth.hint')}
              value={bandwidth}
              choices={bandwidths.map((value) => ({ value }))}
              onChange={(chosen) => change({ gateway: { ...gateway, bandwidth: chosen } })}
            />
          </>
        )}
      </div>
    </Part>
  );
}

/** Those of the VPC, or of the kind that joins a CCN, that no other CCN has. */
function fittingGateways(answers: Answers, known: Existing | null) {
  const { network, ccn } = answers;
  const [vpc] = vpcsOf(answers);
  return known?.gateways.filter(({ vpcId, ccnId }) => {
    if (network === 'vpc') return vpcId !== '' && vpcId === vpc?.existing?.id;
    return vpcId === '' && (ccnId === '' || (network === 'ccn' && ccnId === ccn.existing?.id));
  });
}
