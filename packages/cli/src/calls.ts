import type { ActionName } from '@landbridge/catalogue/services';
import { ApiError, callAction, type ApiEndpoint } from '@landbridge/client';
import { Client, serviceOf, type ActionReply, type ActionRequest } from '@landbridge/client/client';
import { setTimeout as delay } from 'node:timers/promises';
import type { Call } from './list-all.ts';

const mostTries = 12;
const usualPauseMs = 250;

/** Calls of an endpoint. What is refused because of too many calls is tried again. */
export function callsOf(endpoint: ApiEndpoint): Call {
  return (action, parameters = {}) => untilTaken(() => callAction(endpoint, serviceOf(action), action, parameters));
}

/** The same with the types of the catalogue. */
export class PatientClient extends Client {
  override call<Name extends ActionName>(
    action: Name,
    parameters: ActionRequest<Name>,
    signal?: AbortSignal,
  ): Promise<ActionReply<Name>> {
    return untilTaken(() => super.call(action, parameters, signal));
  }
}

/** Tries again what is refused because of too many calls, later each time, and gives up in the end. */
export async function untilTaken<T>(attempt: () => Promise<T>, pauseMs = usualPauseMs): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTooFast(error) || tries >= mostTries) throw error;
      await delay(pauseMs * tries);
    }
  }
}

function isTooFast(error: unknown): boolean {
  return error instanceof ApiError && error.code.startsWith('RequestLimitExceeded');
}
