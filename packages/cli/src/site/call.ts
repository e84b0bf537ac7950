import { ApiError, callAction, type ApiEndpoint } from '@landbridge/client';
import type { Call } from '../list-all.ts';
import { serviceOf } from '@landbridge/client/client';

const mostTries = 12;
const pauseMs = 250;

/** Calls of an endpoint. What is refused because of too many calls is tried again, later each time. */
export function callsOf(endpoint: ApiEndpoint): Call {
  return async (action, parameters = {}) => {
    const service = serviceOf(action);
    for (let tries = 1; ; tries++) {
      try {
        return await callAction(endpoint, service, action, parameters);
      } catch (error) {
        if (!isTooFast(error) || tries >= mostTries) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs * tries));
      }
    }
  };
}

function isTooFast(error: unknown): boolean {
  return error instanceof ApiError && error.code.startsWith('RequestLimitExceeded');
}
