import { expect, it } from 'vitest';
import { lastNegotiation, type Line } from './messages.ts';

let count = 0;
const line = (Text: string): Line => ({
  ...{ LineId: `line-${(count += 1)}`, Time: new Date(count).toISOString(), ResourceId: 'vpnx-00000001' },
  ...{ Kind: 'ike', Text, State: '', Finding: null, IsFirst: false, IsOver: false },
});

const shown = (...texts: readonly string[]) =>
  lastNegotiation(texts.map(line)).map(({ from, name, payloads, remarks }) => [from, name, payloads, ...remarks]);

const init = 'ENC generating IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) ]';

it('the last negotiation is told from its beginning, with what charon said of each message', () => {
  const told = shown(
    ...[init, 'ENC parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', init, 'NET sending packet: from a to b'],
    ...['ENC parsed IKE_SA_INIT response 0 [ SA KE No ]', 'CFG selected proposal: IKE:AES_GCM_16_128'],
    ...['ENC generating IKE_AUTH request 1 [ IDi AUTH ]', 'ENC parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]'],
    'IKE received AUTHENTICATION_FAILED notify error',
  );
  expect(told).toEqual([
    ['us', 'IKE_SA_INIT request 0', 'SA KE No N(NATD_S_IP)'],
    ['peer', 'IKE_SA_INIT response 0', 'SA KE No', 'selected proposal: IKE:AES_GCM_16_128'],
    ['us', 'IKE_AUTH request 1', 'IDi AUTH'],
    ['peer', 'IKE_AUTH response 1', 'N(AUTH_FAILED)', 'received AUTHENTICATION_FAILED notify error'],
  ]);
});

it('a peer that wants another group, or a cookie first, is part of it', () => {
  for (const wish of ['INVAL_KE', 'COOKIE']) {
    const told = shown(init, `ENC parsed IKE_SA_INIT response 0 [ N(${wish}) ]`, init);
    expect(told.map(([, , payloads]) => payloads)).toEqual([
      ...['SA KE No N(NATD_S_IP)', `N(${wish})`, 'SA KE No N(NATD_S_IP)'],
    ]);
  }
});

it('what renews SAs, or asks whether the peer is alive, is none of it; a refusal is', () => {
  const told = shown(
    ...['ENC parsed ID_PROT request 0 [ SA V V ]', 'ENC generating ID_PROT response 0 [ SA V ]'],
    ...['ENC parsed ID_PROT request 0 [ KE No ]', 'ENC generating INFORMATIONAL_V1 request 7 [ HASH N(DPD) ]'],
    ...['ENC parsed INFORMATIONAL_V1 request 8 [ HASH N(INVAL_ID) ]', 'ENC generating INFORMATIONAL request 3 [ ]'],
    'ENC generating CREATE_CHILD_SA request 4 [ SA No TSi TSr ]',
  );
  expect(told.map(([, name]) => name)).toEqual([
    ...['ID_PROT request 0', 'ID_PROT response 0', 'ID_PROT request 0', 'INFORMATIONAL_V1 request 8'],
  ]);
  expect(shown('ENC generating CREATE_CHILD_SA request 4 [ SA No TSi TSr ]')).toEqual([]);
});

it('what is said of a renewal is said of no message of the negotiation', () => {
  const told = shown(
    ...[init, 'ENC parsed IKE_SA_INIT response 0 [ SA KE No ]', 'ENC parsed IKE_AUTH response 1 [ IDr AUTH ]'],
    ...['IKE IKE_SA established', 'ENC parsed CREATE_CHILD_SA response 4 [ N(NO_PROP) ]'],
    'IKE received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built',
  );
  expect(told.at(-1)).toEqual(['peer', 'IKE_AUTH response 1', 'IDr AUTH', 'IKE_SA established']);
});
