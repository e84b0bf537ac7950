import { Compile, type Validator } from 'typebox/compile';
import type { ActionDefinition } from './action-definition.ts';
import { errorRegistry, type ErrorReason } from './errors/error-registry.ts';
import { everyActionErrors } from './errors/every-action-errors.ts';
import { closed } from './schema/closed.ts';
import type { ServiceName } from './service-versions.ts';
import { allActions } from './services.ts';

/** For tests of every package: does the service answer what the catalogue says? */

const definitions = new Map(allActions.map(({ service, name, definition }) => [`${service} ${name}`, definition]));
const validators = new Map<ActionDefinition, Validator>();

interface WireError {
  readonly Code: string;
  readonly Message: string;
}

/**
 * What is wrong with the content of `Response`, for people; undefined for nothing, and for Actions that nobody defined.
 * @param reason of the error that was answered, where that is known; else its message tells.
 */
export function problemOfReply(
  service: ServiceName,
  action: string,
  response: Readonly<Record<string, unknown>>,
  reason?: ErrorReason,
): string | undefined {
  const definition = definitions.get(`${service} ${action}`);
  if (definition === undefined) return undefined;
  const { RequestId: requestId, Error: error, ...content } = response;
  if (typeof requestId !== 'string') return `${action}: no RequestId`;
  if (error !== undefined) {
    const listed = [...definition.errors, ...everyActionErrors];
    return problemOfError(action, listed, error as WireError, reason);
  }
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

function problemOfError(action: string, listed: readonly ErrorReason[], error: WireError, reason?: ErrorReason) {
  const { Code: code, Message: message } = error;
  if (reason !== undefined && !listed.includes(reason))
    return `${action} refuses for ${reason}, which the catalogue does not list`;
  const possible = reason === undefined ? listed : [reason];
  if (possible.some((one) => isErrorOf(one, error))) return undefined;
  return `${action} answers ${code} with "${message}", which is no error that the catalogue lists`;
}

function isErrorOf(reason: ErrorReason, { Code: code, Message: message }: WireError): boolean {
  const { code: own, en, zh } = errorRegistry[reason];
  return code === own && [en, zh].some((template) => patternOf(template).test(message));
}

/** Anything may stand where a message names something. */
function patternOf(template: string): RegExp {
  const fixed = template.split(/\{\w+\}/).map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${fixed.join('[^]*')}$`);
}
