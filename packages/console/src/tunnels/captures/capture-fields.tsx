import { useState } from 'preact/hooks';
import { call } from '../../calls/call.ts';
import { CheckField, SelectField, TextField } from '../../forms/fields.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { orderOf, protocols, usualForm, type CaptureForm } from './capture-order.ts';

interface CaptureFieldsProps {
  readonly tunnel: Tunnel;
  readonly onStarted: () => void;
}

/** What to capture, and when to end. */
export function CaptureFields({ tunnel, onStarted }: CaptureFieldsProps) {
  const { VpnConnectionId, VpnGatewayId } = tunnel;
  const [form, setForm] = useState<CaptureForm>(() => usualForm(VpnConnectionId));
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const start = async () => {
    setAsking(true);
    setProblem(null);
    try {
      await call('CreatePacketCapture', orderOf(form));
      onStarted();
    } catch (error) {
      setProblem(error);
    }
    setAsking(false);
  };
  const field = (name: Exclude<keyof CaptureForm, 'resourceId' | 'includesKeys'>) => ({
    value: form[name],
    onInput: (value: string) => setForm({ ...form, [name]: value }),
  });
  const isOuter = form.resourceId === VpnGatewayId;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <SelectField
        label={say('capture.where')}
        hint={isOuter ? say('capture.outerHint') : undefined}
        value={form.resourceId}
        choices={[
          { value: VpnConnectionId, name: say('capture.inner') },
          { value: VpnGatewayId, name: say('capture.outer') },
        ]}
        onChange={(value) => setForm({ ...form, resourceId: value === VpnGatewayId ? VpnGatewayId : VpnConnectionId })}
      />
      <div class="fields">
        <SelectField
          label={say('capture.protocol')}
          value={form.protocol}
          choices={[{ value: '', name: say('capture.anyProtocol') }, ...protocols.map((value) => ({ value }))]}
          onChange={(protocol) => setForm({ ...form, protocol })}
        />
        <TextField label={say('capture.source')} hint={say('capture.cidrHint')} {...field('source')} />
        <TextField label={say('capture.destination')} hint={say('capture.cidrHint')} {...field('destination')} />
        <TextField label={say('capture.port')} hint={say('capture.portHint')} {...field('port')} />
        <TextField label={say('capture.seconds')} {...field('seconds')} />
        <TextField label={say('capture.packets')} {...field('packets')} />
        <TextField label={say('capture.size')} {...field('mebibytes')} />
        <TextField label={say('capture.snap')} hint={say('capture.snapHint')} {...field('snapLength')} />
      </div>
      <CheckField
        label={say('capture.withKeys')}
        checked={form.includesKeys}
        onChange={(includesKeys) => setForm({ ...form, includesKeys })}
      />
      {form.includesKeys && (
        <p class="problem" role="alert">
          {say('capture.keysWarning')} {isOuter && say('capture.keysOfAll')}
        </p>
      )}
      <p class="bar">
        <button type="submit" class="strong" disabled={isAsking}>
          {say(form.includesKeys ? 'capture.startWithKeys' : 'capture.start')}
        </button>
        <span class="fine">{say('capture.kept')}</span>
      </p>
      <Problem of={problem} />
    </form>
  );
}
