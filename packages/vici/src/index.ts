/**
 * Client for strongSwan's IKE daemon over its vici socket, in three layers: a pure codec (message, packet), a
 * connection that runs one command at a time and receives events, and typed commands (connectCharon), which are what users
 * get. Knows nothing of
 * Landbridge. Protocol: strongSwan src/libcharon/plugins/vici/README.md; checked against strongSwan 5.9.8.
 */
export {
  ViciBusyError,
  ViciClosedError,
  ViciCommandError,
  ViciDecodeError,
  ViciEncodeError,
  ViciError,
  ViciOverflowError,
  ViciProtocolError,
  ViciUnknownCommandError,
  ViciUnknownEventError,
} from './errors.ts';
export { encodeMessage, viciMessage } from './message.ts';
export type { CallOptions, Unsubscribe, ViciLimits } from './connection.ts';
export type { ChildConfig, IkeConnection, IkeIdentity, StartAction, UniquePolicy } from './ike-connection.ts';
export type { ChildSa, ChildSaState, IkeSa, IkeSaState, InstalledChildSa } from './ike-sa.ts';
export type { AuthenticationRound, LoadedChild, LoadedConnection } from './loaded-connection.ts';
export type { CharonEvent, CharonEventKind, CharonEventOf } from './charon-event.ts';
export { connectCharon } from './charon.ts';
export type {
  Charon,
  CharonEvents,
  CharonStats,
  CharonVersion,
  InitiateRequest,
  SaSelector,
  SharedKey,
  TerminateRequest,
} from './charon.ts';
