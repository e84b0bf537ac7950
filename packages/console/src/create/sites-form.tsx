import { AreaField, CheckField, SelectField, TextField } from '../forms/fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import {
  changed,
  hasManySites,
  newDevice,
  newSite,
  protections,
  routingOf,
  type DeviceAnswer,
  type Protection,
  type SiteAnswer,
} from './answers.ts';
import type { Peer } from './existing.ts';
import { parts } from './plan-of.ts';
import { existingChoices, Part, StageForm, type StageProps, type WrongAt } from './stage-form.tsx';
import { useExisting } from './use-existing.ts';
import { RemoveButton } from './vpc-parts.tsx';

interface SitesFormProps extends StageProps {
  readonly onBack: () => void;
}

/** The second stage: what is at the other end of tunnels. */
export function SitesForm({ answers, change, isMade, wrongs, onBack, onNext }: SitesFormProps) {
  const existing = useExisting(answers.region);
  const peers = existing.value.value?.peers;
  const { scenario, sites } = answers;
  const hasMany = hasManySites(scenario);
  const mayStandBy = scenario === 'scratch' && routingOf(answers) === 'routes';
  return (
    <StageForm {...{ wrongs, onBack, onNext }}>
      {(at) => (
        <>
          <Problem of={existing.problem.value} again={() => void existing.refresh(false)} />
          {sites.map((site, index) => (
            <SitePart
              key={site.id}
              title={say('create.siteNumber', { number: index + 1 })}
              isMade={isMade(parts.site(site))}
              onChange={(changes) => change({ sites: changed(sites, site.id, changes) })}
              {...(hasMany && sites.length > 1 && !isMade(parts.site(site))
                ? { onRemove: () => change({ sites: sites.filter(({ id }) => id !== site.id) }) }
                : {})}
              {...{ site, peers, at, mayStandBy }}
            />
          ))}
          {hasMany && (
            <button type="button" onClick={() => change({ sites: [...sites, newSite(sites.length + 1, false)] })}>
              {say('create.addSite')}
            </button>
          )}
        </>
      )}
    </StageForm>
  );
}

interface SitePartProps {
  readonly title: string;
  readonly site: SiteAnswer;
  readonly peers: readonly Peer[] | undefined;
  readonly isMade: boolean;
  /** Whether it is asked for a second device. */
  readonly mayStandBy: boolean;
  readonly at: WrongAt;
  readonly onChange: (changes: Partial<SiteAnswer>) => void;
  readonly onRemove?: () => void;
}

function SitePart({ title, site, peers, isMade, mayStandBy, at, onChange, onRemove }: SitePartProps) {
  const { id, name, networks, protection, devices } = site;
  return (
    <Part title={title} isMade={isMade}>
      <div class="fields">
        <TextField
          label={say('create.name')}
          value={name}
          onInput={(text) => onChange({ name: text })}
          {...at(`site.${id}.name`)}
        />
        <AreaField
          label={say('create.networks')}
          hint={say('create.networks.hint')}
          rows={2}
          value={networks}
          onInput={(text) => onChange({ networks: text })}
          {...at(`site.${id}.networks`)}
        />
        <SelectField
          label={say('create.protection')}
          value={protection}
          choices={protections.map((value) => ({ value, name: say(`create.protection.${value}`) }))}
          onChange={(chosen) => onChange({ protection: chosen as Protection })}
        />
      </div>
      {devices.map((device, index) => (
        <DevicePart
          key={device.id}
          title={deviceTitle(index, devices.length)}
          onChange={(changes) => onChange({ devices: changed(devices, device.id, changes) })}
          {...{ device, peers, at }}
        />
      ))}
      {mayStandBy && (
        <CheckField
          label={say('create.hasStandby')}
          checked={devices.length > 1}
          onChange={(isThere) =>
            onChange({ devices: isThere ? [...devices.slice(0, 1), newDevice()] : devices.slice(0, 1) })
          }
        />
      )}
      {onRemove !== undefined && <RemoveButton name={title} onClick={onRemove} />}
    </Part>
  );
}

function deviceTitle(index: number, count: number): string {
  if (count === 1) return say('create.device');
  return say(index === 0 ? 'create.deviceFirst' : 'create.deviceStandby');
}

interface DevicePartProps extends Pick<SitePartProps, 'title' | 'peers' | 'at'> {
  readonly device: DeviceAnswer;
  readonly onChange: (changes: Partial<DeviceAnswer>) => void;
}

function DevicePart({ title, device, peers, at, onChange }: DevicePartProps) {
  const { id, existing, address, key } = device;
  const choices = peers?.map((peer) => ({ ...peer, name: `${peer.name} (${peer.address})` }));
  const wrongAddress = at(`device.${id}.address`);
  return (
    <Part title={title}>
      <div class="fields">
        <SelectField
          label={say('create.peer')}
          value={existing?.id ?? ''}
          choices={existingChoices(choices, existing)}
          onChange={(chosen) => onChange({ existing: peers?.find((peer) => peer.id === chosen) ?? null })}
          {...(existing === null ? {} : wrongAddress)}
        />
        {existing === null && (
          <TextField
            label={say('create.address')}
            hint={say('create.address.hint')}
            value={address}
            onInput={(text) => onChange({ address: text })}
            {...wrongAddress}
          />
        )}
        <TextField
          type="password"
          label={say('create.key')}
          hint={say('create.key.hint')}
          value={key}
          onInput={(text) => onChange({ key: text })}
          {...at(`device.${id}.key`)}
        />
      </div>
    </Part>
  );
}
