import { ApiError } from '@landbridge/client';

/** What went wrong, for people, and what can be done about it where that is known. */
export function explainFailure(error: unknown): string {
  if (error instanceof ApiError) return `${error.code}: ${error.message} (request ${error.requestId})${hintOf(error)}`;
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const said = cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
  const hint = error.message === 'fetch failed' ? transportHint(codeOf(cause)) : undefined;
  return hint === undefined ? said : `${said}\n${hint}`;
}

function hintOf({ code }: ApiError): string {
  switch (code) {
    case 'AuthFailure.InvalidSecretId':
    case 'AuthFailure.SecretIdNotFound':
      return '\nThe service does not know this key: --credentials names the file of another, --data-dir the directory of the service.';
    case 'AuthFailure.SignatureExpire':
      return '\nThe clocks of this host and of the service differ.';
    default:
      return '';
  }
}

const certificateCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function transportHint(code: string): string | undefined {
  if (certificateCodes.has(code)) {
    return 'Nobody that this host trusts has signed the certificate of the service: --ca-file names the authority that has.';
  }
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'EHOSTUNREACH':
      return 'Nobody answers there. Is the service running (landbridge serve), and is --endpoint its address?';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'No address is known for this name: is --endpoint right?';
    case 'CERT_HAS_EXPIRED':
      return 'The certificate of the service has expired: give it a new one.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'The certificate of the service is for another name than --endpoint has.';
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'The service speaks plain HTTP there: --endpoint http://…';
    case 'UND_ERR_SOCKET':
    case 'HPE_INVALID_CONSTANT':
      return 'What answers there does not speak HTTP; with TLS it is --endpoint https://…';
    default:
      return undefined;
  }
}

function codeOf(error: unknown): string {
  const { code, errors } = (error ?? {}) as { readonly code?: unknown; readonly errors?: readonly unknown[] };
  if (typeof code === 'string') return code;
  // A name with several addresses fails once for each.
  return errors === undefined ? '' : codeOf(errors[0]);
}
