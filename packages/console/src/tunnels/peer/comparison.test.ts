import { expect, it } from 'vitest';
import { byGravity, verdictOf, type Comparison, type Difference } from './comparison.ts';

const difference = (Field: Difference['Field'], Severity: Difference['Severity']): Difference => ({
  ...{ Field, Severity, Ours: '', Theirs: '', Line: 1, FixHere: '', FixThere: '' },
});

const compared = (more: Partial<Comparison> = {}): Comparison => ({
  ...{ Dialect: 'swanctl', TunnelName: 'berlin', Key: 'equal', RequestId: '' },
  ...{ DifferenceSet: [], UnknownSet: [], NoteSet: [], CandidateSet: [] },
  ...more,
});

it('the gravest difference decides, wherever it stands', () => {
  const notes = difference('initiation', 'notes');
  const warns = difference('dpd', 'warns');
  const breaks = difference('ike-group', 'breaks');
  expect(verdictOf(compared({ DifferenceSet: [notes, breaks, warns] }))).toBe('breaks');
  expect(verdictOf(compared({ DifferenceSet: [notes, warns] }))).toBe('warns');
  expect(verdictOf(compared({ DifferenceSet: [notes] }))).toBe('notes');
  expect(byGravity([notes, breaks, warns])).toEqual([breaks, warns, notes]);
});

it('nothing differs only where everything was told, the key too', () => {
  expect(verdictOf(compared())).toBe('equal');
  expect(verdictOf(compared({ UnknownSet: ['dpd'] }))).toBe('unsure');
  for (const Key of ['hidden', 'unreadable', 'not-in-the-file'] as const)
    expect([Key, verdictOf(compared({ Key }))]).toEqual([Key, 'unsure']);
});

it('a file of several tunnels says nothing before one of them is chosen', () => {
  const CandidateSet = [{ Name: 'first', Line: 1 }];
  expect(verdictOf(compared({ TunnelName: '', CandidateSet }))).toBe('choose');
  expect(verdictOf(compared({ TunnelName: 'first', CandidateSet }))).toBe('equal');
});
