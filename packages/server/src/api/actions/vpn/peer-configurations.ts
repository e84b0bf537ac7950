import type { peerConfigurationActions } from '@landbridge/catalogue/vpn/peer-configurations';
import { configurationText } from '@landbridge/peer-config/configuration-text';
import type { Dialect } from '@landbridge/peer-config/dialect';
import { dialectOf, dialects } from '@landbridge/peer-config/dialects';
import { peerConfiguration } from '@landbridge/peer-config/peer-configuration';
import type { PeerModel } from '@landbridge/peer-config/peer-model';
import { PeerConfigurationRefusal } from '@landbridge/peer-config/refusal';
import { refuse } from '../../../domain/refusal.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';

/** Configurations for the devices at the other end (docs/spec/actions.md sections 1.2 and 1.3). */
export function peerConfigurationHandlers({ peerModels }: Services): Handlers<typeof peerConfigurationActions> {
  return {
    DescribeCustomerGatewayVendors: () =>
      Promise.resolve({
        CustomerGatewayVendorSet: dialects.map(({ platform, softwareVersion, vendorName }) => {
          return { Platform: platform, SoftwareVersion: softwareVersion, VendorName: vendorName };
        }),
      }),
    DownloadCustomerGatewayConfiguration: async (caller, parameters) => {
      const { VpnGatewayId: gatewayId, VpnConnectionId: id, StandbyVpnConnectionId: standbyId } = parameters;
      const dialect = findDialect(parameters.CustomerGatewayVendor);
      const asked = { gatewayId, id, standbyId, interfaceName: parameters.InterfaceName };
      const model = await peerModels.of(caller, asked);
      return { CustomerGatewayConfiguration: configurationText(dialect, written(dialect, model, id)) };
    },
  };
}

interface WireVendor {
  readonly Platform: string;
  readonly SoftwareVersion: string;
  readonly VendorName: string;
}

function findDialect({
  Platform: platform,
  SoftwareVersion: softwareVersion,
  VendorName: vendorName,
}: WireVendor): Dialect {
  const vendor = `${vendorName}/${platform}/${softwareVersion}`;
  return dialectOf({ vendorName, platform, softwareVersion }) ?? refuse('peer-vendor-unknown', { vendor });
}

function written(dialect: Dialect, model: PeerModel, id: string) {
  try {
    return peerConfiguration(dialect, model);
  } catch (error) {
    if (!(error instanceof PeerConfigurationRefusal)) throw error;
    const { platform, field, value, message } = error;
    const reason = { en: message, zh: '该平台不支持此项配置' };
    return refuse('peer-configuration-impossible', { id, platform, field, value: value ?? '', reason });
  }
}
