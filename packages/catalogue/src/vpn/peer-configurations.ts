import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, maybe, object, text } from '../schema/request-schemas.ts';
import { anyOf } from '../schema/response-schemas.ts';

/** Configurations for the devices at the other end (docs/spec/actions.md sections 1.2 and 1.3). */

/** As the vendor's examples: `cisco`, `ios`, `V15.4`. */
const vendor = (name: () => ReturnType<typeof text>) => ({
  Platform: about(name(), 'The system of the device, such as `ios`.'),
  SoftwareVersion: about(name(), 'The oldest version that knows all that is written, such as `V15.4`.'),
  VendorName: about(name(), 'Who makes it, such as `cisco`.'),
});

const interfaceName = () =>
  Type.Unsafe<string>({
    type: 'string',
    pattern: '^[A-Za-z][A-Za-z0-9/.:_-]{0,47}$',
    means: {
      en: 'a letter, then letters, digits and / . : _ - are expected, at most 48',
      zh: '应以字母开头，由字母、数字和 / . : _ - 组成，最多 48 个字符',
    },
    description: 'The interface of the device that faces the Internet, such as `GigabitEthernet0/0`.',
  });

export const peerConfigurationActions = {
  DescribeCustomerGatewayVendors: reads({
    summary: {
      en: 'Lists the kinds of devices that a configuration can be had for.',
      zh: '查询可下载配置的对端设备类型。',
    },
    request: object({}),
    response: object({ CustomerGatewayVendorSet: anyOf(object(vendor(() => Type.String()))) }),
  }),
  DownloadCustomerGatewayConfiguration: reads({
    summary: {
      en: 'Writes the configuration of the device at the other end of a tunnel, its pre-shared key included.',
      zh: '生成通道对端设备的配置，其中包含预共享密钥。',
    },
    request: object({
      VpnGatewayId: idOf('vpngw'),
      VpnConnectionId: idOf('vpnx'),
      CustomerGatewayVendor: about(
        object(vendor(() => text({ minLength: 1, maxLength: 60 }))),
        'One of those that DescribeCustomerGatewayVendors lists.',
      ),
      InterfaceName: interfaceName(),
      StandbyVpnConnectionId: maybe(
        about(idOf('vpnx'), 'A second tunnel of the same device, by another gateway, for while the first one is down.'),
      ),
    }),
    response: object({
      CustomerGatewayConfiguration: about(
        Type.String(),
        'The files of the device one after the other, and what to know.',
      ),
    }),
    errors: [
      'not-found',
      'no-uplink',
      'peer-vendor-unknown',
      'peer-configuration-impossible',
      'peer-pair-of-two-devices',
      'peer-pair-of-one-gateway',
    ],
  }),
};
