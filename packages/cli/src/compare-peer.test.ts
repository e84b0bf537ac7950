import { expect, test } from 'vitest';
import { renderComparison, type WireComparison } from './compare-peer.ts';

const nothing: WireComparison = {
  ...{ Dialect: 'vyos', TunnelName: 'CLOUD', Key: 'equal' },
  ...{ DifferenceSet: [], UnknownSet: [], NoteSet: [], CandidateSet: [] },
};

test('what stops the tunnel comes first, with the line and what to change on either side', () => {
  const lifetime = { Field: 'ike-lifetime', Severity: 'notes', Ours: '86400 s', Theirs: '28800 s', Line: 0 } as const;
  const group = { Field: 'ike-group', Severity: 'breaks', Ours: 'group 19', Theirs: 'group 14', Line: 7 } as const;
  const lines = renderComparison({
    ...nothing,
    DifferenceSet: [
      { ...lifetime, FixHere: 'IKESaLifetimeSeconds', FixThere: 'lifetime 86400' },
      { ...group, FixHere: 'nothing', FixThere: 'dh-group 19' },
    ],
    UnknownSet: ['key'],
    NoteSet: [{ Line: 3, Text: 'the file that is included here was not read' }],
  });
  expect(lines).toEqual([
    'CLOUD (vyos): 2 differ; the key is equal',
    '! ike-group     ours group 19, theirs group 14 (line 7)',
    '                there: dh-group 19',
    '- ike-lifetime  ours 86400 s, theirs 28800 s (by default)',
    '                there: lifetime 86400',
    '                or here: IKESaLifetimeSeconds',
    '  the file does not say: key',
    '  line 3: the file that is included here was not read',
  ]);
});

test('nothing differs, or nobody can tell which tunnel is meant', () => {
  expect(renderComparison(nothing)).toEqual(['CLOUD (vyos): nothing differs; the key is equal']);
  const unclear = { ...nothing, TunnelName: '', CandidateSet: [{ Name: 'HUB', Line: 4 }] };
  expect(renderComparison(unclear)).toEqual(['name one of these tunnels with --tunnel:', '  HUB (line 4)']);
  expect(renderComparison({ ...nothing, TunnelName: '' })).toEqual(['there is no tunnel in the file']);
});
