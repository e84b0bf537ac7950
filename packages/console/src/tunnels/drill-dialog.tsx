import { useState } from 'preact/hooks';
import { call, type Parameters, type Reply } from '../calls/call.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import { SelectField, TextField } from '../forms/fields.tsx';
import { useLoaded } from '../live/loaded.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { addressOf } from '../ranges/range.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import type { Tunnel } from './tunnel.ts';

type Drilled = Reply<'DrillFailover'>;
type SubnetId = Parameters<'DrillFailover'>['SourceSubnetId'];

interface DrillDialogProps {
  readonly tunnel: Tunnel;
  readonly onClose: () => void;
}

interface DrillForm {
  readonly from: string;
  readonly to: string;
  readonly seconds: string;
}

/** To look for an address, and around the drill. */
const besideSeconds = 8;

/** Says what a drill does, does it when that is wanted, and shows what it cost. */
export function DrillDialog({ tunnel, onClose }: DrillDialogProps) {
  const { gateways } = useWorld();
  const { VpnConnectionId, VpnConnectionName, VpnGatewayId } = tunnel;
  const place = gateways.placeOf(VpnGatewayId);
  const subnets = useLoaded(`subnets of ${place.region ?? ''}`, () => ({
    ...{ kinds: ['subnets'], everyMs: 60_000 },
    load: (isBackground: boolean) => readSubnets({ ...place, isBackground }),
  }));
  const [form, setForm] = useState<DrillForm>({ from: '', to: '', seconds: '10' });
  const [isDrilling, setDrilling] = useState(false);
  const [drilled, setDrilled] = useState<Drilled | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const list = subnets.value.value;
  const from = form.from === '' ? list?.[0]?.id : (form.from as SubnetId);
  const Seconds = Number(form.seconds);
  const isAddress = addressOf(form.to.trim()) !== null;
  const drill = async (SourceSubnetId: SubnetId) => {
    setDrilling(true);
    setProblem(null);
    setDrilled(null);
    const request = { VpnConnectionId, SourceSubnetId, DestinationAddress: form.to.trim(), Seconds };
    try {
      setDrilled(await call('DrillFailover', request, place));
    } catch (error) {
      setProblem(error);
    }
    setDrilling(false);
  };
  return (
    <Dialog title={say('drill.title', { name: VpnConnectionName || VpnConnectionId })} onClose={onClose}>
      <p>{say('drill.what')}</p>
      <Problem of={subnets.problem.value} again={() => void subnets.refresh(false)} />
      {list?.length === 0 && <p class="empty">{say('drill.noSubnet')}</p>}
      <DrillFields {...{ form, from, isAddress }} subnets={list ?? []} onForm={setForm} />
      <p role="status">{isDrilling && say('drill.running', { seconds: Seconds + besideSeconds })}</p>
      <Problem of={problem} />
      {drilled !== null && <DrillResult drilled={drilled} />}
      <form method="dialog" class="buttons">
        <button type="submit">{say('close')}</button>
        <button
          type="button"
          class="strong"
          disabled={isDrilling || from === undefined || !isAddress || !isBounded(Seconds)}
          onClick={() => from !== undefined && void drill(from)}
        >
          {say('drill.now')}
        </button>
      </form>
    </Dialog>
  );
}

interface DrillFieldsProps {
  readonly form: DrillForm;
  readonly from: SubnetId | undefined;
  readonly isAddress: boolean;
  readonly subnets: readonly NamedSubnet[];
  readonly onForm: (form: DrillForm) => void;
}

function DrillFields({ form, from, isAddress, subnets, onForm }: DrillFieldsProps) {
  return (
    <>
      <SelectField
        label={say('drill.from')}
        value={from ?? ''}
        choices={subnets.map(({ id, name }) => ({ value: id, name }))}
        onChange={(value) => onForm({ ...form, from: value })}
      />
      <TextField
        label={say('drill.to')}
        value={form.to}
        wrong={form.to !== '' && !isAddress ? say('drill.toWrong') : undefined}
        onInput={(to) => onForm({ ...form, to })}
      />
      <TextField
        label={say('drill.seconds')}
        value={form.seconds}
        onInput={(seconds) => onForm({ ...form, seconds })}
      />
    </>
  );
}

function isBounded(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 3 && seconds <= 20;
}

function DrillResult({ drilled }: { readonly drilled: Drilled }) {
  const { SourceAddress, DestinationAddress, Sent, Lost, LongestLossMs, EndedEarly } = drilled;
  return (
    <div role="status">
      <p>
        <strong>{say('drill.lost', { lost: Lost, sent: Sent, longest: LongestLossMs })}</strong>
      </p>
      <p>{say(EndedEarly ? 'drill.early' : 'drill.whole')}</p>
      <p class="fine">
        {say('drill.ends')} <code>{SourceAddress}</code> → <code>{DestinationAddress}</code>
      </p>
    </div>
  );
}

interface NamedSubnet {
  readonly id: SubnetId;
  readonly name: string;
}

async function readSubnets(options: { readonly region?: string; readonly isBackground: boolean }) {
  const all = await new GentleCalls(call).list('DescribeSubnets', 'SubnetSet', {}, options);
  return all.map(({ SubnetId, SubnetName, CidrBlock }): NamedSubnet => {
    return { id: SubnetId, name: `${CidrBlock} ${SubnetName}`.trim() };
  });
}
