import { useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { TextField } from '../forms/fields.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { addressOf } from '../ranges/range.ts';
import { say } from '../words/said.ts';
import type { Network } from './networks.ts';
import { subnetOf, type Proof, type SubnetId } from './proof.ts';
import { ProofResult } from './proof-result.tsx';

interface ProofDialogProps {
  readonly from: Network;
  readonly source: SubnetId;
  readonly to: Network;
  readonly onClose: () => void;
}

/** Says what is sent, sends it when that is wanted, and shows what became of it. */
export function ProofDialog({ from, source, to, onClose }: ProofDialogProps) {
  const destination = subnetOf(to);
  const [address, setAddress] = useState(to.host);
  const [isSending, setSending] = useState(false);
  const [proof, setProof] = useState<Proof | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const isWrong = destination === null && addressOf(address.trim()) === null;
  const prove = async () => {
    setSending(true);
    setProblem(null);
    setProof(null);
    const target = destination === null ? { DestinationAddress: address.trim() } : { DestinationSubnetId: destination };
    try {
      setProof(await call('ProvePath', { SourceSubnetId: source, ...target }));
    } catch (error) {
      setProblem(error);
    }
    setSending(false);
  };
  const ends = { from: from.range, to: to.range };
  return (
    <Dialog title={say('proof.title', ends)} onClose={onClose}>
      <p>{say(destination === null ? 'proof.whatAddress' : 'proof.whatSubnet', ends)}</p>
      {destination === null && (
        <TextField
          label={say('proof.address')}
          hint={say('proof.addressHint')}
          value={address}
          wrong={isWrong ? say('proof.addressWrong') : undefined}
          onInput={setAddress}
        />
      )}
      <p role="status">{isSending && say('proof.sending')}</p>
      <Problem of={problem} />
      {proof !== null && <ProofResult proof={proof} />}
      <form method="dialog" class="buttons">
        <button type="submit">{say('close')}</button>
        <button type="button" class="strong" disabled={isSending || isWrong} onClick={() => void prove()}>
          {say('proof.send')}
        </button>
      </form>
    </Dialog>
  );
}
