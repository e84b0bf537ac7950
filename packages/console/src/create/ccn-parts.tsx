import { AreaField, CheckField, SelectField, TextField } from '../forms/fields.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { emptyLine, type LineAnswer } from './answers.ts';
import { parts } from './plan-of.ts';
import { existingChoices, Part, type NetworkPartProps } from './stage-form.tsx';

export function CcnPart({ answers, change, isMade, known, at }: NetworkPartProps) {
  const { ccn, gateway } = answers;
  const { existing, name } = ccn;
  return (
    <Part title={say('create.ccn')} isMade={[parts.ccn, parts.gateway].some(isMade)}>
      <div class="fields">
        <SelectField
          label={say('create.which')}
          value={existing?.id ?? ''}
          choices={existingChoices(known?.ccns, existing)}
          onChange={(id) =>
            change({
              ccn: { ...ccn, existing: known?.ccns.find((one) => one.id === id) ?? null },
              gateway: { ...gateway, existing: null },
            })
          }
        />
        {existing === null && (
          <TextField
            label={say('create.name')}
            value={name}
            onInput={(text) => change({ ccn: { ...ccn, name: text } })}
            {...at('ccn.name')}
          />
        )}
      </div>
    </Part>
  );
}

/** A data centre on a dedicated line; who is no administrator has the line attached by one. */
export function LinePart({ answers, change, isMade, at }: Omit<NetworkPartProps, 'known'>) {
  const { IsAdministrator } = useWorld().session;
  const { line } = answers;
  const field = (name: keyof LineAnswer) => ({
    value: line?.[name] ?? '',
    onInput: (text: string) => change({ line: { ...(line ?? emptyLine), [name]: text } }),
  });
  return (
    <Part title={say('create.line')} isMade={isMade(parts.line)}>
      <CheckField
        label={say('create.hasLine')}
        checked={line !== null}
        onChange={(isThere) => change({ line: isThere ? emptyLine : null })}
      />
      {line !== null && (
        <div class="fields">
          <TextField label={say('create.name')} {...field('name')} {...at('line.name')} />
          <AreaField
            label={say('create.networks')}
            hint={say('create.networks.hint')}
            {...field('networks')}
            {...at('line.networks')}
          />
          {IsAdministrator && (
            <TextField
              label={say('create.interface')}
              hint={say('create.interface.hint')}
              {...field('interfaceName')}
              {...at('line.interface')}
            />
          )}
          {line.interfaceName.trim() !== '' && (
            <>
              <TextField
                label={say('create.vlan')}
                hint={say('create.vlan.hint')}
                {...field('vlan')}
                {...at('line.vlan')}
              />
              <TextField
                label={say('create.lineLocal')}
                hint={say('create.lineLocal.hint')}
                {...field('localAddress')}
                {...at('line.localAddress')}
              />
              <TextField label={say('create.linePeer')} {...field('peerAddress')} {...at('line.peerAddress')} />
            </>
          )}
        </div>
      )}
    </Part>
  );
}
