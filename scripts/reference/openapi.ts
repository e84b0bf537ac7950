import type { ActionDefinition } from '@landbridge/catalogue/action-definition';
import { errorRegistry } from '@landbridge/catalogue/errors/error-registry';
import { everyActionErrors } from '@landbridge/catalogue/errors/every-action-errors';
import { allActions, type CataloguedAction } from '@landbridge/catalogue/services';
import { serviceVersions } from '@landbridge/catalogue/service-versions';
import { programVersion } from '@landbridge/server/program-version';

/** All Actions as OpenAPI 3.1. A path is only a name here: the headers tell the Action, and every path leads to all of them. */
export function openApi(): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: { title: 'Landbridge', version: programVersion, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: 'http://127.0.0.1:9700' }],
    security: [{ tc3: [] }],
    paths: Object.fromEntries(
      allActions.map((action) => [`/${action.service}/${action.name}`, { post: operation(action) }]),
    ),
    components: {
      securitySchemes: {
        tc3: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'TC3-HMAC-SHA256 with an access key, as the SDKs of the vendor sign.',
        },
      },
    },
  };
}

function operation({ service, area, name, definition }: CataloguedAction): object {
  const { summary, request, response } = definition;
  return {
    operationId: name,
    tags: [area],
    summary: summary.en,
    description: summary.zh,
    parameters: [header('X-TC-Action', name), header('X-TC-Version', serviceVersions[service]), timestamp],
    requestBody: { required: true, content: { 'application/json': { schema: plain(request) } } },
    responses: {
      '200': {
        description: 'The answer, or an error.',
        content: { 'application/json': { schema: envelope(definition, response) } },
      },
    },
  };
}

function header(name: string, value: string): object {
  return { name, in: 'header', required: true, schema: { const: value } };
}

const timestamp = { name: 'X-TC-Timestamp', in: 'header', required: true, schema: { type: 'integer' } };

function envelope({ errors }: ActionDefinition, response: object): object {
  const codes = [...new Set([...errors, ...everyActionErrors].map((reason) => errorRegistry[reason].code))].sort();
  const requestId = { RequestId: { type: 'string', format: 'uuid' } };
  const { properties = {}, required = [] } = plain(response) as {
    readonly properties?: object;
    readonly required?: readonly string[];
  };
  const answer = { type: 'object', properties: { ...properties, ...requestId }, required: [...required, 'RequestId'] };
  const error = {
    type: 'object',
    properties: {
      Error: {
        type: 'object',
        properties: { Code: { enum: codes }, Message: { type: 'string' } },
        required: ['Code', 'Message'],
      },
      ...requestId,
    },
    required: ['Error', 'RequestId'],
  };
  return { type: 'object', properties: { Response: { anyOf: [answer, error] } }, required: ['Response'] };
}

/** Keywords that JSON Schema does not have (catalogue/schema/request-schemas.ts). */
const ownKeywords = new Set(['lenient', 'maxBytes', 'means', 'keepEmpty', 'notOffered', 'oneLine', 'secret']);

function plain(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (ownKeywords.has(key) ? undefined : value)));
}
