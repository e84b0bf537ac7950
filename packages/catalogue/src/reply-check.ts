import { Compile, type Validator } from 'typebox/compile';
import type { ActionDefinition } from './action-definition.ts';
import { errorRegistry } from './errors/error-registry.ts';
import { everyActionErrors } from './errors/every-action-errors.ts';
import { closed } from './schema/closed.ts';
import type { ServiceName } from './service-versions.ts';
import { allActions } from './services.ts';

/** For tests of every package: does the service answer what the catalogue says? */

const definitions = new Map(allActions.map(({ service, name, definition }) => [`${service} ${name}`, definition]));
const validators = new Map<ActionDefinition, Validator>();

/** What is wrong with the content of `Response`, for people; undefined for nothing, and for Actions that nobody defined. */
export function problemOfReply(
  service: ServiceName,
  action: string,
  response: Readonly<Record<string, unknown>>,
): string | undefined {
  const definition = definitions.get(`${service} ${action}`);
  if (definition === undefined) return undefined;
  const { RequestId: requestId, Error: error, ...content } = response;
  if (typeof requestId !== 'string') return `${action}: no RequestId`;
  if (error !== undefined) return problemOfError(action, definition, error as { readonly Code: string });
  const validator = validatorOf(definition);
  if (validator.Check(content)) return undefined;
  const problems = validator.Errors(content).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
  return `${action} does not answer what the catalogue says: ${problems.join('; ')}`;
}

function validatorOf(definition: ActionDefinition): Validator {
  const known = validators.get(definition);
  if (known !== undefined) return known;
  const validator = Compile(closed(definition.response));
  validators.set(definition, validator);
  return validator;
}

function problemOfError(action: string, { errors }: ActionDefinition, { Code: code }: { readonly Code: string }) {
  const listed = [...errors, ...everyActionErrors].map((reason) => errorRegistry[reason].code);
  return listed.includes(code) ? undefined : `${action} answers ${code}, which the catalogue does not list`;
}
