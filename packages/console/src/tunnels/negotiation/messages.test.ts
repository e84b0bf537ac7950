import { expect, it } from 'vitest';
import { hasBeginning, isComplete, lastNegotiation, type Line } from './messages.ts';

let count = 0;
const line = (Text: string): Line => ({
  ...{ LineId: `line-${(count += 1)}`, Time: new Date(count).toISOString(), ResourceId: 'vpnx-00000001' },
  ...{ Kind: 'ike', Text, State: '', Finding: null, IsFirst: false, IsOver: false },
});

const partsOf = (...texts: readonly string[]) => lastNegotiation(texts.map(line));

/** Of each part its kind and its messages. */
const shown = (...texts: readonly string[]) =>
  partsOf(...texts).map(({ kind, messages }) => [
    kind,
    ...messages.map(({ from, name, payloads, remarks }) => [from, name, payloads, ...remarks]),
  ]);

const init = 'ENC generating IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) ]';
const setUp = [init, 'ENC parsed IKE_SA_INIT response 0 [ SA KE No ]', 'ENC parsed IKE_AUTH response 1 [ IDr AUTH ]'];

it('the last negotiation is told from its beginning, with what charon said of each message', () => {
  const told = shown(
    ...[init, 'ENC parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', init, 'NET sending packet: from a to b'],
    ...['ENC parsed IKE_SA_INIT response 0 [ SA KE No ]', 'CFG selected proposal: IKE:AES_GCM_16_128'],
    ...['ENC generating IKE_AUTH request 1 [ IDi AUTH ]', 'ENC parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]'],
    'IKE received AUTHENTICATION_FAILED notify error',
  );
  expect(told).toEqual([
    [
      'set-up',
      ['us', 'IKE_SA_INIT request 0', 'SA KE No N(NATD_S_IP)'],
      ['peer', 'IKE_SA_INIT response 0', 'SA KE No', 'selected proposal: IKE:AES_GCM_16_128'],
      ['us', 'IKE_AUTH request 1', 'IDi AUTH'],
      ['peer', 'IKE_AUTH response 1', 'N(AUTH_FAILED)', 'received AUTHENTICATION_FAILED notify error'],
    ],
  ]);
});

it('a peer that wants another group, or a cookie first, is part of it', () => {
  for (const wish of ['INVAL_KE', 'COOKIE']) {
    const told = partsOf(init, `ENC parsed IKE_SA_INIT response 0 [ N(${wish}) ]`, init);
    expect(told.map(({ messages }) => messages.map(({ payloads }) => payloads))).toEqual([
      ['SA KE No N(NATD_S_IP)', `N(${wish})`, 'SA KE No N(NATD_S_IP)'],
    ]);
  }
});

it('what renews SAs follows it, each by itself, with what ends the old one; whether the peer is alive is none of it', () => {
  const child = 'ENC generating CREATE_CHILD_SA request';
  const told = shown(
    ...[...setUp, 'IKE CHILD_SA vpnx-1{1} established with SPIs a_i b_o and TS c === d'],
    ...['ENC generating INFORMATIONAL request 2 [ ]', 'ENC parsed INFORMATIONAL response 2 [ ]'],
    ...[`${child} 3 [ N(REKEY_SA) SA No KE TSi TSr ]`, 'ENC parsed CREATE_CHILD_SA response 3 [ SA No KE TSi TSr ]'],
    ...['IKE CHILD_SA vpnx-1{2} established with SPIs', 'ENC generating INFORMATIONAL request 4 [ D ]'],
    ...[`${child} 5 [ SA No TSi TSr ]`, 'ENC parsed CREATE_CHILD_SA response 5 [ N(TS_UNACCEPT) ]'],
    ...['ENC parsed CREATE_CHILD_SA request 0 [ SA No KE ]', 'ENC generating CREATE_CHILD_SA response 0 [ SA No KE ]'],
    'IKE IKE_SA vpnx-1[2] rekeyed between a[a]...b[b]',
  );
  expect(told.map(([kind, ...messages]) => [kind, messages.length])).toEqual([
    ['set-up', 3],
    ['child-renewed', 3],
    ['child-added', 2],
    ['ike-renewed', 2],
  ]);
  expect(told[1]?.at(-1)).toEqual(['us', 'INFORMATIONAL request 4', 'D']);
});

it('is complete where something was made by it', () => {
  const parts = partsOf(
    ...[...setUp, 'IKE CHILD_SA vpnx-1{1} established with SPIs a_i b_o'],
    ...['ENC generating CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No TSi TSr ]'],
    ...['ENC parsed CREATE_CHILD_SA response 2 [ N(NO_PROP) ]', 'IKE received NO_PROPOSAL_CHOSEN notify'],
    ...['ENC generating CREATE_CHILD_SA request 3 [ SA No KE ]', 'IKE IKE_SA vpnx-1[2] rekeyed between a...b'],
  );
  expect(parts.map(isComplete)).toEqual([true, false, true]);
});

it('the first quick mode of IKEv1 is part of what sets the peer up, and those that follow renew', () => {
  const quick = (which: string) => `ENC generating QUICK_MODE request ${which} [ HASH SA No KE ID ID ]`;
  const told = shown(
    ...['ENC parsed ID_PROT request 0 [ SA V V ]', 'ENC generating ID_PROT response 0 [ SA V ]'],
    ...['ENC parsed ID_PROT request 0 [ KE No ]', 'ENC generating INFORMATIONAL_V1 request 7 [ HASH N(DPD) ]'],
    ...[quick('100'), 'ENC parsed QUICK_MODE response 100 [ HASH SA No KE ID ID ]'],
    ...['ENC generating QUICK_MODE request 100 [ HASH ]', quick('200')],
    'ENC parsed INFORMATIONAL_V1 request 8 [ HASH N(INVAL_ID) ]',
  );
  expect(told.map(([kind, ...messages]) => [kind, messages.map(([, name]) => name)])).toEqual([
    [
      'set-up',
      [
        ...['ID_PROT request 0', 'ID_PROT response 0', 'ID_PROT request 0', 'QUICK_MODE request 100'],
        ...['QUICK_MODE response 100', 'QUICK_MODE request 100'],
      ],
    ],
    ['child-renewed', ['QUICK_MODE request 200', 'INFORMATIONAL_V1 request 8']],
  ]);
});

it('where the beginning is not known, what renewed SAs since is told all the same, and nothing that belongs to what is not', () => {
  const parts = partsOf(
    ...['ENC parsed IKE_AUTH response 1 [ IDr AUTH ]', 'ENC generating INFORMATIONAL request 2 [ D ]'],
    ...['ENC generating CREATE_CHILD_SA request 4 [ SA No KE ]', 'ENC parsed CREATE_CHILD_SA response 4 [ SA No KE ]'],
  );
  expect(hasBeginning(parts)).toBe(false);
  expect(parts.map(({ kind, messages }) => [kind, messages.length])).toEqual([['ike-renewed', 2]]);
  expect([hasBeginning(partsOf(...setUp)), hasBeginning([])]).toEqual([true, false]);
});
