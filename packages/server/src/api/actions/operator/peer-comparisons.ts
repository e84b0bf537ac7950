import type { peerComparisonActions, WireDifference } from '@landbridge/catalogue/operator/peer-comparisons';
import { chooseTunnel } from '@landbridge/peer-config/reading/choose-tunnel';
import { compare, type Comparison } from '@landbridge/peer-config/reading/compare';
import type { ComparedTunnel, Difference } from '@landbridge/peer-config/reading/difference';
import type { Dialect, PeerFile } from '@landbridge/peer-config/reading/found-tunnel';
import { PeerFileError } from '@landbridge/peer-config/reading/peer-file-error';
import { readPeerFile } from '@landbridge/peer-config/reading/read-peer-file';
import { recognizeDialect } from '@landbridge/peer-config/reading/recognize-dialect';
import { seesSecrets } from '../../../domain/operator/principal.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';

/** What differs between a tunnel and a device. The configuration is read in memory and forgotten: it may hold keys. */
export function peerComparisonHandlers({ peerModels }: Services): Handlers<typeof peerComparisonActions> {
  return {
    ComparePeerConfiguration: async (caller, parameters) => {
      const { VpnConnectionId: id, Configuration: text, TunnelName: name } = parameters;
      const ours = await peerModels.compared(caller, id);
      const dialect = parameters.Dialect ?? recognizeDialect(text) ?? refuse('peer-dialect-unknown');
      const file = read(text, dialect, ours);
      const choice = chooseTunnel(file.tunnels, ours, name);
      if (!('tunnel' in choice)) {
        const candidates = choice.candidates.map((tunnel) => ({ Name: tunnel.name, Line: tunnel.line }));
        const nothing = { Key: 'not-in-the-file', DifferenceSet: [], UnknownSet: [] } as const;
        return { Dialect: dialect, ...nothing, NoteSet: wireNotes(file), TunnelName: '', CandidateSet: candidates };
      }
      const { differences, unknown, key } = withoutKey(caller, compare(ours, choice.tunnel, dialect));
      return {
        Dialect: dialect,
        NoteSet: wireNotes(file),
        TunnelName: choice.tunnel.name,
        Key: key,
        DifferenceSet: differences.map(wireDifference),
        UnknownSet: unknown,
        CandidateSet: [],
      };
    },
  };
}

/** Who may not see the key cannot find it by guessing either. */
function withoutKey({ principal }: Caller, { differences, unknown, key }: Comparison) {
  if (seesSecrets(principal)) return { differences, unknown, key };
  return { differences: differences.filter(({ field }) => field !== 'key'), unknown, key: 'hidden' } as const;
}

const mostNotes = 100;

function wireNotes({ notes }: PeerFile) {
  return notes.slice(0, mostNotes).map(({ line, text }) => ({ Line: line, Text: text }));
}

function read(text: string, dialect: Dialect, { device }: ComparedTunnel): PeerFile {
  try {
    return readPeerFile(text, dialect, device.publicAddress);
  } catch (error) {
    if (!(error instanceof PeerFileError)) throw error;
    return refuse('peer-file-unreadable', {
      problem: { en: error.message, zh: `第 ${error.line} 行的内容不符合该格式` },
    });
  }
}

function wireDifference({ field, severity, ours, theirs, line, fixHere, fixThere }: Difference): WireDifference {
  const words = { Ours: ours, Theirs: theirs, FixHere: fixHere, FixThere: fixThere };
  return { Field: field, Severity: severity, Line: line ?? 0, ...words };
}
