import { useState } from 'preact/hooks';
import { call } from '../../calls/call.ts';
import { AreaField, SelectField } from '../../forms/fields.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../words/said.ts';
import { useWorld } from '../../world.ts';
import type { Tunnel } from '../tunnel.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { dialectNames, verdictOf, type Comparison, type Dialect } from './comparison.ts';

interface ComparisonDialogProps {
  readonly tunnel: Tunnel;
  readonly onClose: () => void;
}

/** What was compared, and what came of it: shown as long as it is what stands in the fields. */
interface Compared {
  readonly text: string;
  readonly dialect: string;
  readonly comparison: Comparison;
}

/** Takes the configuration of the device and tells what differs. The text may hold keys: it is gone with the dialog. */
export function ComparisonDialog({ tunnel, onClose }: ComparisonDialogProps) {
  const { gateways } = useWorld();
  const { VpnConnectionId, VpnGatewayId } = tunnel;
  const [text, setText] = useState('');
  const [dialect, setDialect] = useState('');
  const [compared, setCompared] = useState<Compared | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const compare = async (tunnelName = '') => {
    setAsking(true);
    setProblem(null);
    const asked = {
      ...{ VpnConnectionId, Configuration: text },
      ...(dialect === '' ? {} : { Dialect: dialect as Dialect }),
      ...(tunnelName === '' ? {} : { TunnelName: tunnelName }),
    };
    try {
      const comparison = await call('ComparePeerConfiguration', asked, gateways.placeOf(VpnGatewayId));
      setCompared({ text, dialect, comparison });
    } catch (error) {
      setCompared(null);
      setProblem(error);
    }
    setAsking(false);
  };
  const isOfNow = compared !== null && compared.text === text && compared.dialect === dialect;
  return (
    <Dialog title={say('peer.file')} onClose={onClose}>
      <div class="broad">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void compare();
          }}
        >
          <AreaField
            label={say('peer.theirFile')}
            hint={say('peer.theirFileHint')}
            value={text}
            onInput={setText}
            rows={10}
          />
          <SelectField
            label={say('peer.dialect')}
            value={dialect}
            choices={[{ value: '', name: say('peer.recognized') }, ...dialectNames.map((value) => ({ value }))]}
            onChange={setDialect}
          />
          <button type="submit" class="strong" disabled={isAsking || text.trim() === ''}>
            {say('peer.compareNow')}
          </button>
        </form>
        <Problem of={problem} />
        {isOfNow && <Outcome comparison={compared.comparison} onChoose={(name) => void compare(name)} />}
      </div>
      <form method="dialog" class="buttons">
        <button type="submit">{say('close')}</button>
      </form>
    </Dialog>
  );
}

interface OutcomeProps {
  readonly comparison: Comparison;
  readonly onChoose: (tunnelName: string) => void;
}

const verdictKinds = {
  choose: 'unknown',
  breaks: 'bad',
  warns: 'waiting',
  notes: 'unknown',
  unsure: 'unknown',
  equal: 'good',
} as const;

function Outcome({ comparison, onChoose }: OutcomeProps) {
  const verdict = verdictOf(comparison);
  return (
    <section>
      <p class={`verdict ${verdictKinds[verdict]}`} role="status">
        {say(`peer.verdict.${verdict}`)}
      </p>
      {verdict === 'choose' ? (
        <ul>
          {comparison.CandidateSet.map(({ Name, Line }) => (
            <li key={Name}>
              <button type="button" class="quiet" onClick={() => onChoose(Name)}>
                {Name}
              </button>{' '}
              <span class="fine">{say('peer.line', { line: Line })}</span>
            </li>
          ))}
        </ul>
      ) : (
        <ComparisonTable comparison={comparison} />
      )}
    </section>
  );
}
