import type { ErrorEntry } from './error-entry.ts';

/** Errors of the request itself, found before any use case runs. */
export const protocolErrors = {
  'request-malformed': {
    code: 'InvalidRequest',
    en: 'The request cannot be read: {problem}.',
    zh: '无法解析请求：{problem}。',
  },
  'request-too-large': {
    code: 'RequestSizeLimitExceeded',
    en: 'The request is larger than {limit} bytes.',
    zh: '请求超过了 {limit} 字节的大小限制。',
  },
  'action-unknown': {
    code: 'InvalidAction',
    en: 'The Action `{action}` does not exist in {service} {version}.',
    zh: '{service} {version} 中不存在接口 `{action}`。',
  },
  'action-not-built': {
    code: 'UnsupportedOperation',
    en: 'The Action `{action}` exists in the Tencent Cloud API, but Landbridge does not offer it yet.',
    zh: '接口 `{action}` 存在于腾讯云 API 中，但 Landbridge 暂未提供。',
  },
  'feature-not-built': {
    code: 'UnsupportedOperation',
    en: '`{name}`: {feature} is not offered by Landbridge yet.',
    zh: '`{name}`：Landbridge 暂不支持 {feature}。',
  },
  'version-unknown': {
    code: 'NoSuchVersion',
    en: 'The version `{version}` does not exist. Known are {known}.',
    zh: '版本 `{version}` 不存在，可用版本：{known}。',
  },
  'region-unknown': {
    code: 'UnsupportedRegion',
    en: '`{region}` cannot be the name of a region: 1 to 40 letters, digits and hyphens are allowed.',
    zh: '`{region}` 不是合法的地域名：仅允许 1 到 40 个字母、数字和连字符。',
  },
  'authorization-invalid': {
    code: 'AuthFailure.InvalidAuthorization',
    en: 'The request is not signed, or its Authorization header is invalid: {problem}.',
    zh: '请求未签名，或 Authorization 请求头不合法：{problem}。',
  },
  'secret-id-invalid': {
    code: 'AuthFailure.InvalidSecretId',
    en: 'The SecretId is not an API key of this service.',
    zh: 'SecretId 不是本服务的 API 密钥。',
  },
  'secret-id-unknown': {
    code: 'AuthFailure.SecretIdNotFound',
    en: 'The SecretId does not exist or was deleted.',
    zh: 'SecretId 不存在或已被删除。',
  },
  'signature-wrong': {
    code: 'AuthFailure.SignatureFailure',
    en: 'The provided credentials could not be validated. Please check your signature is correct.',
    zh: '无法验证所提供的凭证，请检查签名是否正确。',
  },
  'signature-expired': {
    code: 'AuthFailure.SignatureExpire',
    en: 'The timestamp of the request differs from the time of the server by more than {seconds} s.',
    zh: '请求时间戳与服务器时间相差超过 {seconds} 秒。',
  },
  'token-invalid': {
    code: 'AuthFailure.TokenFailure',
    en: 'The Token does not belong to this SecretId, has expired, or the key that it was made with is gone.',
    zh: 'Token 与 SecretId 不匹配、已过期，或签发它的密钥已失效。',
  },
  'access-denied': {
    code: 'UnauthorizedOperation',
    en: 'The policy of this key does not allow `{action}` with these resources.',
    zh: '该密钥的策略不允许对这些资源调用 `{action}`。',
  },
  'dry-run': {
    code: 'DryRunOperation',
    en: 'The call would have succeeded, but `DryRun` was set: nothing was changed.',
    zh: '调用本可成功，但设置了 `DryRun`，未做任何更改。',
  },
  'preview-of-unknown': {
    code: 'InvalidParameterValue',
    en: '`Action`: there is no `{action}` of `{service}` that changes something.',
    zh: '`Action`：`{service}` 中没有会产生变更的接口 `{action}`。',
  },
  'key-rate-limited': {
    code: 'RequestLimitExceeded',
    en: 'More than {limit} requests a second with this key, which is its limit. Slow down and try again.',
    zh: '该密钥的请求频率超过了每秒 {limit} 次的上限，请稍后重试。',
  },
  'rate-limited': {
    code: 'RequestLimitExceeded',
    en: 'More than {limit} requests a second to `{action}`. Slow down and try again.',
    zh: '`{action}` 的请求频率超过了每秒 {limit} 次，请稍后重试。',
  },
  'too-many-unproven': {
    code: 'RequestLimitExceeded',
    en: 'Too many requests arrive at once whose signature is not proven yet. Try again.',
    zh: '尚未验证签名的并发请求过多，请稍后重试。',
  },
  'internal-error': {
    code: 'InternalError',
    en: 'The server failed. The log tells why; look for this RequestId.',
    zh: '服务器内部错误，请凭 RequestId 在日志中查找原因。',
  },
  'service-held': {
    code: 'OperationDenied',
    en: 'The service holds everything as it is: its database is lost or not the one its network was made from. `landbridge status` on its host tells more.',
    zh: '服务已冻结所有变更：数据库丢失，或与现有网络不符。请在服务所在主机上运行 `landbridge status` 查看详情。',
  },
  'agent-not-heard': {
    code: 'ResourceUnavailable',
    en: 'The service has just started and has not heard its agent yet, which knows what stands in the network: gateways go on. Try again; `landbridge status` on its host tells more.',
    zh: '服务刚刚启动，尚未连接到负责主机网络的 agent；现有网关不受影响。请稍后重试，或在服务所在主机上运行 `landbridge status` 查看详情。',
  },
  'service-busy': {
    code: 'RequestLimitExceeded',
    en: 'Nothing was changed: too many calls that change something wait already. Try again in a moment.',
    zh: '未做任何更改：等待处理的变更请求过多，请稍后重试。',
  },
  'disk-failure': {
    code: 'OperationDenied',
    en: 'Nothing was changed: the disk of the service is full or fails. Its operator has to look after it; the log tells more, look for this RequestId.',
    zh: '未做任何更改：服务的磁盘已满或发生故障，需由运维人员处理；详情请凭 RequestId 查看日志。',
  },
  'missing-parameter': {
    code: 'MissingParameter',
    en: 'The request is missing a required parameter `{name}`.',
    zh: '请求缺少必选参数 `{name}`。',
  },
  'unknown-parameter': {
    code: 'UnknownParameter',
    en: 'The parameter `{name}` is not recognized.',
    zh: '未知参数 `{name}`。',
  },
  'unknown-parameter-with-guess': {
    code: 'UnknownParameter.WithGuess',
    en: 'The parameter `{name}` is not recognized. Did you mean `{guess}`?',
    zh: '未知参数 `{name}`，是否应为 `{guess}`？',
  },
  'wrong-type': {
    code: 'InvalidParameter',
    en: 'The parameter `{name}` must be of type {expected}.',
    zh: '参数 `{name}` 的类型必须为 {expected}。',
  },
  'invalid-value': {
    code: 'InvalidParameterValue',
    en: 'The value of the parameter `{name}` is not allowed: {rule}.',
    zh: '参数 `{name}` 的取值不合法：{rule}。',
  },
  'malformed-value': {
    code: 'InvalidParameterValue.Malformed',
    en: 'The value of the parameter `{name}` is malformed: {rule}.',
    zh: '参数 `{name}` 的格式不合法：{rule}。',
  },
  'value-out-of-range': {
    code: 'InvalidParameterValue.Range',
    en: 'The value of the parameter `{name}` is out of range: it {rule}.',
    zh: '参数 `{name}` 的取值超出范围：{rule}。',
  },
  'value-too-long': {
    code: 'InvalidParameterValue.TooLong',
    en: 'The value of the parameter `{name}` is longer than {limit}.',
    zh: '参数 `{name}` 的长度超过 {limit}。',
  },
  'value-empty': {
    code: 'InvalidParameterValue.Empty',
    en: 'The parameter `{name}` must not be empty.',
    zh: '参数 `{name}` 不能为空。',
  },
  'too-many-items': {
    code: 'InvalidParameterValue.LimitExceeded',
    en: 'The parameter `{name}` has more than {limit} items.',
    zh: '参数 `{name}` 的元素超过 {limit} 个。',
  },
  'algorithm-unsupported': {
    code: 'InvalidParameterValue',
    en: 'The value `{value}` of the parameter `{name}` is not supported: the IPsec implementation has no {value}.',
    zh: '参数 `{name}` 的取值 `{value}` 不受支持：IPsec 实现不提供 {value}。',
  },
  'parameter-mismatch': {
    code: 'InvalidParameterValue.ParameterMismatch',
    en: 'The value of the parameter `{name}` does not fit: {rule}.',
    zh: '参数 `{name}` 的取值不匹配：{rule}。',
  },
  'community-not-offered': {
    code: 'UnsupportedOperation.CcnNotEnableCommunity',
    en: '`{name}`: CCNs of Landbridge speak no BGP, so routes have no communities.',
    zh: '`{name}`：Landbridge 的云联网不支持 BGP，路由没有团体属性。',
  },
  'parameters-exclude-each-other': {
    code: 'InvalidParameter.Coexist',
    en: 'The parameters `{name}` and `{other}` exclude each other.',
    zh: '参数 `{name}` 与 `{other}` 不能同时使用。',
  },
  'filter-unknown': {
    code: 'InvalidParameter.FilterInvalidKey',
    en: 'The filter `{name}` is not known here. Known are {known}.',
    zh: '过滤条件 `{name}` 不受支持，可用条件：{known}。',
  },
  'filter-not-object': {
    code: 'InvalidParameter.FilterNotDict',
    en: '`{name}` is no filter: an object with `Name` and `Values` is expected.',
    zh: '`{name}` 不是过滤条件：应为包含 `Name` 和 `Values` 的对象。',
  },
  'filter-values-not-list': {
    code: 'InvalidParameter.FilterValuesNotList',
    en: '`{name}` must be a list of texts.',
    zh: '`{name}` 必须是字符串列表。',
  },
  'filter-incomplete': {
    code: 'InvalidParameter.FilterMissParameter',
    en: 'The filter `{name}` also needs the filters {needed}.',
    zh: '过滤条件 `{name}` 还需要 {needed}。',
  },
  'tag-key-duplicate': {
    code: 'InvalidParameterValue.TagDuplicateKey',
    en: 'The tag key `{key}` is given twice.',
    zh: '标签键 `{key}` 重复。',
  },
  'tag-key-invalid': {
    code: 'InvalidParameterValue.TagInvalidKeyLen',
    en: 'A tag key has 1 to {limit} characters.',
    zh: '标签键长度必须为 1 到 {limit} 个字符。',
  },
  'tag-value-invalid': {
    code: 'InvalidParameterValue.TagInvalidVal',
    en: 'The value of the tag `{key}` has more than {limit} characters.',
    zh: '标签 `{key}` 的值超过 {limit} 个字符。',
  },
  'tags-too-many': {
    code: 'LimitExceeded.TagKeyPerResourceExceeded',
    en: 'A resource has at most {limit} tags.',
    zh: '每个资源最多 {limit} 个标签。',
  },
  'tag-key-reserved': {
    code: 'UnsupportedOperation.TagSystemReservedTagKey',
    en: 'The tag key `{key}` begins with `{prefix}`, which is reserved.',
    zh: '标签键 `{key}` 以保留前缀 `{prefix}` 开头。',
  },
  'resource-name-malformed': {
    code: 'InvalidParameterValue.ResourceDescriptionError',
    en: '`{name}`: `{value}` is no name of a resource with tags: qcs::vpc:REGION:uin/ACCOUNT:PREFIX/ID is expected, with a PREFIX of {prefixes}.',
    zh: '`{name}`：`{value}` 不是可绑定标签的资源六段式：应为 qcs::vpc:地域:uin/账号:前缀/ID，前缀为 {prefixes} 之一。',
  },
  'resource-prefix-unknown': {
    code: 'InvalidParameterValue.ResourcePrefixInvalid',
    en: '`ResourcePrefix`: there are no resources `{prefix}` with tags. Known are {prefixes}.',
    zh: '`ResourcePrefix`：没有类型为 `{prefix}` 的可绑定标签的资源，可用类型：{prefixes}。',
  },
  'service-type-unknown': {
    code: 'InvalidParameterValue.ServiceTypeInvalid',
    en: '`ServiceType`: resources with tags are those of `vpc`, not of `{type}`.',
    zh: '`ServiceType`：可绑定标签的资源属于 `vpc`，而非 `{type}`。',
  },
  'resource-tag-key-empty': {
    code: 'InvalidParameterValue.TagKeyEmpty',
    en: 'A tag key must not be empty.',
    zh: '标签键不能为空。',
  },
  'resource-tag-key-too-long': {
    code: 'InvalidParameterValue.TagKeyLengthExceeded',
    en: 'The tag key `{key}` has more than {limit} characters.',
    zh: '标签键 `{key}` 超过 {limit} 个字符。',
  },
  'resource-tag-value-too-long': {
    code: 'InvalidParameterValue.TagValueLengthExceeded',
    en: 'The value of the tag `{key}` has more than {limit} characters.',
    zh: '标签 `{key}` 的值超过 {limit} 个字符。',
  },
  'resource-tag-key-reserved': {
    code: 'InvalidParameter.ReservedTagKey',
    en: 'The tag key `{key}` begins with `{prefix}`, which is reserved.',
    zh: '标签键 `{key}` 以保留前缀 `{prefix}` 开头。',
  },
  'resource-tag-both-ways': {
    code: 'InvalidParameterValue.DeleteTagsParamError',
    en: 'The tag key `{key}` stands in `ReplaceTags` and in `DeleteTags`.',
    zh: '标签键 `{key}` 同时出现在 `ReplaceTags` 与 `DeleteTags` 中。',
  },
  'resource-tag-given-twice': {
    code: 'InvalidParameter.Tag',
    en: 'The tag key `{key}` is given twice.',
    zh: '标签键 `{key}` 重复。',
  },
  'pagination-token-malformed': {
    code: 'InvalidParameterValue',
    en: '`PaginationToken` is none that this service gave.',
    zh: '`PaginationToken` 不是本服务返回的值。',
  },
  'gateway-needs-vpc': {
    code: 'UnsupportedOperation.VpnGwVpcIdMustHave',
    en: 'A gateway of type {type} needs a `VpcId`.',
    zh: '类型为 {type} 的网关必须指定 `VpcId`。',
  },
  'gateway-takes-no-vpc': {
    code: 'UnsupportedOperation.VpnGwVpcIdNotHave',
    en: 'A gateway of type {type} takes no `VpcId`; send an empty string.',
    zh: '类型为 {type} 的网关不能指定 `VpcId`，请传空字符串。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
