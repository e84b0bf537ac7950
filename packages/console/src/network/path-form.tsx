import { useId, useState } from 'preact/hooks';
import { useSearchParams } from 'wouter-preact';
import { SelectField, TextField } from '../forms/fields.tsx';
import { say } from '../words/said.ts';
import { endOfNetwork, type Network } from './networks.ts';
import { endOf, protocols, searchWith } from './path-ends.ts';

const mostOffered = 200;

/** Two ends: what is asked for becomes part of the address. To be made anew when that is another one. */
export function PathForm({ networks }: { readonly networks: readonly Network[] }) {
  const [search, setSearch] = useSearchParams();
  const [from, setFrom] = useState(search.get('from') ?? '');
  const [to, setTo] = useState(search.get('to') ?? '');
  const [protocol, setProtocol] = useState(search.get('protocol') ?? '');
  const [port, setPort] = useState(search.get('port') ?? '');
  const [isTried, setTried] = useState(false);
  const offered = useId();
  const isPort = port === '' || (/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
  const wrongEnd = (text: string) => (isTried && endOf(text) === null ? say('path.endWrong') : undefined);
  const go = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (endOf(from) === null || endOf(to) === null || !isPort) return;
    setSearch(searchWith(search, { from: from.trim(), to: to.trim(), protocol, port }));
  };
  return (
    <form class="path-form" onSubmit={go} noValidate>
      <EndField label={say('path.from')} value={from} onInput={setFrom} wrong={wrongEnd(from)} list={offered} />
      <EndField label={say('path.to')} value={to} onInput={setTo} wrong={wrongEnd(to)} list={offered} />
      <SelectField
        label={say('path.protocol')}
        value={protocol}
        choices={[{ value: '', name: say('path.any') }, ...protocols.map((value) => ({ value }))]}
        onChange={setProtocol}
      />
      <TextField
        label={say('path.port')}
        value={port}
        onInput={setPort}
        wrong={isTried && !isPort ? say('path.portWrong') : undefined}
      />
      <button type="submit" class="strong">
        {say('path.go')}
      </button>
      <datalist id={offered}>
        {networks.slice(0, mostOffered).map((network) => (
          <option key={network.id} value={endOfNetwork(network)}>
            {`${network.range} ${network.name}`}
          </option>
        ))}
      </datalist>
    </form>
  );
}

interface EndFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly wrong: string | undefined;
  /** The id of what is offered. */
  readonly list: string;
}

function EndField({ label, value, onInput, wrong, list }: EndFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...{ id, value, list }}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${id}-below`}
        aria-invalid={wrong !== undefined}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <p id={`${id}-below`} class={wrong === undefined ? 'fine' : 'wrong'}>
        {wrong ?? say('path.endHint')}
      </p>
    </div>
  );
}
