import { SelectField, TextField } from '../forms/fields.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { changed, newSubnet, newVpc, vpcsOf, type SubnetAnswer, type VpcAnswer } from './answers.ts';
import { parts } from './plan-of.ts';
import { existingChoices, Part, type NetworkPartProps, type WrongAt } from './stage-form.tsx';

/** One VPC, or those that a CCN joins. */
export function VpcParts({ answers, change, isMade, known, at }: NetworkPartProps) {
  const isAlone = answers.network === 'vpc';
  const shown = vpcsOf(answers);
  const changeVpc = (vpc: VpcAnswer, changes: Partial<VpcAnswer>) => {
    const { vpcs, gateway } = answers;
    // A gateway belongs to its VPC.
    const anotherGateway = isAlone && 'existing' in changes ? { gateway: { ...gateway, existing: null } } : {};
    change({ vpcs: changed(vpcs, vpc.id, changes), ...anotherGateway });
  };
  return (
    <>
      {shown.map((vpc, index) => (
        <VpcPart
          key={vpc.id}
          title={isAlone ? say('create.vpc') : say('create.vpcNumber', { number: index + 1 })}
          isMade={isMade(parts.vpc(vpc)) || (isAlone && isMade(parts.gateway))}
          onChange={(changes) => changeVpc(vpc, changes)}
          {...(shown.length > 1 && !isMade(parts.vpc(vpc))
            ? { onRemove: () => change({ vpcs: answers.vpcs.filter(({ id }) => id !== vpc.id) }) }
            : {})}
          {...{ vpc, known, at }}
        />
      ))}
      {!isAlone && (
        <button type="button" onClick={() => change({ vpcs: [...answers.vpcs, newVpc(answers.vpcs.length + 1)] })}>
          {say('create.addVpc')}
        </button>
      )}
    </>
  );
}

interface VpcPartProps extends Pick<NetworkPartProps, 'known' | 'at'> {
  readonly title: string;
  readonly vpc: VpcAnswer;
  readonly isMade: boolean;
  readonly onChange: (changes: Partial<VpcAnswer>) => void;
  readonly onRemove?: () => void;
}

function VpcPart({ title, vpc, isMade, known, at, onChange, onRemove }: VpcPartProps) {
  const { id, existing, name, range, subnets } = vpc;
  const choices = known?.vpcs.map((one) => ({ ...one, name: `${one.name} (${one.ranges.join(', ')})` }));
  return (
    <Part title={title} isMade={isMade}>
      <div class="fields">
        <SelectField
          label={say('create.which')}
          value={existing?.id ?? ''}
          choices={existingChoices(choices, existing)}
          onChange={(chosen) => onChange({ existing: known?.vpcs.find((one) => one.id === chosen) ?? null })}
          {...at(`vpc.${id}.existing`)}
        />
        {existing === null && (
          <>
            <TextField
              label={say('create.name')}
              value={name}
              onInput={(text) => onChange({ name: text })}
              {...at(`vpc.${id}.name`)}
            />
            <TextField
              label={say('create.range')}
              hint={say('create.range.hint')}
              value={range}
              onInput={(text) => onChange({ range: text })}
              {...at(`vpc.${id}.range`)}
            />
          </>
        )}
      </div>
      {existing === null && <SubnetParts {...{ subnets, at }} onChange={(changes) => onChange({ subnets: changes })} />}
      {onRemove !== undefined && <RemoveButton name={title} onClick={onRemove} />}
    </Part>
  );
}

interface SubnetPartsProps {
  readonly subnets: readonly SubnetAnswer[];
  readonly at: WrongAt;
  readonly onChange: (subnets: readonly SubnetAnswer[]) => void;
}

function SubnetParts({ subnets, at, onChange }: SubnetPartsProps) {
  const { IsAdministrator } = useWorld().session;
  return (
    <>
      {subnets.map(({ id, ...subnet }, index) => {
        const title = say('create.subnetNumber', { number: index + 1 });
        const field = (name: 'name' | 'range' | 'interfaceName' | 'vlan') => ({
          value: subnet[name],
          onInput: (text: string) => onChange(changed(subnets, id, { [name]: text })),
        });
        return (
          <Part key={id} title={title}>
            <div class="fields">
              <TextField label={say('create.name')} {...field('name')} {...at(`subnet.${id}.name`)} />
              <TextField label={say('create.range')} {...field('range')} {...at(`subnet.${id}.range`)} />
              {IsAdministrator && (
                <>
                  <TextField
                    label={say('create.interface')}
                    hint={say('create.interface.hint')}
                    {...field('interfaceName')}
                    {...at(`subnet.${id}.interface`)}
                  />
                  <TextField
                    label={say('create.vlan')}
                    hint={say('create.vlan.hint')}
                    {...field('vlan')}
                    {...at(`subnet.${id}.vlan`)}
                  />
                </>
              )}
            </div>
            <RemoveButton name={title} onClick={() => onChange(subnets.filter((one) => one.id !== id))} />
          </Part>
        );
      })}
      <button type="button" onClick={() => onChange([...subnets, newSubnet('', subnets.length + 1)])}>
        {say('create.addSubnet')}
      </button>
    </>
  );
}

interface RemoveButtonProps {
  readonly name: string;
  readonly onClick: () => void;
}

export function RemoveButton({ name, onClick }: RemoveButtonProps) {
  return (
    <button type="button" class="quiet" onClick={onClick}>
      {say('create.remove', { name })}
    </button>
  );
}
