import { checkPeerModel } from './check-peer-model.ts';
import type { Dialect, PeerConfiguration } from './dialect.ts';
import { withheldNote } from './notes.ts';
import type { PeerModel } from './peer-model.ts';

/** The files of a device. Throws PeerConfigurationRefusal where the platform cannot do what the model says. */
export function peerConfiguration(dialect: Dialect, model: PeerModel): PeerConfiguration {
  checkPeerModel(model);
  const { files, notes } = dialect.write(model);
  return { files, notes: [...notes, ...withheldNote(model)] };
}
