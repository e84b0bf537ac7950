import type { RequestOf, ResponseOf } from '@landbridge/catalogue/action-definition';
import { allActions, type ActionName, type Actions } from '@landbridge/catalogue/services';
import type { ServiceName } from '@landbridge/catalogue/service-versions';
import { callAction, type ApiEndpoint, type JsonObject } from './api-client.ts';

/** What an Action takes, as the catalogue says. */
export type ActionRequest<Name extends ActionName> = RequestOf<Actions[Name]>;
/** What it answers, and the id by which the service knows the call. */
export type ActionReply<Name extends ActionName> = ResponseOf<Actions[Name]> & { readonly RequestId: string };

const services = new Map<string, ServiceName>(allActions.map(({ name, service }) => [name, service]));

/** The service that has the Action; throws where none has. */
export function serviceOf(action: string): ServiceName {
  const service = services.get(action);
  if (service === undefined) throw new Error(`${action} is no Action`);
  return service;
}

/** Calls Actions by name, with the types of the catalogue: `client.call('DescribeVpcs', { Limit: 5 })`. */
export class Client {
  readonly #endpoint: ApiEndpoint;

  constructor(endpoint: ApiEndpoint) {
    this.#endpoint = endpoint;
  }

  /** Throws ApiError for an error that the service answers, and the transport's error when nobody answers. */
  async call<Name extends ActionName>(
    action: Name,
    parameters: ActionRequest<Name>,
    signal?: AbortSignal,
  ): Promise<ActionReply<Name>> {
    const reply = await callAction(this.#endpoint, serviceOf(action), action, parameters as JsonObject, signal);
    return reply as ActionReply<Name>;
  }
}
